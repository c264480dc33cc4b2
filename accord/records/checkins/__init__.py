"""Asked, answered, scored; each side blind until both are in."""
