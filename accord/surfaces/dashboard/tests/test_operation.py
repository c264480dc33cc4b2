"""For whoever runs the machine: what the database holds to, and whether the work goes on. No clinical text."""

from datetime import timedelta

from accord.records.accounts.actions import send_notice
from accord.records.accounts.models import Notice
from accord.records.sessions.actions import book
from accord.science.alliance import DEFAULT
from accord.surfaces.dashboard.database import kind, read_back

PAGE = "/operation/"


def test_the_page_is_the_operators(cast, only):
    assert cast(PAGE) == only("ines")


def test_it_holds_no_name_and_no_words_of_a_notice(browse, person, now):
    send_notice(person("kai"), "A subject of its own", "words of its own", at=now)
    page = browse("ines").get(PAGE).content.decode()
    assert not [part for part in ("Kai", "Tess", "A subject of its own", "words of its own") if part in page]


def test_waiting_notices_are_counted_with_the_time_of_the_oldest(browse, person, now, harbour):
    Notice.objects.all().delete()
    for age in (1, 3):
        send_notice(person("kai"), "A few short questions for you", "", at=now - timedelta(hours=age))
    page = " ".join(browse("ines").get(PAGE).content.decode().split())
    assert "2 notices are waiting to go out. The oldest is from 6 May 2024, 06:00." in page


def test_what_could_not_be_delivered_is_told_and_no_longer_waits(browse, person, now, harbour):
    Notice.objects.all().delete()
    send_notice(person("kai"), "Your link", "", at=now - timedelta(hours=3), lasts=timedelta(hours=1))
    page = browse("ines").get(PAGE).content.decode()
    assert "No notice is waiting to go out." in page
    assert "1 notice of the last seven days could not be delivered" in page


def test_sessions_left_behind_are_counted(browse, new_pair, now):
    book(new_pair, now - timedelta(hours=3), by=None, at=now)
    page = browse("ines").get(PAGE).content.decode()
    assert "1 session is over and not yet marked as held." in page


def test_settings_are_read_back_from_the_database(db, browse, person):
    found = {setting.name: setting.value for setting in read_back()}
    assert found["synchronous"] == "2"
    assert found["foreign_keys"] == "1"
    assert kind().startswith("SQLite 3.")
    assert "journal_mode" in browse("ines").get(PAGE).content.decode()


def test_the_model_s_parameters_are_shown_by_name(browse, settings):
    page = browse("ines").get(PAGE).content.decode()
    assert "alliance@1-default" in page and "published figures" in page
    settings.ALLIANCE_PARAMS = DEFAULT._replace(id="harbour@3")
    page = browse("ines").get(PAGE).content.decode()
    assert "harbour@3" in page and "ACCORD_PARAMS" in page
