"""Cells that a spreadsheet shows as text and never runs as a formula."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(cell: str | int | None) -> str | int:
    """Numbers stay numbers; a text that a spreadsheet might calculate gets a leading apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(RISKY):
        return f"'{cell}"
    return cell
