"""Scoring keys of outcome questionnaires: facts only, no item texts. Risk items are named."""

from accord.science.instruments.model import Instrument, Item, Scale, names, numbered

_NO_TEXTS = "scoring key only; the site loads the items"

PHQ_9_1 = Instrument(
    id="phq-9@1",
    title="Patient Health Questionnaire, nine items",
    audience="client",
    note=_NO_TEXTS,
    source="Kroenke, Spitzer & Williams (2001), J Gen Intern Med 16, 606-613",
    items=numbered(9, lowest=0, highest=3),
    scales=(Scale("total", names(*range(1, 10))),),
    risk_items=names(9),
)

GAD_7_1 = Instrument(
    id="gad-7@1",
    title="Generalised Anxiety Disorder scale, seven items",
    audience="client",
    note=_NO_TEXTS,
    source="Spitzer, Kroenke, Williams & Löwe (2006), Arch Intern Med 166, 1092-1097",
    items=numbered(7, lowest=0, highest=3),
    scales=(Scale("total", names(*range(1, 8))),),
)

CORE_10_1 = Instrument(
    id="core-10@1",
    title="CORE-10",
    audience="client",
    note=_NO_TEXTS + "; missing items are not filled in here",
    source="Barkham et al. (2013), Counselling and Psychotherapy Research 13, 3-13",
    items=numbered(10, lowest=0, highest=4),
    scales=(Scale("total", names(*range(1, 11)), reversed=names(2, 3)),),
    risk_items=names(6),
)

GOAL_BASED_1 = Instrument(
    id="goal-based-outcome@1",
    title="Goal-based outcome, one goal",
    audience="client",
    note="progress on one goal in the client's own words, 0 to 10",
    source="Law & Jacob (2013), Goals and Goal Based Outcomes",
    items=(Item("progress", 0, 10),),
    scales=(Scale("progress", ("progress",)),),
)
