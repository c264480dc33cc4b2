"""Free text at rest: AES-256-GCM per field, bound to tenant, table, row, column and key version."""

from accord.records.sealing.fields import SealedTextField
from accord.records.sealing.vault import Seal, SealBroken, UnknownKey, open_sealed, seal

__all__ = ["Seal", "SealBroken", "SealedTextField", "UnknownKey", "open_sealed", "seal"]
