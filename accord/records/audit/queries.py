"""Reads of the audit."""

from django.db.models import QuerySet

from accord.records.audit.models import Entry


def last_done_by_accord() -> Entry | None:
    """The newest thing that no person did: whether the background work lives."""
    return Entry.objects.filter(actor=None).order_by("-pk").first()


def who_looked(pair_code: str) -> QuerySet[Entry]:
    """Looks and refused tries at one pair's records, newest first; a client may see this about themselves."""
    kinds = [Entry.Kind.READ, Entry.Kind.DENIED]
    return Entry.objects.select_related("actor").filter(pair=pair_code, kind__in=kinds).order_by("-at", "-pk")
