"""Harbour Practice: the cast of the demo, the tests and the documentation, set up through the same actions as life.

Everything is laid out around `now`: Kai's next session is ten minutes away.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accord.config.harbour_boards import BOARDS, fill_boards
from accord.config.harbour_intake import fill_intakes
from accord.config.harbour_profiles import list_therapists
from accord.config.harbour_waiting import fill_waiting_list
from accord.config.worker import CHECK_IN_ADDRESS
from accord.records.accounts.actions import give_consent
from accord.records.accounts.models import User
from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.actions import CLIENT, FIRST_IMPRESSION, THERAPIST, Answers, answer, ask
from accord.records.matching.actions import ask_for_fit
from accord.records.pairs.actions import begin_pair
from accord.records.pairs.models import CarePair
from accord.records.practices.actions import appoint, open_practice
from accord.records.practices.models import Post, Practice
from accord.records.ruptures.jobs import raise_flags
from accord.records.sessions.actions import Terms, book, hold
from accord.records.sessions.models import TherapySession

ZONE = "Europe/Lisbon"
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

Sheet = tuple[int, int, int]  # bond, goals, tasks


class Person(NamedTuple):
    slug: str
    name: str
    who: str
    roles: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.slug}@harbour.example"


class Course(NamedTuple):
    """One client's way with one therapist: when the next session is, and the check-ins so far."""

    client: str
    therapist: str
    in_days: int  # days from today to the next session; those of today follow each other
    clock: time | None  # on the wall, in Lisbon; None: today
    sheets: tuple[Sheet, ...]
    unanswered: bool = False  # one more session was held; its check-in is waiting for the client
    unrated: bool = False  # the therapist has not rated the last session yet


CAST = (
    Person("kai", "Kai Moreno", "client of Tess; a check-in is waiting for him"),
    Person("jo", "Jo Lindgren", "client of Tess"),
    Person("max", "Max Adeyemi", "client of Tess, always full marks"),
    Person("lou", "Lou Ferreira", "client of Tess, steady but low"),
    Person("rosa", "Rosa Almeida", "client of Tess, two check-ins so far"),
    Person("cleo", "Cleo Marsh", "new: begins with Tess"),
    Person("lena", "Lena Vogt", "client of Theo"),
    Person("amir", "Amir Haddad", "client of Thandi"),
    Person("petra", "Petra Simic", "waits for a place"),
    Person("tess", "Tess Carvalho", "therapist", ("therapist",)),
    Person("theo", "Theo Brandt", "therapist", ("therapist",)),
    Person("thandi", "Thandi Nkosi", "therapist", ("therapist",)),
    Person("tia", "Tia Rocha", "therapist in training", ("therapist",)),
    Person("sana", "Sana Qureshi", "supervisor", ("supervisor",)),
    Person("omar", "Omar Benali", "leads Harbour Practice", ("lead",)),
    Person("rui", "Rui Tavares", "researcher", ("researcher",)),
    Person("ines", "Ines Duarte", "operator", ("operator",)),
    Person("dora", "Dora Pinto", "duty person: concerns come to her", ("duty",)),
    Person("vera", "Vera Lund", "named contact, at the front desk", ("contact",)),
)
STRANGER = Person("sam", "Sam Whitlock", "therapist in another practice", ("therapist",))
STRANGERS_CLIENT = Person("nia", "Nia Osei", "client of Sam")

COURSES = (
    Course("kai", "tess", 0, None, ((8, 7, 8), (8, 8, 8), (9, 8, 8), (8, 8, 8)), unanswered=True),
    Course("jo", "tess", 0, None, ((8, 7, 8), (7, 8, 7), (8, 8, 8), (7, 7, 8), (7, 8, 7))),
    Course("max", "tess", 0, None, ((10, 10, 10),) * 5),
    Course("lou", "tess", 0, None, ((5, 5, 5),) * 5),
    Course("rosa", "tess", 1, time(10), ((8, 8, 7), (8, 7, 8))),
    Course("lena", "theo", 3, time(15), ((7, 7, 6), (7, 6, 6), (6, 6, 6))),
    Course("amir", "thandi", 2, time(12), ((8, 8, 8), (8, 7, 8), (8, 8, 8), (9, 8, 8))),
)

# The rest of Tess's eighteen: steady people whom nobody needs to worry about.
OTHERS = (
    ("nuno", "Nuno Pires"),
    ("ada", "Ada Holm"),
    ("ben", "Ben Okafor"),
    ("cat", "Cátia Lopes"),
    ("dev", "Dev Patel"),
    ("eva", "Eva Novak"),
    ("fay", "Fay Donnelly"),
    ("gil", "Gil Ramos"),
    ("hana", "Hana Sato"),
    ("ivo", "Ivo Marques"),
    ("jade", "Jade Laurent"),
    ("kit", "Kit Sandberg"),
    ("leo", "Leo Fontes"),
)
STEADY: tuple[Sheet, ...] = ((8, 7, 7), (7, 7, 8), (8, 8, 7), (8, 7, 8), (7, 8, 8), (8, 8, 8))
TODAY = tuple(course.client for course in COURSES if course.clock is None)
CONSENTING = ("kai", "jo", "max", "lou", "lena")


@transaction.atomic
def open_harbour_practice(now: datetime) -> Practice:
    """People, pairs, sessions and check-ins up to `now`; then the jobs take them in."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    practice = open_practice("Harbour Practice", zone=ZONE)
    since = today - timedelta(days=400)
    users = {person.slug: _person(person, practice, since) for person in CAST}
    users |= {slug: _person(Person(slug, name, "client of Tess"), practice, since) for slug, name in OTHERS}
    for slug in CONSENTING:
        give_consent(users[slug], "research", at=now - 60 * DAY)
    for course in (*COURSES, *_other_courses()):
        _run(course, users, now)
    fill_boards({slug: CarePair.objects.get(client=users[slug]) for slug in BOARDS}, now)
    list_therapists(now)
    fill_waiting_list(practice, by=users["vera"], now=now)
    _ask_lena(users["lena"])
    fill_intakes(now)
    _open_the_strangers(since, now)
    estimate_waiting(now)
    raise_flags(now)
    return practice


def _person(person: Person, practice: Practice, since: date) -> User:
    user = User.objects.create_user(person.email, person.name, zone=ZONE)
    for role in person.roles:
        appoint(practice, user, role, since=since)
    return user


def _other_courses() -> list[Course]:
    """Nuno was here yesterday and has answered; Tess has not rated that session yet."""
    courses = []
    for place, (slug, _) in enumerate(OTHERS):
        sheets = tuple(STEADY[(place + turn) % len(STEADY)] for turn in range(3 + place % 4))
        courses.append(Course(slug, "tess", 1 + place % 5, time(9 + place % 8), sheets))
    courses[0] = courses[0]._replace(in_days=6, clock=time(16), unrated=True)
    return courses


def _run(course: Course, users: dict[str, User], now: datetime) -> None:
    """Weekly sessions back from the next one, each with its check-ins, then the next one booked."""
    sessions = len(course.sheets) + course.unanswered
    following = _next_start(course, now)
    therapist = Post.objects.get(user=users[course.therapist], role="therapist")
    first = following - sessions * WEEK
    pair = begin_pair(users[course.client], therapist, by=None, at=first - DAY)
    for number in range(sessions):
        sheet = course.sheets[number] if number < len(course.sheets) else None
        last = number == sessions - 1
        session = book(
            pair, first + number * WEEK, by=therapist.user, at=first + (number - 2) * WEEK, terms=_terms(course, now)
        )
        _hold(session, sheet, rated=not (last and course.unrated))
    book(pair, following, by=therapist.user, at=following - 2 * WEEK, terms=_terms(course, now))


def _next_start(course: Course, now: datetime) -> datetime:
    here = now.astimezone(ZoneInfo(ZONE))
    if course.clock is None:
        return _later_today(here, TODAY.index(course.client))
    day = here.date() + timedelta(days=course.in_days)
    return datetime.combine(day, course.clock, ZoneInfo(ZONE))


def _later_today(here: datetime, place: int) -> datetime:
    """Kai in ten minutes, the others after him; closer together where the day is nearly over."""
    return _first_today(here) + place * _apart(here)


def _first_today(here: datetime) -> datetime:
    return (here + timedelta(minutes=10)).replace(second=0, microsecond=0)


def _apart(here: datetime) -> timedelta:
    """Nobody is in two sessions at once, so the last ones of a late evening may run into the next day."""
    first = _first_today(here)
    left = datetime.combine(first.date() + DAY, time(), ZoneInfo(ZONE)) - first
    return max(timedelta(minutes=10), min(timedelta(minutes=75), left / len(TODAY)))


def _terms(course: Course, now: datetime) -> Terms:
    """Fifty minutes, or as long as there is until the next one."""
    if course.clock is not None:
        return Terms()
    return Terms(minutes=min(50, int(_apart(now.astimezone(ZoneInfo(ZONE))) / timedelta(minutes=1))))


def _hold(session: TherapySession, sheet: Sheet | None, *, rated: bool) -> None:
    hold(session, by=None, at=session.ends_at)
    if rated:
        _rate(session, sheet or (8, 7, 8), session.pair.therapist.user)
    else:
        ask(session, THERAPIST, at=session.ends_at)
    if session.number == 1:
        _first_impression(session)
    if sheet is None:
        ask(session, CLIENT, at=session.ends_at, link_url=CHECK_IN_ADDRESS.format(url=settings.PUBLIC_URL))
    else:
        _check_in(session, sheet)


def _rate(session: TherapySession, sheet: Sheet, therapist: User) -> None:
    """Therapists see it a little less rosy than their clients, and predict a little better than chance."""
    at = session.ends_at + timedelta(minutes=6)
    asked = ask(session, THERAPIST, at=session.ends_at)
    bond, goal, task = (max(0, number - 1 + (session.number + place) % 2) for place, number in enumerate(sheet))
    predicted = {"predicted-bond": bond, "predicted-goal": goal, "predicted-task": task}
    given = Answers({"bond": bond, "goal": goal, "task": task, "tension": "no", **predicted}, answered_at=at)
    if asked:
        answer(asked, given, by=therapist, key=f"harbour-{asked.code}", at=at)


def _check_in(session: TherapySession, sheet: Sheet) -> None:
    at = session.ends_at + timedelta(minutes=25)
    asked = ask(session, CLIENT, at=session.ends_at)
    bond, goal, task = sheet
    given = Answers(
        {"bond": bond, "goal": goal, "task": task, "tension": "no"},
        modes={"bond": "buttons", "goal": "buttons", "task": "buttons"},
        answered_at=at,
        zone_offset=_offset(at),
    )
    if asked:
        answer(asked, given, by=session.pair.client, key=f"harbour-{asked.code}", at=at)


def _first_impression(session: TherapySession) -> None:
    at = session.ends_at + DAY
    asked = ask(session, FIRST_IMPRESSION, at=at)
    if asked:
        given = Answers({"impression": "good"}, answered_at=at, zone_offset=_offset(at))
        answer(asked, given, by=session.pair.client, key=f"harbour-{asked.code}", at=at)


def _offset(at: datetime) -> int:
    offset = at.astimezone(ZoneInfo(ZONE)).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def _ask_lena(lena: User) -> None:
    """She and Theo have met three times: the fit check waits on her page."""
    pair = CarePair.objects.get(client=lena)
    ask_for_fit(pair, at=pair.sessions.get(number=3).ends_at)


def _open_the_strangers(since: date, now: datetime) -> None:
    """Another practice, so that every test can ask what a stranger sees."""
    elsewhere = open_practice("Lighthouse Practice", zone=ZONE)
    people = {person.slug: _person(person, elsewhere, since) for person in (STRANGER, STRANGERS_CLIENT)}
    _run(Course("nia", "sam", 2, time(10), ((8, 8, 8), (7, 8, 8))), people, now)
