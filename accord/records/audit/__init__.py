"""Who did and who saw what. Append-only."""
