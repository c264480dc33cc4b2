"""Whom to call, by country, for the help page. In code, not in a table: it must work with the database down.

Widely known numbers, written down on CHECKED; only 988 (US, Canada) and 1737 were compared with a page about them, and
none was dialled. Whoever runs a practice tries the numbers of its country first, then sets CHECKED.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHECKED = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class TalkLine:
    """Someone to talk to, day and night."""

    name: str
    number: str
    how: str | Promise = ""

    @property
    def tel(self) -> str:
        return self.number.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Country:
    """One country's numbers; `urgent` reaches ambulance, police and fire."""

    name: str | Promise
    urgent: str | Promise
    talk: tuple[TalkLine, ...] = ()

    @property
    def urgent_tel(self) -> str:
        return str(self.urgent).split()[0]


SAMARITANS = TalkLine("Samaritans", "116 123", _("free, day and night"))
LIFELINE_988 = TalkLine("988 Lifeline", "988", _("call or text, day and night"))

COUNTRIES = (
    Country(_("European Union"), "112"),
    Country(_("United Kingdom"), "999", (SAMARITANS,)),
    Country(_("Ireland"), "112 / 999", (SAMARITANS,)),
    Country(_("United States"), "911", (LIFELINE_988,)),
    Country(_("Canada"), "911", (TalkLine("Suicide Crisis Helpline", "988", _("call or text, day and night")),)),
    Country(_("Australia"), "000", (TalkLine("Lifeline", "13 11 14", _("day and night")),)),
    Country(_("New Zealand"), "111", (TalkLine("Need to talk?", "1737", _("call or text, day and night")),)),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Who hears complaints about a therapist, outside any practice. Addresses as text: a link would leave a trace.

    Widely known bodies; none was asked. Whoever runs a practice tries those of its country first, as with the numbers.
    """

    country: str | Promise
    who: str | Promise
    where: str | Promise
    number: str = ""

    @property
    def tel(self) -> str:
        return self.number.replace(" ", "")


COMPLAINTS = (
    Complaint(_("Portugal"), "Ordem dos Psicólogos Portugueses", "ordemdospsicologos.pt"),
    Complaint(_("Portugal"), "Entidade Reguladora da Saúde", "ers.pt"),
    Complaint(_("United Kingdom"), "Health and Care Professions Council", "hcpc-uk.org"),
    Complaint(_("United Kingdom"), "British Association for Counselling and Psychotherapy", "bacp.co.uk"),
    Complaint(_("Ireland"), "CORU", "coru.ie"),
    Complaint(_("United States"), _("the licensing board of your state"), _("asppb.net lists those for psychologists")),
    Complaint(_("Canada"), _("the college or order of your province"), _("its public register says how to complain")),
    Complaint(_("Australia"), "Ahpra", "ahpra.gov.au", "1300 419 495"),
    Complaint(_("New Zealand"), "Health and Disability Commissioner", "hdc.org.nz", "0800 11 22 33"),
)
