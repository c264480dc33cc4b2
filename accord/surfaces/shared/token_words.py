"""What a token says in words: on the question pages, in reasons, and in what a therapist is told."""

from collections.abc import Mapping

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

# Short, as they stand in a list.
LABELS = {
    "need:anxiety": gettext_lazy("Worry, fear or panic"),
    "need:low-mood": gettext_lazy("Low mood"),
    "need:stress": gettext_lazy("Stress, or being worn out"),
    "need:trauma": gettext_lazy("Something bad that happened"),
    "need:grief": gettext_lazy("Loss and grief"),
    "need:relationships": gettext_lazy("Love and friends"),
    "need:family": gettext_lazy("Family"),
    "need:self-worth": gettext_lazy("How I feel about myself"),
    "need:anger": gettext_lazy("Anger"),
    "need:sleep": gettext_lazy("Sleep"),
    "need:eating": gettext_lazy("Food and eating"),
    "need:substances": gettext_lazy("Alcohol or drugs"),
    "need:compulsions": gettext_lazy("Thoughts or habits I can not stop"),
    "need:body": gettext_lazy("Illness or pain"),
    "need:attention": gettext_lazy("Focus, ADHD or autism"),
    "need:change": gettext_lazy("A big change in life"),
    "need:identity": gettext_lazy("Who I am"),
    "need:psychosis": gettext_lazy("Hearing or seeing what others do not"),
    "kind:therapy": gettext_lazy("Talking therapy"),
    "kind:psychiatry": gettext_lazy("A psychiatrist, who can also give medicine"),
    "population:adults": gettext_lazy("An adult"),
    "population:teenagers": gettext_lazy("A teenager"),
    "population:children": gettext_lazy("A child"),
    "population:couples": gettext_lazy("A couple"),
    "population:families": gettext_lazy("A family"),
    "mode:person": gettext_lazy("In person"),
    "mode:video": gettext_lazy("By video"),
    "time:mornings": gettext_lazy("Mornings"),
    "time:afternoons": gettext_lazy("Afternoons"),
    "time:evenings": gettext_lazy("Evenings"),
    "time:weekends": gettext_lazy("Weekends"),
    "pays:self": gettext_lazy("I pay myself"),
    "pays:reduced": gettext_lazy("I need a lower fee"),
    "identity:woman": gettext_lazy("A woman"),
    "identity:man": gettext_lazy("A man"),
    "identity:non-binary": gettext_lazy("Non-binary"),
    "identity:lgbtq": gettext_lazy("Gay, lesbian, bi, trans or queer"),
    "identity:of-colour": gettext_lazy("A person of colour"),
    "identity:migrant": gettext_lazy("Came from another country"),
    "identity:religious": gettext_lazy("Has a faith"),
    "identity:secular": gettext_lazy("Has no faith"),
    "identity:disabled": gettext_lazy("Lives with a disability"),
    "identity:neurodivergent": gettext_lazy("Autistic, or has ADHD"),
    "licence:elsewhere": gettext_lazy("Another country"),
}
COUNTRIES = {
    "PT": gettext_lazy("Portugal"),
    "ES": gettext_lazy("Spain"),
    "GB": gettext_lazy("United Kingdom"),
    "IE": gettext_lazy("Ireland"),
    "FR": gettext_lazy("France"),
    "DE": gettext_lazy("Germany"),
    "BR": gettext_lazy("Brazil"),
    "US": gettext_lazy("United States"),
    "CA": gettext_lazy("Canada"),
    "AU": gettext_lazy("Australia"),
    "NZ": gettext_lazy("New Zealand"),
}


def label(token: str, names: Mapping[str, str] | None = None) -> str:
    """names: of insurers, by token; they are names, so nobody translates them."""
    kind, _colon, value = token.partition(":")
    if token in LABELS:
        return str(LABELS[token])
    if kind == "language":
        return language(value)
    if kind == "licence":
        return str(COUNTRIES.get(value, value))
    if kind == "place":
        return _("In person in %(town)s") % {"town": value.replace("-", " ").title()}
    return (names or {}).get(token) or value.replace("-", " ").title()


def language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


# As a reason: what speaks for this person. A token that has no sentence of its own is told by its kind.
REASONS = {
    "kind:therapy": gettext_lazy("Offers talking therapy"),
    "kind:psychiatry": gettext_lazy("Is a psychiatrist"),
    "population:adults": gettext_lazy("Works with adults"),
    "population:teenagers": gettext_lazy("Works with teenagers"),
    "population:children": gettext_lazy("Works with children"),
    "population:couples": gettext_lazy("Works with couples"),
    "population:families": gettext_lazy("Works with families"),
    "mode:person": gettext_lazy("Can meet you in person"),
    "mode:video": gettext_lazy("Can meet you by video"),
    "time:mornings": gettext_lazy("Has time in the morning"),
    "time:afternoons": gettext_lazy("Has time in the afternoon"),
    "time:evenings": gettext_lazy("Has time in the evening"),
    "time:weekends": gettext_lazy("Has time at the weekend"),
    "pays:self": gettext_lazy("You can pay yourself"),
    "pays:reduced": gettext_lazy("Has a lower fee for some people"),
}
BY_KIND = {
    "need": gettext_lazy("Helps with: %(what)s"),
    "language": gettext_lazy("Speaks %(what)s"),
    "licence": gettext_lazy("May work where you live: %(what)s"),
    "place": gettext_lazy("Can meet you in person in %(what)s"),
    "insurer": gettext_lazy("Is paid by %(what)s"),
    "identity": gettext_lazy("Says about themselves: %(what)s"),
}


def reason(token: str, names: Mapping[str, str] | None = None) -> str:
    if token in REASONS:
        return str(REASONS[token])
    kind, _colon, value = token.partition(":")
    what = value.replace("-", " ").title() if kind == "place" else label(token, names)
    return str(BY_KIND[kind]) % {"what": what}
