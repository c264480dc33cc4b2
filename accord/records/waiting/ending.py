"""A wait is over. What the list held about the person goes with it."""

from datetime import datetime

from accord.records.waiting.asks import only_languages
from accord.records.waiting.models import PlaceOffer, Touch, Wait


def hold_wait(wait: Wait) -> Wait | None:
    """The row until the end of the transaction, while they wait: nobody offers a place to who is leaving."""
    return Wait.objects.select_for_update().filter(pk=wait.pk, ended_at=None).first()


def has_offer(wait: Wait) -> bool:
    return PlaceOffer.objects.filter(wait=wait, state=PlaceOffer.State.OPEN).exists()


def end_wait(wait: Wait, how: str, *, at: datetime) -> bool:
    """Once; False: it was over before. The languages stay, for the counts that show whether the list is fair."""
    kept = Wait._meta.get_field("wishes").sealed_for(wait, only_languages(wait.wishes))
    fields = {"ended_at": at, "ended": how, "wishes": kept, "reach": None, "name": None}
    if not Wait.objects.filter(pk=wait.pk, ended_at=None).update(**fields):
        return False
    Touch.objects.filter(wait=wait.pk).update(words=None)
    return True
