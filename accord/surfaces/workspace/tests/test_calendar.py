"""One's own calendar: busy times taken over without their words, a secret address made and ended."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accord.records.audit.models import Entry
from accord.records.sessions.models import BusyTime, CalendarAddress

PATH = "/desk/calendar/"
BUSY = f"{PATH}busy/"
FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
SUMMARY:canary dentist
DTSTART:20240508T100000Z
DTEND:20240508T110000Z
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def upload(browse):
    def send(content: bytes):
        return browse("tess").post(BUSY, {"file": SimpleUploadedFile("my.ics", content)}, follow=True)

    return send


def test_only_therapists_write_here(cast):
    for act in ("busy/", "busy/forget/", "address/", "address/end/"):
        tries = cast("post", PATH + act)
        assert {slug for slug, status in tries.items() if status not in (302, 403)} <= {"tess", "theo", "sam"}, act
        assert [tries[slug] for slug in ("kai", "jo", "sana", "omar", "rui")] == [403] * 5, act


def test_a_file_becomes_busy_times_and_no_word_of_it_stays(upload, person, text, browse):
    assert "3 busy times are in your week." in text(upload(FILE.encode()))
    assert BusyTime.objects.filter(user=person("tess")).count() == 3
    assert "11:00–12:00 busy" in text(browse("tess").get("/desk/week/"))
    assert not Entry.objects.filter(detail__icontains="canary").exists()
    assert "canary" not in repr(list(BusyTime.objects.values()))
    upload(FILE.replace("COUNT=3", "COUNT=2").encode())
    assert BusyTime.objects.count() == 2, "it replaces"


def test_pasted_text_does_as_well(browse, text):
    assert "3 busy times are in your week." in text(browse("tess").post(BUSY, {"text": FILE}, follow=True))


def test_all_of_it_is_forgotten(upload, browse, text):
    upload(FILE.encode())
    assert "All busy times are forgotten." in text(browse("tess").post(f"{BUSY}forget/", follow=True))
    assert not BusyTime.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"hello", "Line 1 should say BEGIN:VCALENDAR"),
        (b" ", "Choose a calendar file"),
        (FILE.replace("UID:1", "what").encode(), "Line 5 is no calendar line."),
        (FILE.replace("20240508T100000Z", "noon").encode(), "The event in line 4 has a time that cannot be read."),
    ],
)
def test_a_bad_file_is_told_by_its_line_and_changes_nothing(upload, text, content, says):
    upload(FILE.encode())
    answer = upload(content)
    assert answer.status_code == 422
    assert says in text(answer)
    assert BusyTime.objects.count() == 3


def test_nothing_at_all_is_said_too(browse, text):
    assert "Choose a calendar file" in text(browse("tess").post(BUSY))


def test_the_address_is_shown_once_and_ends(browse, text, person, client):
    tess = browse("tess")
    page = tess.post(f"{PATH}address/").content.decode()
    found = re.search(r'value="http://localhost:8000(/calendar/[\w-]+\.ics)"', page)
    assert found
    assert f'href="webcal://localhost:8000{found[1]}"' in page
    assert found[1] not in tess.get(PATH).content.decode()
    assert client.get(found[1]).status_code == 200
    assert bytes(CalendarAddress.objects.get().token_hash) not in found[1].encode()
    assert "The address opens nothing any more." in text(tess.post(f"{PATH}address/end/", follow=True))
    assert client.get(found[1]).status_code == 404
    tess.post(f"{PATH}address/end/")  # a second time is no error
