"""The web request that accepts a check-in: the real application, a real database file, real HTTP."""
