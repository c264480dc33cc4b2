"""Signing in and out: clients by a link sent to their address, staff by a passkey or by password and one-time code."""
