"""What a new trial would have to show to change the conclusion: a table by size, and a picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from publisher.answers import heading
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import number, slug
from review.effect import EffectSize
from review.protocol_synthesis import SynthesisPlan
from review.result import Synthesis
from synthesis.arrays import Pair
from synthesis.living.contour import Contour, NewTrial, Side, Stretch, contour
from synthesis.living.contour.with_new_trial import Question, with_new_trial

__all__ = ["MOST_STUDIES", "ContourView", "Region", "contours"]


QUARTILES = (0.75, 0.5, 0.25)
MOST_STUDIES = 300
"""With more studies one trial changes little, and the search would slow the making of a page."""

_ACROSS, _DOWN = 181, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The plane of a new trial's effects and standard errors, and on which side the pool would come to lie.

    Parameters
    ----------
    xs
        Effects on the scale of pooling, ascending.
    ses
        Standard errors, ascending.
    above, below
        How far the pool would lie beyond the upper and the lower mark, negative where it would not; a row for
        each standard error.
    said
        What is concluded on each side that occurs.
    """

    xs: tuple[float, ...]
    ses: tuple[float, ...]
    above: tuple[tuple[float, ...], ...]
    below: tuple[tuple[float, ...], ...]
    said: tuple[tuple[Side, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContourView:
    """One conclusion and what would change it.

    Parameters
    ----------
    now
        What is concluded at present, a sentence.
    rows
        A line for each size.
    studies
        Effect on the shown scale and standard error of each study.
    """

    slug: str
    title: str
    description: str
    now: str
    rows: tuple[tuple[str, ...], ...]
    note: str
    scale: Scale
    region: Region
    studies: tuple[tuple[float, float], ...]
    estimate: float


def contours(snapshot: Snapshot, synthesis: Synthesis) -> tuple[ContourView, ...]:
    """Return what would change each conclusion: significance, and crossing the declared difference if any.

    Langan et al. 2012, J Clin Epidemiol 65:511-519, with the protocol's own pool. There is nothing for one
    study, where nothing is pooled yet; for more than `MOST_STUDIES`; and where an amended protocol would pool
    otherwise than the synthesis did.
    """
    amended = synthesis.protocol_version != snapshot.protocol.version
    if amended or not 1 < synthesis.numbers.k <= MOST_STUDIES:
        return ()
    mid = snapshot.protocol.mid_of(synthesis.key.outcome, synthesis.key.stratum)
    asked: list[tuple[Question, float]] = [("significance", 0.0)]
    if not isinstance(mid, str):
        asked.append(("mid", abs(mid)))
    plan = snapshot.protocol.synthesis
    return tuple(_view(snapshot, synthesis, _drawn(synthesis.rows, plan, *one), *one) for one in asked)


@lru_cache(maxsize=64)
def _drawn(
    rows: tuple[EffectSize, ...], plan: SynthesisPlan, question: Question, mid: float
) -> tuple[Contour, Region]:
    """Search once for the pages that show the same pool: an edition, and the front page after it."""
    participants = _sizes_like([row.ni for row in rows if row.ni])
    yi, errors = np.array([row.yi for row in rows]), np.sqrt([row.vi for row in rows])
    within = _plausible([*yi, 0.0, mid, -mid], max(float(np.ptp(yi)), 2 * float(errors.max())))
    sizes = participants or [float(np.quantile(errors, q)) for q in QUARTILES]
    found = contour(
        rows,
        plan,
        change=question,
        mid=mid or "not declared",
        sizes=sizes,
        by="participants" if participants else "se",
        within=within,
    )
    return found, _region((yi, errors**2), plan, found, mid)


def _sizes_like(stated: Sequence[int]) -> list[float]:
    """Return quartiles of the participants that studies state and twice the largest, to two digits."""
    if not stated:
        return []
    sizes = [float(size) for size in np.quantile(stated, sorted(QUARTILES))]
    return sorted({float(f"{size:.2g}") for size in (*sizes, 2.0 * max(stated))})


def _plausible(places: Sequence[float], reach: float) -> tuple[float, float]:
    """Return the studies' range and as much again on either side: effects beyond it would convince nobody."""
    return float(min(places)) - reach, float(max(places)) + reach


def _region(pooled: Pair, plan: SynthesisPlan, found: Contour, mid: float) -> Region:
    deepest = 1.05 * math.sqrt(float(pooled[1].max()))
    xs, ses = np.linspace(found.low, found.high, _ACROSS), np.linspace(deepest / _DOWN, deepest, _DOWN)
    margins = [with_new_trial(pooled, float(se), plan, found.question, mid)(xs) for se in ses]
    above, below = (np.array(rows) for rows in zip(*margins, strict=True))
    occurring = {
        Side.ABOVE: bool((above > 0).any()),
        Side.BETWEEN: bool(((above <= 0) & (below <= 0)).any()),
        Side.BELOW: bool((below > 0).any()),
    }
    return Region(
        xs=tuple(map(float, xs)),
        ses=tuple(map(float, ses)),
        above=tuple(tuple(map(float, row)) for row in above),
        below=tuple(tuple(map(float, row)) for row in below),
        said=tuple((side, found.concluded(side)) for side, occurs in occurring.items() if occurs),
    )


def _view(
    snapshot: Snapshot, synthesis: Synthesis, drawn: tuple[Contour, Region], question: Question, mid: float
) -> ContourView:
    found, region = drawn
    scale, decimals = scale_of(snapshot, synthesis), snapshot.decimals
    what = "crossing the minimal important difference" if question == "mid" else "statistical significance"
    limit = f" The difference is {mid:g} on the scale of pooling." if question == "mid" else ""
    return ContourView(
        slug=slug(f"{synthesis.key}-{question}"),
        title=f"What would change the conclusion on {what}: {heading(snapshot.protocol, synthesis.key)}",
        description=_describe(found, scale, decimals),
        now=f"At present {found.conclusion}.{limit}",
        rows=tuple(_row(found, place, scale, decimals) for place in range(len(found.trials))),
        note=_note(found, scale, decimals),
        scale=scale,
        region=region,
        studies=tuple((scale.shown(row.yi), math.sqrt(row.vi)) for row in synthesis.rows),
        estimate=found.estimate,
    )


def _describe(found: Contour, scale: Scale, decimals: int) -> str:
    able = [one for one in found.trials if one.changing]
    which = f"{len(able)} of the {len(found.trials)} sizes in the table" if able else "no size in the table"
    return (
        f"Shades tell, for each effect and standard error of one new trial, what would be concluded with it; "
        f"dots are the studies pooled now, at {number(scale.shown(found.estimate), decimals)}. "
        f"A trial could change the conclusion with {which}. The table below says with which effects."
    )


def _note(found: Contour, scale: Scale, decimals: int) -> str:
    low, high = (number(scale.shown(end), decimals) for end in (found.low, found.high))
    made = (
        "The protocol’s own pool is made anew with one more trial; an extreme one can widen a Hartung-Knapp "
        "interval, so that effects may change the conclusion on either side."
    )
    return (
        f"{made} Effects from {low} to {high} were searched: the studies’ own "
        f"range and as much again on either side. {found.conversion}".strip()
    )


_LIKE = {
    0: "the precision of the less precise studies (upper quartile)",
    1: "the precision of the median study",
    2: "the precision of the more precise studies (lower quartile)",
}


def _row(found: Contour, place: int, scale: Scale, decimals: int) -> tuple[str, ...]:
    trial = found.trials[place]
    size = _LIKE.get(place, "") if trial.participants is None else f"{trial.participants:,} participants"
    told = "; ".join(_ways(found, trial, scale, decimals)) or "no trial of this size can"
    return (size, number(trial.se, decimals), told)


def _ways(found: Contour, trial: NewTrial, scale: Scale, decimals: int) -> Iterator[str]:
    for side in dict.fromkeys(one.side for one in trial.changing):
        parts = (one for one in trial.changing if one.side is side)
        places = " or ".join(_where(found, one, scale, decimals) for one in parts)
        yield f"{places}: then {found.concluded(side)}"


def _where(found: Contour, part: Stretch, scale: Scale, decimals: int) -> str:
    low, high = (number(scale.shown(end), decimals) for end in (part.low, part.high))
    if part.low == found.low:
        return f"below {high}" if part.high < found.high else "any"
    return f"above {low}" if part.high == found.high else f"between {low} and {high}"
