"""What a therapist says on their own page. Shape only; what is allowed is decided by the actions."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.profiles.actions import LONGEST, Facts, Insurer, Room
from accord.records.profiles.models import Profile
from accord.records.profiles.vocabulary import CLOSED, STYLE
from accord.surfaces.shared.profile_words import POPULATIONS, STYLES, TIMES
from accord.surfaces.shared.token_words import COUNTRIES, LABELS, language

LANGUAGES = (
    *("ar", "bn", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it"),
    *("ja", "ko", "nl", "pl", "pt", "ro", "ru", "sk", "sq", "sr", "sv", "sw", "ta", "tr", "uk", "ur", "vi"),
)
STEPS = (("-0.6", 0), ("0", 1), ("0.6", 2))  # stored as a side, shown as the sentence that people read
TICKED = ("kind", "need", "population", "language", "licence", "mode", "time", "pays", "identity", "safety")
MOST_INSURERS = 6
PAYS = {"self": gettext_lazy("They pay themselves"), "reduced": gettext_lazy("A lower fee for some")}
KINDS = {"therapy": gettext_lazy("Talking therapy"), "psychiatry": gettext_lazy("Psychiatry, with medicine")}
MODES = {"person": gettext_lazy("In person"), "video": gettext_lazy("By video")}
SAFETY = {"yes": gettext_lazy("I work with people who think of hurting themselves")}


def _choices(kind: str) -> list[tuple[str, Any]]:
    words: dict[str, dict[str, Any]] = {
        "kind": KINDS,
        "mode": MODES,
        "pays": PAYS,
        "population": POPULATIONS,
        "time": TIMES,
        "safety": SAFETY,
        "licence": COUNTRIES,
        "language": {code: language(code) for code in LANGUAGES},
    }
    if kind in words:
        return list(words[kind].items())
    return [(value, LABELS[f"{kind}:{value}"]) for value in CLOSED[kind]]


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "input", "rows": rows})


def _words(name: str, label: Any, *, rows: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=LONGEST[name], strip=True, widget=_text(rows)
    )


def _number(label: Any, **limits: Any) -> forms.IntegerField:
    attrs = {"class": "input input--number", "inputmode": "numeric"}
    return forms.IntegerField(label=label, min_value=0, widget=forms.NumberInput(attrs=attrs), **limits)


class ProfileForm(forms.Form):
    """Everything but the places. The revision is the one that was looked at."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("What you are"),
        help_text=gettext_lazy("As people know it: psychologist, psychotherapist, psychiatrist, in training with …"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    hello = _words(
        "hello",
        gettext_lazy("The first time you talk"),
        rows=5,
        hint=gettext_lazy(
            "How long, what it costs, what you ask, and that nothing is decided in it. It stands on top."
        ),
    )
    helps = _words("helps", gettext_lazy("What you help with, in your words"), rows=4)
    works = _words("works", gettext_lazy("How you work, in your words"), rows=4)
    questions = _words(
        "questions",
        gettext_lazy("Questions that people could ask you"),
        rows=5,
        hint=gettext_lazy("One a line. They make it easier to ask."),
    )
    towns = forms.CharField(
        label=gettext_lazy("Towns where you meet in person"),
        help_text=gettext_lazy("With a comma between them."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    fee = _number(gettext_lazy("A session costs"), required=False, max_value=2000)
    fee_reduced = _number(gettext_lazy("For people with little money"), required=False, max_value=2000)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=[("EUR", "EUR (€)"), ("GBP", "GBP (£)"), ("USD", "USD ($)")],
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in TICKED:
            self.fields[kind] = forms.MultipleChoiceField(choices=_choices(kind), required=False)
        for side in STYLE:
            steps = [("", gettext_lazy("I do not say")), *((value, STYLES[side][place]) for value, place in STEPS)]
            self.fields[f"style_{side}"] = forms.ChoiceField(choices=steps, required=False)
        for row in range(MOST_INSURERS):
            for name, field in _insurer_fields().items():
                self.fields[f"{name}_{row}"] = field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for row in range(MOST_INSURERS):
            name, day, source = (given.get(f"{part}_{row}") for part in ("insurer", "checked", "source"))
            if name and not (day and source):
                self.add_error(
                    f"insurer_{row}", ValidationError(_("Say when you last checked this, and where it is from."))
                )
        return given

    @property
    def facts(self) -> Facts:
        given = self.cleaned_data
        says = {kind: given[kind] for kind in TICKED if given[kind]}
        towns = [slugify(town) for town in given["towns"].split(",") if slugify(town)]
        styles = {side: float(given[f"style_{side}"]) for side in STYLE if given[f"style_{side}"]}
        return Facts(
            says=says | ({"place": towns} if towns else {}),
            title=given["title"],
            style=styles,
            words={name: given[name] for name in LONGEST},
            fee=given["fee"],
            fee_reduced=given["fee_reduced"],
            currency=given["currency"],
            insurers=self._insurers(),
        )

    def _insurers(self) -> tuple[Insurer, ...]:
        given, found = self.cleaned_data, {}
        for row in range(MOST_INSURERS):
            if given.get(f"insurer_{row}"):
                one = Insurer(
                    slugify(given[f"insurer_{row}"])[:40] or f"insurer-{row}",
                    *(given[f"{part}_{row}"] for part in ("insurer", "checked", "source")),
                )
                found[one.slug] = one
        return tuple(found.values())

    @property
    def problems(self) -> list[dict[str, str]]:
        """For the summary at the top of the page."""
        return [
            {"text": f"{self.fields[name].label or _('Insurers')}: {error}", "href": f"#id_{name}"}
            for name, errors in self.errors.items()
            for error in errors
            if name in self.fields
        ]


def _insurer_fields() -> dict[str, forms.Field]:
    day = forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    text = {"class": "input"}
    return {
        "insurer": forms.CharField(
            label=gettext_lazy("Insurer"), required=False, max_length=80, widget=forms.TextInput(attrs=text)
        ),
        "checked": forms.DateField(label=gettext_lazy("Checked on"), required=False, widget=day),
        "source": forms.CharField(
            label=gettext_lazy("Where this is from"), required=False, max_length=120, widget=forms.TextInput(attrs=text)
        ),
    }


def as_it_is(profile: Profile) -> dict[str, Any]:
    """What the form starts from."""
    names = ("title", "revision", "fee", "fee_reduced", "currency", *LONGEST)
    rows: dict[str, str | date] = {}
    for row, one in enumerate(profile.insurances.all()[:MOST_INSURERS]):
        rows |= {f"insurer_{row}": one.name, f"checked_{row}": one.checked_on, f"source_{row}": one.source}
    towns = ", ".join(town.replace("-", " ").title() for town in profile.says.get("place", ()))
    styles = {f"style_{side}": _step(value) for side, value in profile.style.items()}
    told = {name: getattr(profile, name) or "" for name in names} | {"revision": profile.revision}
    return {**told, **profile.says, **styles, **rows, "towns": towns}


def _step(value: float) -> str:
    return STEPS[1 + (value >= 0.25) - (value <= -0.25)][0]


class RoomForm(forms.Form):
    """How many people somebody sees at most, and in which hours."""

    hours = _number(gettext_lazy("Hours a week for sessions"), max_value=60)
    rhythm = forms.TypedChoiceField(
        label=gettext_lazy("People come"),
        coerce=int,
        choices=[(1, gettext_lazy("every week")), (2, gettext_lazy("every two weeks, most of them"))],
        widget=forms.Select(attrs={"class": "input"}),
    )
    capacity = _number(gettext_lazy("People you see at most"), max_value=120)
    elsewhere = _number(
        gettext_lazy("Of these, people who are not in Accord"),
        max_value=120,
    )

    @property
    def room(self) -> Room:
        return Room(**{name: cast(int, self.cleaned_data[name]) for name in Room._fields})

    @property
    def problems(self) -> list[dict[str, str]]:
        return [
            {"text": f"{self.fields[name].label}: {error}", "href": f"#id_{name}"}
            for name, errors in self.errors.items()
            for error in errors
        ]


def room_of(profile: Profile) -> dict[str, int]:
    return {name: getattr(profile, name) for name in Room._fields}
