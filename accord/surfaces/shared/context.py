"""What every page may say about who is looking."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def standing(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "roles": getattr(request, "roles", frozenset()),
        "now": getattr(request, "now", None),
    }
