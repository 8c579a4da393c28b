"""How many of the later trials each cut of the ranking held: for a year, and for all years together."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from classifier.history import Recall, recall
from publisher.words import count, interval, number
from review.replay import ReplayYear, TrialOutcome

__all__ = ["Cut", "curve", "cuts", "recall_rows", "recall_sentence"]

FIRST = (0.1, 0.2)
STEPS = tuple(tenth / 10 for tenth in range(1, 11))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The upper part of each year's ranking.

    Parameters
    ----------
    reports, of
        How many reports stand in it, of how many that were ranked.
    trials
        The known later trials among them; None where no year's answer held one.
    included
        Those of `trials` that a later meta-analysis included.
    chance
        How many of the trials as many reports drawn by chance would hold on average.
    """

    name: str
    reports: int
    of: int
    trials: Recall | None
    included: Recall | None
    chance: float


def cuts(years: Sequence[ReplayYear]) -> tuple[Cut, ...]:
    """Return what was flagged, and the first tenth and fifth of each year's ranking."""
    flagged = _cut("what was flagged", years, [(year.flagged, _flagged(year)) for year in years])
    return (flagged, *(_first(share, years) for share in FIRST))


def curve(years: Sequence[ReplayYear]) -> tuple[Cut, ...]:
    """Return the cuts at each tenth of each year's ranking."""
    return tuple(_first(share, years) for share in STEPS)


def recall_sentence(cut: Cut) -> str:
    """Say what was flagged and what that held, with every number it rests on."""
    share = f" ({100 * cut.reports / cut.of:.0f}%)" if cut.of else ""
    said = f"{cut.reports} of {count(cut.of, 'new report')} {_were(cut.reports)} flagged{share}."
    held = cut.trials
    if held is None:
        return f"{said} No known later trial was among those ranked, so there is no recall to tell."
    return (
        f"{said} Of {count(held.of, 'known later trial')} in the search’s answer, {held.held} "
        f"{_were(held.held)} flagged: recall {held.held}/{held.of} = {number(held.share, 2)} (exact 95% "
        f"interval {_interval(held)}). As many reports drawn by chance would hold {number(cut.chance, 1)} of "
        "them on average."
    )


def recall_rows(found: Sequence[Cut]) -> tuple[tuple[str, ...], ...]:
    """Return the cuts as rows of a table."""
    return tuple(
        (
            cut.name,
            f"{cut.reports} of {cut.of}",
            _held(cut.trials),
            _share(cut.trials),
            number(cut.chance, 1) if cut.trials else "none",
            f"{_held(cut.included)}: {_share(cut.included)}" if cut.included else "none",
        )
        for cut in found
    )


def _first(share: float, years: Sequence[ReplayYear]) -> Cut:
    depths = [ceil(round(share * year.ranked, 9)) for year in years]
    held = [
        (depth, [(one.rank or 0) <= depth for one in _ranked(year)])
        for year, depth in zip(years, depths, strict=True)
    ]
    return _cut(f"the first {100 * share:.0f}%", years, held)


def _cut(name: str, years: Sequence[ReplayYear], held: Sequence[tuple[int, list[bool]]]) -> Cut:
    trials = [one for year in years for one in _ranked(year)]
    each = [one for _, found in held for one in found]
    return Cut(
        name=name,
        reports=sum(depth for depth, _ in held),
        of=sum(year.ranked for year in years),
        trials=recall(each),
        included=recall(one for one, trial in zip(each, trials, strict=True) if trial.included),
        chance=sum(
            len(found) * depth / year.ranked
            for year, (depth, found) in zip(years, held, strict=True)
            if year.ranked
        ),
    )


def _flagged(year: ReplayYear) -> list[bool]:
    return [one.flagged for one in _ranked(year)]


def _ranked(year: ReplayYear) -> list[TrialOutcome]:
    return [one for one in year.trials if one.rank is not None]


def _were(number_of: int) -> str:
    return "was" if number_of == 1 else "were"


def _held(found: Recall | None) -> str:
    return f"{found.held} of {found.of}" if found else "none"


def _share(found: Recall | None) -> str:
    return f"{number(found.share, 2)} ({_interval(found)})" if found else "none"


def _interval(found: Recall) -> str:
    return interval(found.low, found.high, 2)
