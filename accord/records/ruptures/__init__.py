"""Flags and rupture episodes: noticed, looked at, talked about, agreed, closed by the client."""
