"""Practices, their staff and the roles that staff hold."""
