"""Ours and what a user would pick instead, side by side: `make bench`. Start reading in `__main__.py`."""
