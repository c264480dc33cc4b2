"""The goals and tasks that a pair agrees on: in their own words, every version kept, agreed by both or not at all."""
