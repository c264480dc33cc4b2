"""The board of a pair: one page for both people, under an address of each. What is shown and done is the same."""
