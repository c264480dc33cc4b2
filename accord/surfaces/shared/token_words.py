"""What a token says in words: on the question pages, in reasons, and in what a therapist is told."""

from collections.abc import Mapping

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

# Short, as they stand in a list.
LABELS = {
    "need:anxiety": lazy("Worry, fear or panic"),
    "need:low-mood": lazy("Low mood"),
    "need:stress": lazy("Stress, or being worn out"),
    "need:trauma": lazy("Something bad that happened"),
    "need:grief": lazy("Loss and grief"),
    "need:relationships": lazy("Love and friends"),
    "need:family": lazy("Family"),
    "need:self-worth": lazy("How I feel about myself"),
    "need:anger": lazy("Anger"),
    "need:sleep": lazy("Sleep"),
    "need:eating": lazy("Food and eating"),
    "need:substances": lazy("Alcohol or drugs"),
    "need:compulsions": lazy("Thoughts or habits I can not stop"),
    "need:body": lazy("Illness or pain"),
    "need:attention": lazy("Focus, ADHD or autism"),
    "need:change": lazy("A big change in life"),
    "need:identity": lazy("Who I am"),
    "need:psychosis": lazy("Hearing or seeing what others do not"),
    "kind:therapy": lazy("Talking therapy"),
    "kind:psychiatry": lazy("A psychiatrist, who can also give medicine"),
    "population:adults": lazy("An adult"),
    "population:teenagers": lazy("A teenager"),
    "population:children": lazy("A child"),
    "population:couples": lazy("A couple"),
    "population:families": lazy("A family"),
    "mode:person": lazy("In person"),
    "mode:video": lazy("By video"),
    "time:mornings": lazy("Mornings"),
    "time:afternoons": lazy("Afternoons"),
    "time:evenings": lazy("Evenings"),
    "time:weekends": lazy("Weekends"),
    "pays:self": lazy("I pay myself"),
    "pays:reduced": lazy("I need a lower fee"),
    "identity:woman": lazy("A woman"),
    "identity:man": lazy("A man"),
    "identity:non-binary": lazy("Non-binary"),
    "identity:lgbtq": lazy("Gay, lesbian, bi, trans or queer"),
    "identity:of-colour": lazy("A person of colour"),
    "identity:migrant": lazy("Came from another country"),
    "identity:religious": lazy("Has a faith"),
    "identity:secular": lazy("Has no faith"),
    "identity:disabled": lazy("Lives with a disability"),
    "identity:neurodivergent": lazy("Autistic, or has ADHD"),
    "licence:elsewhere": lazy("Another country"),
}
COUNTRIES = {
    "PT": lazy("Portugal"),
    "ES": lazy("Spain"),
    "GB": lazy("United Kingdom"),
    "IE": lazy("Ireland"),
    "FR": lazy("France"),
    "DE": lazy("Germany"),
    "BR": lazy("Brazil"),
    "US": lazy("United States"),
    "CA": lazy("Canada"),
    "AU": lazy("Australia"),
    "NZ": lazy("New Zealand"),
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
    return (names or {}).get(token, value)


def language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


# As a reason: what speaks for this person. A token that has no sentence of its own is told by its kind.
REASONS = {
    "kind:therapy": lazy("Offers talking therapy"),
    "kind:psychiatry": lazy("Is a psychiatrist"),
    "population:adults": lazy("Works with adults"),
    "population:teenagers": lazy("Works with teenagers"),
    "population:children": lazy("Works with children"),
    "population:couples": lazy("Works with couples"),
    "population:families": lazy("Works with families"),
    "mode:person": lazy("Can meet you in person"),
    "mode:video": lazy("Can meet you by video"),
    "time:mornings": lazy("Has time in the morning"),
    "time:afternoons": lazy("Has time in the afternoon"),
    "time:evenings": lazy("Has time in the evening"),
    "time:weekends": lazy("Has time at the weekend"),
    "pays:self": lazy("You can pay yourself"),
    "pays:reduced": lazy("Has a lower fee for some people"),
}
BY_KIND = {
    "need": lazy("Helps with: %(what)s"),
    "language": lazy("Speaks %(what)s"),
    "licence": lazy("May work where you live: %(what)s"),
    "place": lazy("Can meet you in person in %(what)s"),
    "insurer": lazy("Is paid by %(what)s"),
    "identity": lazy("Says about themselves: %(what)s"),
}


def reason(token: str, names: Mapping[str, str] | None = None) -> str:
    if token in REASONS:
        return str(REASONS[token])
    kind, _colon, value = token.partition(":")
    what = value.replace("-", " ").title() if kind == "place" else label(token, names)
    return str(BY_KIND[kind]) % {"what": what}
