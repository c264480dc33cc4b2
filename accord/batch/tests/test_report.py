from html.parser import HTMLParser

import pytest

from accord.batch.numbers import Scale
from accord.batch.report_charts import Drawing, Mark, Point, chart
from accord.batch.report_words import chart_words, flag_lines, flag_words, number, plural
from accord.batch.tests.tables import run, wide_frame

VOID = {"meta", "path", "line", "circle", "rect"}
TEN = Scale()


class Page(HTMLParser):
    """Checks that tags close in order and collects what could reach outside."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attrs, self.idents = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.attrs += [(tag, *attr) for attr in attrs]
        self.idents += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attrs += [(tag, *attr) for attr in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    frame = wide_frame(40)
    named = frame.with_columns(pair=frame["pair"].str.replace("p0", "<b>&amp;"))
    named.write_csv(folder / "r <1>.csv")
    outcome = run(folder / "r <1>.csv", folder / "out", pages=3)
    return outcome, (folder / "out" / "report.html").read_text()


def test_report_is_one_well_formed_file_that_asks_nobody_for_anything(report):
    page = Page(report[1])
    assert page.open == []
    assert len(page.idents) == len(set(page.idents))
    assert not [
        entry for entry in page.attrs if entry[1] in {"src", "srcset", "action", "style"} or entry[1][:2] == "on"
    ]
    assert all(value.startswith("#") for _, name, value in page.attrs if name == "href")
    assert "<script" not in report[1]
    assert "http" not in report[1]
    assert "url(" not in report[1]


def test_report_links_lead_somewhere(report):
    page = Page(report[1])
    assert {value[1:] for _, name, value in page.attrs if name == "href"} <= set(page.idents)


def test_report_escapes_what_the_table_says(report):
    assert "<b>&amp;" not in report[1].replace("<b>Pair", "")
    assert "&lt;b&gt;&amp;amp;" in report[1]
    assert "r &lt;1&gt;.csv" in report[1]


def test_report_begins_with_the_sentence_and_states_how_many_pairs_it_shows(report):
    outcome, text = report
    flagged = outcome.findings.flagged_pairs
    assert f"<h1>{flagged} of 40 pairs have a session worth a second look.</h1>" in text
    assert f"The 3 most striking of {flagged} flagged pairs" in text
    assert text.count('<article class="pair"') == 3
    assert flagged == 10


def test_report_says_that_defaults_were_not_fitted_to_the_table(report):
    assert "not on parameters fitted to this table" in report[1]


@pytest.mark.parametrize(
    "word", ["detect", "predict", "high risk", "non-compliant", "failing", "monitored", "anonymous"]
)
def test_report_keeps_to_the_words_we_allow(report, word):
    assert word not in report[1].lower()


def test_report_without_a_flag_says_so(tmp_path):
    (tmp_path / "r.csv").write_text("id,s1,s2,s3\nA,7,8,7\n")
    run(tmp_path / "r.csv", tmp_path / "out")
    text = (tmp_path / "out" / "report.html").read_text()
    assert "None of 1 pair was flagged" in text
    assert "No pair was flagged" in text


def drawn(scores, marks=(), shape="bond"):
    points = tuple(Point(s, score, None, score, None, None) for s, score in enumerate(scores, start=1))
    return chart(Drawing("bond", shape, points, marks, TEN), "c1", "summary")


def test_chart_never_draws_a_line_over_a_missing_session():
    assert drawn([5, 6, 7, 8]).count('class="mine"') == 1
    assert drawn([5, 6, None, 7, 8]).count('class="mine"') == 2
    assert drawn([5, None, 7]).count('class="mine"') == 0


def test_chart_draws_every_score_and_rings_the_flagged_one():
    svg = drawn([5, None, 7], (Mark(3, "dip"),))
    assert svg.count('class="dot"') == 3  # two scores and the name's own
    assert svg.count('class="ring"') == 1


def test_chart_of_a_lone_session_stands_in_the_middle():
    assert 'cx="189.0"' in drawn([5])


@pytest.mark.parametrize("shape", ["goal", "task", "bond", "own"])
def test_each_pillar_has_a_form_of_its_own(shape):
    forms = {one: drawn([5], shape=one).replace(one, "") for one in ("goal", "task", "bond", "own")}
    assert len(set(forms.values())) == 4


FLAG = {"kind": "dip", "session": 6, "pillar": "bond", "score": 3.0, "usual_low": 7.0, "usual_high": 9.0,
        "size": 4.25, "version": "flags@1"}  # fmt: skip


def test_flag_words_say_the_numbers():
    words = flag_words(FLAG, TEN)
    assert (
        words == "lower than usual for these two at session 6: 3, usually 7 to 9 (4.2 points below what was expected)"
    )


def test_flag_words_of_a_sudden_change_say_both_scores():
    gain = FLAG | {"kind": "sudden-gain", "score": 39.0, "size": 24.0}
    assert "of 24 points after session 6 (39, then 15)" in flag_words(gain, Scale(0, 63, "low"))
    assert "of 2 points after session 6 (3, then 5)" in flag_words(gain | {"score": 3.0, "size": 2.0}, TEN)


def test_flag_lines_puts_flags_of_one_kind_together():
    lines = flag_lines([FLAG, FLAG | {"session": 8}, FLAG | {"pillar": "goal"}], TEN)
    assert len(lines) == 2
    assert lines[0].endswith("; again at session 8 · flags@1")


def test_numbers_and_plurals_are_short():
    assert [number(value) for value in (3.0, 3.456, -0.5, None, float("nan"))] == ["3", "3.46", "−0.5", "–", "–"]
    assert [plural(count, "flag") for count in (0, 1, 1200)] == ["0 flags", "1 flag", "1,200 flags"]


def test_chart_words_tell_the_range():
    assert chart_words("bond", [5, None, 8], 1) == "bond: 2 ratings, from 5 to 8, between 5 and 8; 1 flag"
    assert "no rating" in chart_words("bond", [None], 0)
