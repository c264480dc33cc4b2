"""What a therapist fills in to book and to move. Shape only; what is allowed is decided by the actions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accord.records.pairs.models import CarePair
from accord.records.sessions.actions import MOST_AT_ONCE, Terms
from accord.records.sessions.models import TherapySession

Place = TherapySession.Place
PLACES = [(Place.IN_PERSON, _("In person")), (Place.VIDEO, _("Video")), (Place.PHONE, _("Phone"))]
RHYTHMS = [("1", _("every week")), ("2", _("every two weeks"))]


def _input(kind: str, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "class": "input", **attrs}


class TimeForm(forms.Form):
    """When, how long, where."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=_input("date"), format="%Y-%m-%d"))
    clock = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs=_input("time"), format="%H:%M"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=5, max_value=480, initial=50, widget=forms.NumberInput(attrs=_input("number"))
    )
    place = forms.ChoiceField(
        label=_("Where"), choices=PLACES, initial=Place.IN_PERSON, widget=forms.Select(attrs={"class": "input"})
    )

    @property
    def wall(self) -> datetime:
        """As the therapist's clock shows it."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"])

    @property
    def terms(self) -> Terms:
        return Terms(self.cleaned_data["minutes"], self.cleaned_data["place"])

    @property
    def problems(self) -> list[dict[str, str]]:
        """For the summary at the top of the page."""
        return [
            {"text": f"{self.fields[name].label}: {error}", "href": f"#{self[name].id_for_label}"}
            for name, errors in self.errors.items()
            for error in errors
            if name in self.fields
        ]


class BookForm(TimeForm):
    """With whom, and how often."""

    pair = forms.ChoiceField(label=_("Client"), widget=forms.Select(attrs={"class": "input"}))
    times = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        initial=1,
        widget=forms.NumberInput(attrs=_input("number")),
    )
    weeks_apart = forms.ChoiceField(
        label=_("How often"), choices=RHYTHMS, initial="1", widget=forms.Select(attrs={"class": "input"})
    )
    field_order = ("pair", "day", "clock", "minutes", "place", "times", "weeks_apart")

    def __init__(self, pairs: Iterable[CarePair], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pair"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pair.code, pair.client.name) for pair in pairs]


class MoveSessionForm(TimeForm):
    """The revision is the one that the therapist looked at."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class CalendarForm(forms.Form):
    """A calendar file, or its text pasted."""

    file = forms.FileField(required=False)
    text = forms.CharField(required=False, max_length=2_000_000)
