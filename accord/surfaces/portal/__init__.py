"""The client's side: check-in, their own page, repair."""
