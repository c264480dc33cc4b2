"""Find, the palette and the keys: what this person may see, no more, and none of it where the screen is turned."""

import re

import pytest
from django.urls import reverse

FIND = "/desk/find/"


def test_find_is_for_the_desk(cast):
    found = cast("get", FIND)
    assert {slug for slug, status in found.items() if status == 200} == {"tess", "theo", "sam", "sana"}
    assert found[""] == 302


def test_each_finds_their_own_clients(browse, text):
    assert "Kai Moreno" in text(browse("tess").get(FIND))
    for slug in ("theo", "sam", "sana"):
        assert "Kai" not in text(browse(slug).get(FIND)), slug


def test_every_link_of_the_list_opens(browse):
    tess = browse("tess")
    links = re.findall(r'data-go href="([^"]+)"', tess.get(FIND).content.decode())
    assert len(links) > 18 * 4
    for link in {re.sub(r"/desk/\w{12}/", f"/desk/{links[0].split('/')[2]}/", link) for link in links}:
        assert tess.get(link).status_code in (200, 302), link


def test_a_supervisor_is_offered_nothing_that_is_refused(browse):
    sana = browse("sana")
    links = re.findall(r'data-go href="([^"]+)"', sana.get(FIND).content.decode())
    assert links
    assert not [link for link in links if sana.get(link).status_code == 403]


def test_a_closed_palette_holds_nobodys_name(browse, pair_of):
    page = browse("tess").get(reverse("workspace:prep", args=[pair_of("jo").code])).content.decode()
    assert "<dialog" in page
    assert not [name for name in ("Kai", "Max", "Lou") if name in page]


def test_a_turned_screen_has_neither_palette_nor_keys_nor_links_to_them(browse, pair_of):
    page = browse("tess").get(reverse("workspace:together", args=[pair_of("kai").code])).content.decode()
    assert not [
        part for part in ("<dialog", "/desk/find/", "/desk/guesses/", "palette.js", "reflection") if part in page
    ]


@pytest.mark.parametrize("name", ["today", "find", "put_aside", "guesses", "arrange", "openings"])
def test_every_page_of_the_desk_has_the_button_as_a_plain_link(browse, name):
    page = browse("tess").get(reverse(f"workspace:{name}")).content.decode()
    assert re.search(r'<a class="finder" href="/desk/find/" data-find', page)
