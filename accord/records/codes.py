"""Random public codes: what stands in a URL never counts anything."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no letter that reads like another


def new_code() -> str:
    """Twelve characters, about 58 bits: not to be guessed, still to be read out on the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))
