"""What happened, and who did it: tables, actions that write, queries that decide who may read."""
