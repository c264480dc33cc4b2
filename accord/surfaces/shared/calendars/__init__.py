"""Calendars out and in: what a calendar program is given, and what is taken from a file of one."""
