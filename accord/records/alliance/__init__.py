"""Stored estimates of goals, tasks and bond. They can be rebuilt from the check-ins at any time."""
