"""Accord: software for the therapeutic alliance. ARCHITECTURE.md draws the house."""

__version__ = "0.1.0"
