"""The tables that `accord match` writes."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from accord.batch.match_cells import Ints
from accord.batch.match_rows import Drawn
from accord.science.matching import VERSION, fairness
from accord.science.matching.flowing import Flow
from accord.science.matching.kernels import NOBODY
from accord.science.matching.worth import HUNDREDTHS, QUARTERS, STEPS

STANDING = ("full", "ask", "ask", "open")  # by the first digit of a worth
WISHES = STEPS * (QUARTERS + 1) * STEPS  # one hundredth of the wishes, in points of worth
EVERYBODY = "all"


def assignments(rows: Drawn, flow: Flow, listed: tuple[Ints, Ints], allowed: Ints) -> pl.DataFrame:
    """A row a client, in order of priority."""
    assigned, order = flow.assigned, rows.order
    got = assigned != NOBODY
    following, costs = _next_best(flow, listed)
    fits, lacks = _met(rows, assigned)
    why = np.where(got, "placed", np.where(allowed > 0, "full", "nobody"))
    table = pl.DataFrame(
        {
            "client": rows.names,
            "therapist": _names(rows.therapists, assigned),
            "why": why,
            "standing": _words(np.where(got, rows.network.door[assigned], 0), got),
            "fits": fits,
            "lacks": lacks,
            "therapists_that_fit": allowed,
            "next_best": _names(rows.therapists, following),
            "costs_at_least": pl.Series(np.where(following != NOBODY, costs, 0)).set(
                pl.Series(following == NOBODY), None
            ),
            "urgency": rows.asking.urgency,
            "days_waiting": rows.asking.days,
            "wishes_met": _wishes(rows, assigned),
            "version": np.full(len(order), VERSION),
        }
    )
    if rows.asking.group is not None:
        table = table.with_columns(group=rows.asking.group)
    return table[order]


def _next_best(flow: Flow, listed: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Of the others in each client's list the one that costs least at the prices of the optimum, and how much.

    In all it costs at least (worth − price) of the one suggested, less that of the other: prices bound it from below.
    """
    found, worth = listed
    assigned = flow.assigned
    padded = np.append(flow.price, 0)
    left = np.where(
        (found == NOBODY) | (found == assigned[:, None]), np.iinfo(np.int64).min // 2, worth - padded[found]
    )
    place = left.argmax(axis=1)
    at = np.arange(len(place))
    there = (left[at, place] > np.iinfo(np.int64).min // 2) & (assigned != NOBODY)
    return np.where(there, found[at, place], NOBODY), np.where(there, flow.pays - left[at, place], 0)


def _met(rows: Drawn, assigned: Ints) -> tuple[pl.Series, pl.Series]:
    """The columns of wishes that the one suggested meets and does not meet, in words."""
    fits = np.full(len(assigned), "", object)
    lacks = fits.copy()
    for column, (client, wish) in rows.met.items():
        got = assigned[client] != NOBODY
        client, wish = client[got], wish[got]
        therapist = assigned[client]
        bit = rows.network.met[wish, therapist >> 6] >> (therapist & 63).astype(np.uint64) & np.uint64(1)
        missing = np.unique(client[bit == 0])
        there = np.setdiff1d(client, missing)
        fits[there] += f"{column}, "
        lacks[missing] += f"{column}, "
    told = [pl.Series(words, dtype=pl.String).str.strip_suffix(", ") for words in (fits, lacks)]
    return told[0], told[1]


def _wishes(rows: Drawn, assigned: Ints) -> pl.Series:
    """Share of the strengths that is met, 0..1; blank where there is no suggestion or nothing nice was asked."""
    count = len(assigned)
    clients = rows.clients
    client = np.repeat(np.arange(count), np.diff(clients.nice_start))
    therapist = np.maximum(assigned[client], 0)
    bit = rows.network.met[clients.nice, therapist >> 6] >> (therapist & 63).astype(np.uint64) & np.uint64(1)
    met = np.bincount(client, clients.strength * bit, minlength=count)
    total = np.bincount(client, clients.strength, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where((assigned != NOBODY) & (total > 0), met / total, np.nan)
    return pl.Series(share, nan_to_null=True)


def candidate_lists(rows: Drawn, found: Ints, worth: Ints, clients: Ints) -> pl.DataFrame:
    """Each client's list, best first: a row a therapist."""
    there = found[clients] != NOBODY
    client, place = np.nonzero(there)
    points = worth[clients][there]
    head = points // WISHES
    return pl.DataFrame(
        {
            "client": rows.names.gather(clients[client]),
            "place": place + 1,
            "therapist": rows.therapists.gather(found[clients][there]),
            "standing": np.array(STANDING)[head // (HUNDREDTHS + 1)],
            "wishes_met": (head % (HUNDREDTHS + 1)) / HUNDREDTHS,
        }
    )


def groups(rows: Drawn, suggested: pl.DataFrame) -> pl.DataFrame:
    """The fairness report: everybody, by urgency, and by the groups that the table brings."""
    told = [("", np.full(suggested.height, EVERYBODY)), ("urgency ", suggested["urgency"].cast(pl.Int64).to_numpy())]
    if "group" in suggested.columns:
        told.append(("", suggested["group"].to_numpy()))
    lines = []
    for before, names in told:
        cases = fairness.Cases(
            group=[f"{before}{name}" for name in names],
            days=suggested["days_waiting"].to_numpy(),
            fitted=suggested["therapists_that_fit"].to_numpy() > 0,
            placed=(suggested["why"] == "placed").to_numpy(),
            wishes=suggested["wishes_met"].to_numpy(),
        )
        lines += [_line(one) for one in fairness.by_group(cases)]
    return pl.DataFrame(lines).fill_nan(None)


def _line(one: fairness.GroupReport) -> dict[str, object]:
    shares = {
        f"{name}{end}": value
        for name in ("share", "gap")
        for end, value in zip(("", "_low", "_high"), getattr(one, name), strict=True)
    }
    rest = {name: value for name, value in one._asdict().items() if name not in ("name", "share", "gap")}
    return {"group": one.name, **rest, **shares}


def loads(rows: Drawn, flow: Flow) -> pl.DataFrame:
    """A row a therapist, in order of name."""
    got = flow.assigned[flow.assigned != NOBODY]
    return pl.DataFrame(
        {
            "therapist": rows.therapists,
            "places": rows.network.places,
            "suggested": np.bincount(got, minlength=len(rows.therapists)),
            "one_more_would_add": flow.price,
        }
    ).sort("therapist")


def _names(names: pl.Series, rows: Ints) -> pl.Series:
    return names.gather(pl.Series(rows).set(pl.Series(rows == NOBODY), None))


def _words(digit: Ints, got: NDArray[np.bool_]) -> pl.Series:
    return pl.Series(np.array(STANDING)[digit]).set(pl.Series(~got), None)
