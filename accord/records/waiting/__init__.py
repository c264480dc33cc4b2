"""A practice's queue: who waits and since when, what was offered to whom, and how it passed on. No answer, no note."""
