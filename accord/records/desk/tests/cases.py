"""Completed cases for tests: pairs that ended, a goal rated twice, and what the client had come with."""

import json
from datetime import datetime, timedelta

from accord.records.accounts.models import User
from accord.records.agreements.models import Item, Rating
from accord.records.matching.models import Enquiry
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post


def completed(post: Post, client: User, *, at: datetime, values=(2, 6), need="anxiety") -> CarePair:
    """One more case of a therapist, ended a month before `at`; `need` "": not known."""
    began, ended = at - timedelta(days=200), at - timedelta(days=30)
    pair = CarePair.objects.create(
        practice=post.practice, client=client, therapist=post, started_on=began.date(), ended_on=ended.date()
    )
    goal = Item.objects.create(practice=post.practice, pair=pair, kind=Item.Kind.GOAL, added_at=began)
    for place, value in enumerate(values):
        when = began + timedelta(days=10 * place)
        Rating.objects.create(practice=post.practice, item=goal, what="progress", value=value, by=client, at=when)
    if need:
        Enquiry.objects.create(
            practice=post.practice,
            to=post,
            pair=pair,
            state=Enquiry.State.STARTED,
            answers=json.dumps({"needs": {"picks": [need], "strength": ""}}),
            sent_at=began,
            reply_by=began,
            over_at=began,
        )
    return pair
