"""What a client sent before the two first met: on the desk once it was sent, read once it was opened."""

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.intake.models import Intake
from tests.cells import told_before

CANARY = "canary-88f2 I lie awake"
TODAY = reverse("workspace:today")


@pytest.fixture
def url(new_pair, now) -> str:
    return reverse("workspace:intake", args=[told_before(new_pair, now, CANARY)])


def test_it_stands_on_today_until_it_is_read(url, browse, new_pair):
    tess = browse("tess")
    assert url in tess.get(TODAY).content.decode()
    page = tess.get(url).content.decode()
    assert CANARY in page
    assert "Not provided" in page
    assert url not in tess.get(TODAY).content.decode()
    for name in ("pair", "prep"):
        assert url in tess.get(reverse(f"workspace:{name}", args=[new_pair.code])).content.decode()


def test_opening_it_is_reading_it_and_kept(url, browse, person):
    browse("tess").get(url)
    intake = Intake.objects.get(client=person("cleo"))
    assert intake.read_at is not None
    assert Entry.objects.filter(kind="read", row=intake.code, actor=person("tess")).exists()


def test_it_says_whether_it_may_go_to_supervision(url, browse):
    tess = browse("tess")
    assert "keep it between you two" in tess.get(url).content.decode()
    Intake.objects.update(may_supervise=True)
    assert "said yes to your talking about it in supervision" in tess.get(url).content.decode()


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        *((slug, 403) for slug in ("theo", "thandi", "sana", "omar", "rui", "ines", "dora", "vera", "cleo", "kai")),
        ("sam", 404),
    ],
)
def test_nobody_else_opens_it_and_the_try_is_kept(slug, status, url, browse, person):
    response = browse(slug).get(url)
    assert response.status_code == status
    assert CANARY not in response.content.decode()
    assert Entry.objects.filter(kind="denied", actor=person(slug)).count() == 1


def test_before_it_is_sent_there_is_nothing_on_the_desk(browse, new_pair, person):
    intake = Intake.objects.get(client=person("cleo"))
    tess = browse("tess")
    assert tess.get(reverse("workspace:intake", args=[intake.code])).status_code == 403
    for page in (TODAY, reverse("workspace:pair", args=[new_pair.code])):
        assert intake.code not in tess.get(page).content.decode()
