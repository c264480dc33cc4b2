"""A wait, as the person who waits sees it: where they stand, and what is kept for them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.records.matching.enlisting import join_from
from accord.records.matching.models import Search
from accord.records.waiting.models import PlaceOffer, Wait
from accord.records.waiting.queries import open_offer, own_waits, told
from accord.surfaces.shared import clock, searches
from accord.surfaces.shared.digits import dated
from accord.surfaces.shared.requests import AnyRequest, PersonRequest
from accord.surfaces.shared.wait_words import before_words, lately_words


def put_on_list(request: AnyRequest, search: Search) -> Wait | None:
    """What was asked for, as soon as it is sure whose address it is."""
    sign_in = settings.PUBLIC_URL + reverse("sign_in")
    return join_from(search, by=searches.person_of(request), at=request.now, sign_in=sign_in)


def waits_at_home(request: PersonRequest) -> dict[str, Any]:
    """A card for a place that is kept, a row for a wait."""
    waits = list(own_waits(request.user))
    offers = [one for one in map(open_offer, waits) if one is not None and one.reply_by > request.now]
    cards = [
        {
            "url": reverse("portal:wait"),
            "text": _("A place is kept for you. You can answer until %(by)s.")
            % {"by": clock.told(one.reply_by, request.user)},
            "button": _("Look at it"),
        }
        for one in offers
    ]
    return {"place_cards": cards, "wait_rows": [one.practice.name for one in waits]}


def where(wait: Wait, request: PersonRequest) -> list[str]:
    """Only what is so, and no promise."""
    stands = told(wait, at=request.now)
    return [
        _("You asked on %(day)s.") % {"day": dated(clock.on_the_wall(stands.since, request.user), "j F Y")},
        before_words(stands.before),
        lately_words(stands.placed_lately),
        _("People who need it most come first, so this can change. Nobody can say when it is your turn."),
    ]


def kept(offer: PlaceOffer, request: PersonRequest) -> dict[str, Any]:
    user = offer.profile.post.user
    return {
        "code": offer.code,
        "name": user.name,
        "first_name": user.first_name,
        "profile": offer.profile.code if offer.profile.published_at else "",
        "by": clock.told(offer.reply_by, request.user),
    }
