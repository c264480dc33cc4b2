"""Nobody fits, or nobody is open: onto the practice's waiting list, once it is sure whose address it is."""

import pytest
from django.urls import reverse

from accord.records.accounts.models import Notice, User
from accord.records.matching.models import Letter, Search
from accord.records.practices.models import Post, Practice
from accord.records.profiles.models import Profile
from accord.records.waiting.asks import unpack
from accord.records.waiting.models import Wait
from accord.records.waiting.offering import offer_place
from accord.records.waiting.queries import own_waits
from accord.surfaces.portal.tests.test_find import CLEOS, FIND, PEOPLE, question, text
from accord.surfaces.portal.views.asking import SENDINGS

pytestmark = pytest.mark.usefixtures("no_search_before")
PAGE = reverse("portal:find_wait")
ADDRESS = "zoe@example.org"
TYPED = {"name": "Zoe", "address": ADDRESS, "reach": "555 0199, after six", "urgency": "1", "gives": ["language"]}


def look_for(client):
    client.post(FIND)
    for slug, sent in CLEOS.items():
        client.post(question(slug), sent)
    return client


@pytest.fixture
def zoe(browse):
    """Signed out, with her answers given."""
    return look_for(browse(""))


@pytest.fixture
def typed(harbour):
    return TYPED | {"practice": harbour.code}


def open_link(client):
    """Presses the button behind the newest mail."""
    body = Letter.objects.order_by("-pk")[0].body or ""
    path = "/find/back/" + body.partition("/find/back/")[2].split("/")[0] + "/"
    return client.post(path)


def waits_of(address):
    return Wait.objects.filter(client__email=address, ended_at=None)


def test_it_is_offered_where_nobody_is_open_and_only_there(zoe):
    assert "Go on the waiting list" not in text(zoe.get(PEOPLE))
    Profile.objects.update(published_at=None)
    assert "Go on the waiting list" in text(zoe.get(PEOPLE))


def test_nothing_is_ticked_beforehand_and_help_is_in_sight(zoe):
    page = zoe.get(PAGE)
    assert " checked" not in page.content.decode()
    assert "Get help now" in text(page)
    assert "A clear plan" not in text(page)  # how somebody likes to work is not for a list


def test_who_has_begun_no_search_is_sent_to_its_start(browse):
    assert browse("").get(PAGE).url == FIND
    assert browse("").post(PAGE, TYPED).url == FIND


def test_until_the_link_is_opened_nobody_is_on_a_list_and_nobody_is_made(zoe, typed):
    assert zoe.post(PAGE, typed).url == PAGE
    assert f"Open the link in the mail to {ADDRESS} ." in text(zoe.get(PAGE))
    assert not waits_of(ADDRESS)
    assert not User.objects.filter(email=ADDRESS)
    assert Letter.objects.get().address == ADDRESS


def test_the_link_puts_her_on_the_list_with_what_she_ticked_and_nothing_else(zoe, typed, browse):
    zoe.post(PAGE, typed)
    elsewhere = browse("")
    assert open_link(elsewhere).url == PAGE
    wait = waits_of(ADDRESS).get()
    asked = unpack(wait.wishes)
    assert [wish.any_of for wish in asked.musts] == [frozenset({"language:es"})]
    assert asked.nice == ()
    assert (wait.urgency, wait.reach, wait.client.name) == (1, "555 0199, after six", "Zoe")
    assert "You are on the list Harbour Practice" in text(elsewhere.get(PAGE))
    search = Search.objects.get()
    assert search.proved_at, "the address was proved, and still is"
    assert search.client is None, "only a sign-in tells whose browser it is"
    assert "Your page is ready" in Notice.objects.filter(user=wait.client).values_list("subject", flat=True)


def test_without_a_tick_only_the_wait_is_known(zoe, typed):
    zoe.post(PAGE, typed | {"gives": []})
    open_link(zoe)
    assert unpack(waits_of(ADDRESS).get().wishes) == unpack(None)


def test_the_practice_finds_her_on_its_list_and_can_offer_her_a_place(zoe, typed, browse, person, now):
    zoe.post(PAGE, typed)
    open_link(zoe)
    wait = waits_of(ADDRESS).get()
    vera = browse("vera")
    assert "Zoe" in text(vera.get(reverse("dashboard:queue")))
    page = text(vera.get(reverse("dashboard:waiting_person", args=[wait.code])))
    assert "How to reach them: 555 0199, after six" in page
    assert "Waits less than a day, since" in page
    assert "Spanish" in page
    assert "Evenings" not in page
    offer = offer_place(wait, Profile.objects.get(post__user=person("tess")), by=person("vera"), at=now)
    assert offer.wait == wait


@pytest.mark.parametrize("slug", ["theo", "sana", "kai", "rui"])
def test_nobody_else_sees_it(zoe, typed, browse, slug):
    zoe.post(PAGE, typed)
    open_link(zoe)
    path = reverse("dashboard:waiting_person", args=[waits_of(ADDRESS).get().code])
    answer = browse(slug).get(path)
    assert answer.status_code == 403
    assert "555 0199" not in text(answer)


def test_a_second_press_and_a_second_link_change_nothing(zoe, typed):
    zoe.post(PAGE, typed)
    open_link(zoe)
    open_link(zoe)
    zoe.post(PAGE, typed)
    assert waits_of(ADDRESS).count() == 1


def test_an_address_that_is_known_here_is_told_the_same_and_gets_nothing_without_the_link(zoe, typed, person):
    kai = person("kai")
    zoe.post(PAGE, typed | {"address": kai.email})
    assert "One step is left" in text(zoe.get(PAGE))
    assert not own_waits(kai)


def test_an_address_of_somebody_who_works_here_is_refused_after_the_link(zoe, typed, person):
    zoe.post(PAGE, typed | {"address": person("tess").email})
    answer = open_link(zoe)
    assert "No page can be made for this mail address." in text(answer)
    assert not own_waits(person("tess"))


def test_another_address_is_another_proof(zoe, typed):
    zoe.post(PAGE, typed)
    open_link(zoe)
    Wait.objects.filter(client__email=ADDRESS).delete()
    zoe.post(PAGE, typed | {"address": "else@example.org"})
    assert not waits_of("else@example.org")


def test_a_client_who_is_signed_in_is_on_it_at_once(browse, typed, person):
    lena = look_for(browse("lena"))
    assert "Your name and your mail address are known." in text(lena.get(PAGE))
    lena.post(PAGE, typed | {"name": "", "address": ""})
    assert own_waits(person("lena")).get().urgency == 1
    assert "You are on the list" in text(lena.get(PAGE))
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": " "}, "Say what you would like to be called."),
        ({"name": "x" * 81}, "at most 80 characters fit"),
        ({"address": ""}, "This mail address looks wrong."),
        ({"address": "zoe"}, "This mail address looks wrong."),
        ({"urgency": ""}, "Choose how soon you need somebody."),
        ({"urgency": "9"}, "Choose how soon you need somebody."),
        ({"practice": "nowhere"}, "Choose whose list it is."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(zoe, typed, change, told):
    answer = zoe.post(PAGE, typed | change)
    assert answer.status_code == 422
    assert told in text(answer)
    assert "555 0199, after six" in answer.content.decode()
    assert not Letter.objects.exists()


def test_where_the_law_lets_nobody_here_treat_her_a_list_is_not_offered(zoe, typed):
    zoe.post(question("home"), {"picks": ["elsewhere"]})
    assert "Go on the waiting list" not in text(zoe.get(PEOPLE))
    assert "A list would not help" in text(zoe.get(PAGE))
    assert zoe.post(PAGE, typed).status_code == 422


def test_a_machine_is_stopped(zoe, typed):
    assert zoe.post(PAGE, typed | {"website": "http://spam.example"}).status_code == 429
    for _ in range(SENDINGS):
        zoe.post(PAGE, {})
    assert zoe.post(PAGE, typed).status_code == 429
    assert not Letter.objects.exists()


def test_a_letterbox_gets_only_so_many_mails(zoe, typed):
    for _ in range(8):
        zoe.post(PAGE, typed)
    answer = zoe.post(PAGE, typed)
    assert "No more mail goes to this address today." in text(answer)
    assert Letter.objects.count() == 8


def test_clearing_the_answers_takes_back_what_was_not_proved(zoe, typed):
    zoe.post(PAGE, typed)
    zoe.post(reverse("portal:clear_search"))
    assert not Search.objects.exists()
    assert not waits_of(ADDRESS)


def test_an_enquiry_in_between_keeps_what_waits_for_the_link(zoe, typed):
    zoe.post(PAGE, typed)
    tess = Profile.objects.get(post__user__email="tess@harbour.example")
    contact = {"name": "Zoe", "address": ADDRESS, "reach": "", "words": "", "tells": "no"}
    zoe.post(reverse("portal:find_contact", args=[tess.code]), contact)
    open_link(zoe)
    assert waits_of(ADDRESS).count() == 1


def test_leaving_the_list_forgets_how_to_reach_her(zoe, typed, harbour):
    zoe.post(PAGE, typed)
    open_link(zoe)
    wait = waits_of(ADDRESS).get()
    zoe.force_login(wait.client)
    zoe.post(reverse("portal:leave_list", args=[wait.code]))
    wait.refresh_from_db()
    assert (wait.ended, wait.reach) == ("left", None)
    assert "Put me on the list" in text(zoe.get(PAGE))


def test_who_worked_elsewhere_before_can_wait_and_see_it(zoe, typed, browse, now):
    """Their old post opens nothing, and does not stand in the way."""
    nia = User.objects.create_user(ADDRESS, "Nia Before")
    other = Practice.objects.create(name="Elsewhere")
    day = now.date()
    Post.objects.create(practice=other, user=nia, role="therapist", since=day.replace(year=2020), until=day)
    zoe.post(PAGE, typed)
    open_link(zoe)
    zoe.force_login(nia)
    assert "You are on the list" in text(zoe.get(reverse("portal:wait")))


def test_who_worked_in_this_very_practice_before_is_refused(zoe, typed, harbour, now):
    nia = User.objects.create_user(ADDRESS, "Nia Before")
    day = now.date()
    Post.objects.create(practice=harbour, user=nia, role="therapist", since=day.replace(year=2020), until=day)
    zoe.post(PAGE, typed)
    assert "No page can be made for this mail address." in text(open_link(zoe))
    assert not own_waits(nia)
