"""People who sign in, their single-purpose links, their consents, the notices sent to them."""
