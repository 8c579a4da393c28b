"""What a list of ranked reports and their fates says of the ranking, and what it cannot say.

Two things are kept apart. *Where the included stood* needs no verdict on the others: it counts what would
have been read to reach them, whatever the others are. *Among the decided* are the measures that need to know
what is irrelevant; what is undecided has no part in them. Lists of several models are pooled by place (rank /
of), because scores of two models cannot be compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation.curves import Bin, Step, ideal_curve, recall_curve, reliability
from classifier.evaluation.figures import FEWEST, Figure, figures
from classifier.evaluation.history import Fate, Ranked
from classifier.evaluation.intervals import mean_interval, share_interval
from classifier.evaluation.ranks import first_of

__all__ = ["Judged", "judge"]

_TOPS = (0.1, 0.2, 0.5)

# 95% of fewer are all of them: the depth is then a maximum, and no resample goes beyond the largest seen.
_FEWEST_FOR_DEPTH = 20
_DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How good a ranking was, as far as decisions tell.

    Parameters
    ----------
    ranked
        `included` + `not_included` + `undecided`.
    standing
        Flagged share, recall of the flagged, shares of the included in the top of their lists (all with exact
        intervals), mean place, and the share of each list that reaches 95% and 100% of the
        included; the last is a maximum, of which no interval can be told from what was seen.
    among_decided
        `classifier.evaluation.figures` of the included against those decided otherwise.
    cannot_say
        What is not in these figures, and why.
    places
        The included, best place first.
    curve, ideal
        Recall of the included against the share of all lists that was read; empty without an included one.
    reliability
        Of the decided that had a probability.
    """

    ranked: int
    included: int
    not_included: int
    undecided: int
    flagged: int
    standing: tuple[Figure, ...]
    among_decided: tuple[Figure, ...]
    cannot_say: tuple[str, ...]
    places: tuple[Ranked, ...]
    curve: tuple[Step, ...]
    ideal: tuple[Step, ...]
    reliability: tuple[Bin, ...]
    sentence: str


def judge(rows: Iterable[Ranked], *, seed: int) -> Judged:
    """Judge a ranking by the fates of what it ranked, in whatever order they are given.

    Parameters
    ----------
    seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        If nothing was ranked.
    """
    ranked = sorted(rows, key=lambda one: (one.report, one.model))
    if not ranked:
        raise ValueError("judge: found no ranked report; expected one or more")
    yes = sorted(
        (one for one in ranked if one.fate is Fate.INCLUDED), key=lambda one: (one.place, one.report)
    )
    decided = [one for one in ranked if one.fate is not Fate.UNDECIDED]
    truth = np.array([one.fate is Fate.INCLUDED for one in ranked], dtype=bool)
    nearness = -np.array([one.place for one in ranked])
    standing, others = _standing(ranked, yes, seed), len(decided) - len(yes)
    return Judged(
        ranked=len(ranked),
        included=len(yes),
        not_included=others,
        undecided=len(ranked) - len(decided),
        flagged=sum(one.flagged for one in ranked),
        standing=standing,
        among_decided=_among(decided, seed) if yes and others else (),
        cannot_say=tuple(_cannot_say(len(yes), others, decided)),
        places=tuple(yes),
        curve=recall_curve(truth, nearness) if yes else (),
        ideal=ideal_curve(truth) if yes else (),
        reliability=_reliability(decided),
        sentence=_sentence(ranked, yes, len(decided), standing),
    )


def _standing(ranked: Sequence[Ranked], yes: Sequence[Ranked], seed: int) -> tuple[Figure, ...]:
    flagged = _share("flagged share", [one.flagged for one in ranked])
    if not yes:
        return (flagged,)
    places = np.array([one.place for one in yes])
    tops = (
        _share(f"included in the top {100 * top:.0f}%", [one.rank <= first_of(top, one.of) for one in yes])
        for top in _TOPS
    )
    low, high = mean_interval(places, seed=seed) if len(yes) >= FEWEST else (None, None)
    return (
        flagged,
        _share("recall of the flagged", [one.flagged for one in yes]),
        *tops,
        Figure("mean place of the included", float(places.mean()), low, high, len(yes)),
        _depth(places, seed),
        Figure("read to reach 100% of the included", float(places.max()), None, None, len(places)),
    )


def _share(name: str, hits: Sequence[bool]) -> Figure:
    found = sum(hits)
    return Figure(name, found / len(hits), *share_interval(found, len(hits)), len(hits))


def _depth(places: NDArray[np.float64], seed: int) -> Figure:
    """Return the share of each list that reaches 95% of the included."""
    n, low, high = len(places), None, None
    at = first_of(0.95, n) - 1
    if n >= _FEWEST_FOR_DEPTH:
        drawn = np.random.default_rng(seed).integers(n, size=(_DRAWS, n))
        ends = np.quantile(np.sort(places[drawn], axis=1)[:, at], [0.025, 0.975])
        low, high = float(ends[0]), float(ends[1])
    return Figure("read to reach 95% of the included", float(np.sort(places)[at]), low, high, n)


def _among(decided: Sequence[Ranked], seed: int) -> tuple[Figure, ...]:
    order = figures(
        [one.fate is Fate.INCLUDED for one in decided],
        [-one.place for one in decided],
        flagged=[one.flagged for one in decided],
        seed=seed,
    )
    return (*order, *_of_chances(decided, seed))


def _of_chances(decided: Sequence[Ranked], seed: int) -> tuple[Figure, ...]:
    truth, chances = _with_chances(decided)
    if not _both(truth):
        return ()
    table = figures(truth, chances, probabilities=chances, seed=seed)
    return tuple(one for one in table if one.name in {"Brier", "ECE"})


def _with_chances(decided: Sequence[Ranked]) -> tuple[list[bool], list[float]]:
    given = [(one.fate is Fate.INCLUDED, one.probability) for one in decided if one.probability is not None]
    return [fate for fate, _ in given], [chance for _, chance in given]


def _both(truth: Sequence[bool]) -> bool:
    return any(truth) and not all(truth)


def _reliability(decided: Sequence[Ranked]) -> tuple[Bin, ...]:
    truth, chances = _with_chances(decided)
    return reliability(truth, chances) if _both(truth) else ()


def _cannot_say(included: int, others: int, decided: Sequence[Ranked]) -> list[str]:
    if not included:
        return ["cannot say what was found or missed: n included is 0"]
    said = []
    if included < FEWEST:
        said.append(f"cannot give a bootstrap interval: n included is {included} ({FEWEST} are needed)")
    if not others:
        said.append("cannot say WSS, AP, NDCG, Brier or ECE: n decided and not included is 0")
    truth, _ = _with_chances(decided)
    if others and not _both(truth):
        said.append(f"cannot say Brier or ECE: of {len(decided)} decided {len(truth)} had a probability")
    elif others and len(truth) < len(decided):
        said.append(
            f"Brier and ECE rest on {len(truth)} of {len(decided)} decided: the rest had no probability"
        )
    return said


def _sentence(
    ranked: Sequence[Ranked], yes: Sequence[Ranked], decided: int, standing: Sequence[Figure]
) -> str:
    open_ones = len(ranked) - decided
    rest = f"{open_ones} of the {len(ranked)} ranked are undecided, and of these it says nothing."
    if not yes:
        return f"Cannot say how well the ranking did: n included is 0. {rest}"
    figure = {one.name: one for one in standing}
    caught, hits = figure["recall of the flagged"], sum(one.flagged for one in yes)
    deepest = _percent(figure["read to reach 100% of the included"].value)
    few = f" With n included at {len(yes)} this is an anecdote." if len(yes) < FEWEST else ""
    return (
        f"Of {len(yes)} reports that turned out to be included {hits} had been flagged "
        f"({_percent(caught.value)}, 95% interval {_percent(caught.low)} to {_percent(caught.high)}), "
        f"as were {_percent(figure['flagged share'].value)} of all {len(ranked)} ranked: "
        f"a line drawn by chance catches as many with a probability of {_percent(_by_chance(ranked, yes))}; "
        f"the top {deepest} of each list held every one of them.{few} {rest}"
    )


def _by_chance(ranked: Sequence[Ranked], yes: Sequence[Ranked]) -> float:
    """Return the probability that as many reports, flagged at random, hold as many of the included."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second that importing this need not cost

    flagged, hits = (sum(one.flagged for one in rows) for rows in (ranked, yes))
    return float(hypergeom.sf(hits - 1, len(ranked), len(yes), flagged))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f}%"
