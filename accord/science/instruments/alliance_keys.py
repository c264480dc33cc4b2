"""Scoring keys of published alliance questionnaires: facts only, no item texts.

A site that holds a licence loads the texts. Values are stored, never positions on a printed form.
"""

from accord.science.instruments.model import Instrument, Scale, names, numbered

_NO_TEXTS = "scoring key only; the site needs its own licence for the items"

WAI_SR_1 = Instrument(
    id="wai-sr-client@1",
    title="Working Alliance Inventory, short revised, client",
    audience="client",
    note=_NO_TEXTS + "; no bands: there are no agreed norms",
    source="Hatcher & Gillaspy (2006), Psychotherapy Research 16, 12-25",
    items=numbered(12, lowest=1, highest=5),
    scales=(
        Scale("goal", names(4, 6, 8, 11)),
        Scale("task", names(1, 2, 10, 12)),
        Scale("bond", names(3, 5, 7, 9)),
        Scale("total", names(*range(1, 13))),
        Scale("mean", names(*range(1, 13)), how="mean"),
    ),
)

SAI_1 = Instrument(
    id="sai@1",
    title="Session Alliance Inventory",
    audience="client",
    note=_NO_TEXTS + "; use the one total, not parts of it",
    source="Falkenström et al. (2015), Psychological Assessment 27, 169-183",
    items=numbered(6, lowest=0, highest=5),
    scales=(Scale("total", names(*range(1, 7))),),
)

SRS_1 = Instrument(
    id="srs-3.0@1",
    title="Session Rating Scale 3.0",
    audience="client",
    note=_NO_TEXTS + "; below 36, or a fall of 1 or more: talk about it",
    source="Duncan et al. (2003), Journal of Brief Therapy 3, 3-12",
    items=numbered(4, lowest=0, highest=10, whole=False),  # marks on a line
    scales=(Scale("total", names(1, 2, 3, 4)),),
)

CNIP_1 = Instrument(
    id="c-nip@1",
    title="Cooper-Norcross Inventory of Preferences",
    audience="client",
    note=_NO_TEXTS + "; wishes to talk about, no score is better than another",
    source="Cooper & Norcross (2016), International Journal of Clinical and Health Psychology 16, 87-98",
    items=numbered(18, lowest=-3, highest=3),
    scales=(
        Scale("directiveness", names(*range(1, 6))),
        Scale("intensity", names(*range(6, 11))),
        Scale("past", names(*range(11, 14))),
        Scale("warm-support", names(*range(14, 19))),
    ),
)
