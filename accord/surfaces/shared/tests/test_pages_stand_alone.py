"""Base pages: no inline style, no inline handler, no other origin; error pages and help need no table."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from accord.surfaces.shared.help_lines import CHECKED, COUNTRIES

SURFACES = Path(__file__).parents[2]
TEMPLATES = sorted((SURFACES / "shared" / "templates").rglob("*.html")) + sorted(
    (SURFACES / "portal" / "templates").rglob("*.html")
)
NEVER = ("detects", "predicts", "high risk", "non-compliant", "failing", "monitored", "anonymous")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_it_holds_to_the_content_security_policy(template: Path):
    text = template.read_text()
    assert not re.search(r"""\sstyle=["']""", text)
    assert not re.search(r"""\son[a-z]+=["']""", text)
    assert not re.search(r"""(?:src|href)=["']https?:""", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert 'nonce="{{ request.csp_nonce }}"' in script


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_it_uses_none_of_the_words_we_never_use(template: Path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", template.read_text(), flags=re.DOTALL).lower()
    assert [word for word in NEVER if word in text] == []


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_needs_nothing_and_offers_help(code: str):
    page = render_to_string(f"{code}.html", {})
    assert 'href="/help/"' in page and "112" in page and "999" in page


def test_the_help_page_needs_no_session_and_no_table():
    request = RequestFactory().get("/help/")  # no user, no session: asking for one would fail
    page = render_to_string("shared/help.html", {"countries": COUNTRIES, "checked": CHECKED, "request": request})
    for country in COUNTRIES:
        assert str(country.name) in page and f'href="tel:{country.urgent_tel}"' in page
    assert "watched all the time" in page
    assert f"{CHECKED.day} {CHECKED:%B %Y}" in page


def test_every_number_can_be_dialled():
    for country in COUNTRIES:
        assert country.urgent_tel.isdigit()
        assert all(line.tel.isdigit() for line in country.talk)


def test_the_way_out_leads_to_a_page_that_says_nothing_of_us():
    page = render_to_string("shared/exit.html", {}).lower()
    assert "accord" not in page and "therap" not in page and "<a " not in page
