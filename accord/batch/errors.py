"""What can go wrong between a table and its estimates.

BatchError
├── BadTable     the table cannot be analysed as it stands; carries every complaint
├── BadRequest   what was asked for contradicts itself or names something unknown
└── CannotWrite  the results could not be put where they were wanted
"""

from accord.batch.quality import Complaint


class BatchError(Exception):
    """Root of this layer's errors."""


class BadTable(BatchError):
    """The table has errors. Nothing was written; `complaints` names them all, notes included."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        self.complaints = complaints
        errors = sum(complaint.number for complaint in complaints if complaint.level == "error")
        super().__init__(f"{errors} thing{'s' if errors != 1 else ''} to mend in the table")


class BadRequest(BatchError):
    """What was asked for cannot be done with any table."""


class CannotWrite(BatchError):
    """The results could not be put where they were wanted."""
