"""Every route × every role × every method against the one table, and every object route × everybody who might try.

The cells come from the table itself: a new route is in the matrix the moment it is declared.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from accord.config import urls
from accord.config.policy import (
    ANYONE,
    CLIENT,
    CONTACT,
    DEMO_POLICIES,
    DUTY,
    LEAD,
    NOBODY_YET,
    OPERATOR,
    POLICIES,
    RESEARCHER,
    SIGNED_IN,
    SUPERVISOR,
    THERAPIST,
    check_policies,
    table,
    undeclared,
)
from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.pairs.actions import end_pair
from accord.records.practices.actions import end_post
from accord.surfaces.shared import pages
from tests.cells import ABSENT, CANARY, OBJECTS, ROUTES, Codes, address, ask, policy_of, prepare, same_for_everybody
from tests.plugins.making import given, sheet

WHO = {
    "": NOBODY_YET,
    "kai": CLIENT,
    "tess": THERAPIST,
    "sana": SUPERVISOR,
    "omar": LEAD,
    "rui": RESEARCHER,
    "ines": OPERATOR,
    "dora": DUTY,
    "vera": CONTACT,
    "sam": THERAPIST,
}
METHODS = ("GET", "POST", "PUT", "DELETE")
# The token in the address is the right, no cookie is used; a language is chosen also where no token can be fresh.
WITHOUT_TOKEN = {"portal:check_in_by_link", "portal:take_back_by_link", "language"}
ROOT = Path(__file__).parent.parent


@pytest.fixture
def kais(pair_of, now) -> Codes:
    """Kai's fifth check-in is in, with a canary in his words; an episode is open."""
    pair = pair_of("kai")
    waiting = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    given(waiting, sheet(3, 7, 7, tension="a-bit", note=CANARY, travels="before-next"), at=now)
    return prepare(pair, now)


def test_the_matrix_has_every_route_and_the_table_has_nothing_else(harbour) -> None:
    assert set(ROUTES) == set(table())
    assert len(ROUTES) >= 29
    assert undeclared() == []
    assert check_policies(None) == []


def test_the_demos_routes_are_not_among_those_of_real_life(settings) -> None:
    settings.DEMO = False
    assert not set(DEMO_POLICIES) & set(table())
    assert set(table()) == set(POLICIES)


@pytest.mark.parametrize("slug", WHO)
def test_who_may_do_what(slug, kais, pair_of, browse, now) -> None:
    client, wrong = browse(slug), []
    for route in ROUTES:
        url = address(route, kais, pair_of("kai"), now)
        for method in METHODS:
            response = ask(client, method, url)
            if not as_declared(route, WHO[slug], method, response):
                wrong.append(f"{method} {route}: {response.status_code} {response.headers.get('Location', '')}")
    assert not wrong


def as_declared(route: str, role: str, method: str, response: HttpResponse) -> bool:
    """Whether this is what the table says about this role and this method."""
    policy, status = policy_of(route), response.status_code
    if role not in policy.who:
        to_sign_in = status == 302 and response.headers["Location"].startswith(("/sign-in/", "/staff/sign-in/"))
        return to_sign_in if role == NOBODY_YET else status == 403
    if method not in policy.methods:
        return status == 405
    return status not in (405, 500) and (bool(policy.object) or status not in (403, 404))


@pytest.mark.parametrize("route", [name for name in ROUTES if "POST" in policy_of(name).methods])
def test_no_write_from_another_site(route, kais, pair_of, person, browse, now) -> None:
    """Without the form's token nothing is written, whoever's cookie comes along."""
    url = address(route, kais, pair_of("kai"), now)
    role = sorted(policy_of(route).who & set(WHO.values()))[0]
    slug = next(slug for slug, whose in WHO.items() if whose == role)
    client = Client(enforce_csrf_checks=True)
    client.cookies = browse(slug).cookies
    status = ask(client, "POST", url).status_code
    assert (status == 403) == (route not in WITHOUT_TOKEN), status


# Everybody who might try Kai's things, and what becomes of them where their role is let in at all.
OWNERS = {"kai", "tess"}
COLLEAGUES = {"theo", "sana", "omar", "rui", "ines", "dora", "vera"}
STRANGERS = {"jo", "cleo", "lena", "sam", "nia"}


def expected_status(route: str, slug: str, roles: frozenset[str]) -> set[int]:
    if not slug:
        return {302}
    if not roles & policy_of(route).who:
        return {403}
    return {404} if slug in STRANGERS else {403}


def roles_now(user: User, now) -> frozenset[str]:
    held = user.posts.filter(until=None).values_list("role", flat=True)
    return frozenset(held) or frozenset({CLIENT})


def turned_away(route: str, method: str, client: Client, urls_: tuple[str, str], expected: set[int]) -> None:
    """The real address and one that leads to nothing: the same status, the same page, and nothing of Kai's in it."""
    real, absent = (ask(client, method, url) for url in urls_)
    cell = f"{method} {route}: {real.status_code}"
    assert real.status_code in expected, cell
    page = same_for_everybody(real)
    for secret in (CANARY, "Kai", "Moreno", "Bond 3", "before I get angry"):
        assert secret not in page, cell
    if real.status_code == 404 or real.status_code == 302:
        assert (absent.status_code, same_for_everybody(absent)) == (real.status_code, page), cell


@pytest.mark.parametrize("slug", ["", *sorted(COLLEAGUES | STRANGERS)])
def test_nobody_else_gets_at_kais_things(slug, kais, pair_of, person, browse, now) -> None:
    client, roles = browse(slug), roles_now(person(slug), now) if slug else frozenset()
    for route in OBJECTS:
        urls_ = (
            address(route, kais, pair_of("kai"), now),
            address(route, kais, pair_of("kai"), now, code=ABSENT),
        )
        for method in sorted(policy_of(route).methods):
            turned_away(route, method, client, urls_, expected_status(route, slug, roles))


@pytest.mark.parametrize("how", ["pair", "post"])
def test_a_therapist_who_was_gets_at_nothing(how, kais, pair_of, person, browse, now) -> None:
    """On the next request: the pair has ended, or the post has."""
    pair, tess, client = pair_of("kai"), person("tess"), browse("tess")
    assert ask(client, "GET", address("workspace:prep", kais, pair, now)).status_code == 200
    if how == "pair":
        end_pair(pair, by=tess, at=now)
    else:
        end_post(tess.posts.get(), on=now.date())
    for route in OBJECTS:
        urls_ = address(route, kais, pair, now), address(route, kais, pair, now, code=ABSENT)
        for method in sorted(policy_of(route).methods):
            turned_away(route, method, client, urls_, {403, 404})


def test_the_two_of_them_do(kais, pair_of, browse, now) -> None:
    """Else the tests above could pass on a house without doors."""
    opened = 0
    for route in OBJECTS:
        if "GET" in policy_of(route).methods:
            slug = "kai" if policy_of(route).who == {CLIENT} else "tess"
            response = ask(browse(slug), "GET", address(route, kais, pair_of("kai"), now))
            assert response.status_code == 200, route
            opened += 1
    assert opened >= 5


@pytest.mark.parametrize("slug", sorted(COLLEAGUES | STRANGERS))
def test_every_refused_try_is_in_the_audit(slug, kais, pair_of, person, browse, now) -> None:
    client = browse(slug)
    for route in OBJECTS:
        url = address(route, kais, pair_of("kai"), now)
        for method in sorted(policy_of(route).methods):
            with transaction.atomic():
                client.generic(method, url)
                tries = Entry.objects.filter(kind="denied", actor=person(slug)).count()
                transaction.set_rollback(True)
            assert tries == 1, f"{method} {url} as {slug}"


def test_an_undeclared_route_is_an_error_of_the_system_check(monkeypatch) -> None:
    extra = path("backdoor/", pages.health, name="backdoor")
    assert extra not in urls.urlpatterns
    monkeypatch.setattr(get_resolver(), "url_patterns", [*get_resolver().url_patterns, extra])
    assert [error.id for error in check_policies(None)] == ["accord.E001"]


EXTRA_ROUTE = """
from accord.config.urls import *
from django.http import HttpResponse
from django.urls import get_resolver, path
urlpatterns = [*urlpatterns, path("backdoor/", lambda request: HttpResponse("hello"){name})]
"""


@pytest.mark.parametrize("name", ["", ', name="backdoor"'])
def test_an_undeclared_route_stops_the_start(tmp_path, name) -> None:
    """In a process of its own: a URL that nobody declared, and the application that will not come up."""
    (tmp_path / "more_urls.py").write_text(EXTRA_ROUTE.format(name=name))
    (tmp_path / "more_settings.py").write_text("from accord.config.settings import *\nROOT_URLCONF = 'more_urls'\n")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "more_settings",
        "ACCORD_DEMO": "1",
        "ACCORD_VAR": str(tmp_path),
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
    }
    environment.pop("DATABASE_URL", None)
    started = subprocess.run(
        [sys.executable, "-c", "import accord.config.asgi"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert started.returncode != 0
    assert "No policy is declared for" in started.stderr
    assert "backdoor" in started.stderr


def test_the_tables_words_mean_something(harbour) -> None:
    assert set(SIGNED_IN) | {NOBODY_YET} == set(ANYONE)
    for route, policy in table().items():
        assert policy.who, route
        assert policy.who <= ANYONE, route
        assert policy.methods <= {"GET", "POST"}, route


def test_a_code_that_no_database_takes_is_not_found(browse, now) -> None:
    """PostgreSQL refuses a NUL in a text; that is no reason for an error page."""
    assert browse("kai").get("/me/check-in/a%00b/").status_code == 404


def test_a_session_of_a_switched_off_person_ends(browse, person) -> None:
    client = browse("tess")
    assert client.get("/desk/").status_code == 200
    User.objects.filter(pk=person("tess").pk).update(is_active=False)
    assert client.get("/desk/").status_code == 302
