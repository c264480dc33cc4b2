"""Sealing and opening one text. The keys live in files outside the database (settings.SEALING_KEYS)."""

import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from accord.records.errors import RecordsError

NONCE = 12  # bytes, as GCM wants it


class SealBroken(RecordsError):
    """The text was moved to another row or altered, or the key is not the one it was sealed with."""


class UnknownKey(RecordsError):
    """No key file for this key version."""


class Seal(NamedTuple):
    """Where a text belongs. A sealed text opens in its own place only."""

    tenant: str
    table: str
    row: str
    column: str

    def bound_to(self, version: int) -> bytes:
        return "\x1f".join((*self, str(version))).encode()


def _key(version: int) -> AESGCM:
    try:
        return AESGCM(settings.SEALING_KEYS[version])
    except KeyError:
        raise UnknownKey(f"There is no key version {version}; put text-{version}.key back.") from None


def seal(text: str, place: Seal) -> bytes:
    """Key version (2 bytes), nonce (12 bytes), ciphertext and tag. The newest key seals."""
    version = max(settings.SEALING_KEYS)
    nonce = os.urandom(NONCE)
    sealed = _key(version).encrypt(nonce, text.encode(), place.bound_to(version))
    return version.to_bytes(2, "big") + nonce + sealed


def open_sealed(sealed: bytes, place: Seal) -> str:
    """The text, or an error: never ciphertext, never an empty string in its stead."""
    version = int.from_bytes(sealed[:2], "big")
    nonce, body = sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
    try:
        return _key(version).decrypt(nonce, body, place.bound_to(version)).decode()
    except (InvalidTag, ValueError):  # ValueError: so little is left that it cannot be a sealed text
        raise SealBroken(f"The text in {place.table}.{place.column} does not open in its place.") from None
