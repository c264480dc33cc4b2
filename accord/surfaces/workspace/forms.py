"""What a therapist fills in. Shape only; what is allowed is decided by the actions."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.records.desk.models import Preference
from accord.records.ruptures.actions import LONGEST_WORDS
from accord.science.instruments import BY_ID, SKIPPED, Item
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.items import worded

INSTRUMENT = BY_ID["checkin-therapist@1"]
OWN = ("bond", "goal", "task")
GUESSES = ("predicted-bond", "predicted-goal", "predicted-task")


def _codes(item: Item) -> list[tuple[str, str]]:
    if item.choices:
        return [(choice.code, choice.text) for choice in item.choices]
    return [(str(number), numeral(number)) for number in range(11)]


class Segments(forms.ChoiceField):
    """One item as a row of radio buttons; `ends` are the words at 0 and at 10."""

    def __init__(self, item: Item) -> None:
        item = worded(item)
        super().__init__(choices=_codes(item), required=False, label=item.question)
        self.ends = (item.low_word, item.high_word) if item.low_word else ()


class RatingForm(forms.Form):
    """The therapist's own three, their guess at the client's three, and tension. Anything may be left out."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in INSTRUMENT.items:
            self.fields[item.name] = Segments(item)
        if not self.is_bound:
            self.initial["key"] = uuid.uuid4().hex

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(item.name) for item in INSTRUMENT.items):
            raise forms.ValidationError(_("Choose at least one answer, or skip this rating."))
        return given

    @property
    def answers(self) -> dict[str, int | str]:
        """As the instrument wants them: what was left out is stored as skipped, never as a number."""
        found: dict[str, int | str] = {}
        for item in INSTRUMENT.items:
            value = self.cleaned_data.get(item.name) or SKIPPED
            found[item.name] = int(value) if value.isdecimal() and len(value) < 5 else value
        return found

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in OWN]

    @property
    def guesses(self) -> list[forms.BoundField]:
        return [self[name] for name in GUESSES]


class MoveForm(forms.Form):
    """One step of an episode, with words where there are any."""

    state = forms.CharField(max_length=16)
    words = forms.CharField(max_length=LONGEST_WORDS, required=False)


class OpeningForm(forms.Form):
    """A therapist's own version of an opening; empty brings ours back."""

    words = forms.CharField(max_length=LONGEST_WORDS, required=False)


class MuteForm(forms.Form):
    """One kind of note, or one pillar."""

    kind = forms.CharField(max_length=12, required=False)
    pillar = forms.CharField(max_length=8, required=False)


class DiscussedForm(forms.Form):
    """Which note, and after which session it was discussed."""

    kind = forms.CharField(max_length=12)
    after_session = forms.IntegerField(min_value=1, max_value=30_000)


class ReflectionForm(forms.Form):
    """`session` is its number, 0 for the pair; `version` is the one that the text began from."""

    session = forms.IntegerField(min_value=0, max_value=30_000)
    version = forms.IntegerField(min_value=0)
    words = forms.CharField(required=False, strip=False)


class ArrangeForm(forms.Form):
    """How the desk tells, looks and listens."""

    notices = forms.ChoiceField(choices=Preference.Notices)
    density = forms.ChoiceField(choices=Preference.Density)
    single_keys = forms.BooleanField(required=False)
