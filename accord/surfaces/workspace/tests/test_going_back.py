"""After an action: back to one of our own pages, whatever the form says."""

import pytest
from django.test import RequestFactory

from accord.surfaces.workspace.going_back import back

DEFAULT = "/desk/"


@pytest.mark.parametrize("wanted", ["/desk/abc/", "/desk/abc/prep/", "/desk/?x=1"])
def test_our_own_pages_are_gone_back_to(wanted):
    assert back(RequestFactory().post("/", {"back": wanted}), DEFAULT).url == wanted


@pytest.mark.parametrize(
    "wanted",
    ["", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1", "desk/", "\t//x"],
)
def test_no_other_address_is_followed(wanted):
    assert back(RequestFactory().post("/", {"back": wanted}), DEFAULT).url == DEFAULT


def test_an_undo_carries_its_page_in_the_address():
    assert back(RequestFactory().post("/?back=/desk/abc/"), DEFAULT).url == "/desk/abc/"
