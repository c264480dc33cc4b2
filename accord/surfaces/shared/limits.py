"""How often one network address may do what anybody may do. Kept in memory for an hour, as a keyed hash."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

AN_HOUR = 60 * 60


def within(request: HttpRequest, what: str, most: int) -> bool:
    """Counts this time in. Many people can share an address, so the limits are wide; they stop machines."""
    address = request.META.get("REMOTE_ADDR", "")
    key = f"limit.{what}.{salted_hmac('accord.limits', address).hexdigest()}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines
        return True
