"""Which of a client's pairs a page is about: most people have one, some have two, and those that ended stay theirs."""

from typing import Any

from django.urls import reverse

from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, as_client, pairs_of_client
from accord.surfaces.shared.requests import PersonRequest

CHOSEN = "with"  # in the address of one's own page, and in the session from then on


def turned_to(request: PersonRequest) -> CarePair | None:
    """The pair that this person chose on their own page; else the newest that goes on, else the newest."""
    pairs = list(pairs_of_client(request.user))
    return _chosen(request, pairs)


def going_on(request: PersonRequest) -> Seen | None:
    """The same among the pairs that go on; none where there is none."""
    pair = _chosen(request, [one for one in pairs_of_client(request.user) if one.ended_on is None])
    return as_client(request.user, pair.code, at=request.now) if pair is not None else None


def choose(request: PersonRequest) -> None:
    """What the address says is kept for the pages that follow, while somebody is signed in."""
    code = request.GET.get(CHOSEN, "")
    if code and pairs_of_client(request.user).filter(code=code).exists():
        request.session[CHOSEN] = code


def others(request: PersonRequest, pair: CarePair) -> list[dict[str, Any]]:
    """The other pairs of this person, and where to read on."""
    return [
        {
            "name": one.therapist.user.name,
            "until": one.ended_on,
            "url": f"{reverse('portal:home')}?{CHOSEN}={one.code}",
        }
        for one in pairs_of_client(request.user)
        if one.pk != pair.pk
    ]


def _chosen(request: PersonRequest, pairs: list[CarePair]) -> CarePair | None:
    code = request.session.get(CHOSEN, "")
    return next((one for one in pairs if one.code == code), pairs[0] if pairs else None)
