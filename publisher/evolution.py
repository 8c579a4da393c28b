"""How an estimate moved from edition to edition, as values and as text."""

from dataclasses import dataclass
from datetime import datetime

from publisher.answers import heading, participants
from publisher.scales import scale_of
from publisher.snapshot import Snapshot
from publisher.words import day, interval, number, slug
from review.edition import Edition
from review.result import Synthesis

__all__ = ["Evolution", "Point", "evolution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The pooled estimate that one edition published, on the shown scale."""

    edition: str
    at: datetime
    when: str
    estimate: float
    lower: float
    upper: float
    k: int
    participants: str
    estimate_text: str
    interval_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evolution:
    """The path of one analysis over the editions that published it."""

    slug: str
    title: str
    description: str
    measure: str
    null: float
    log: bool
    left: str
    right: str
    points: tuple[Point, ...]


def evolution(snapshot: Snapshot, synthesis: Synthesis) -> Evolution:
    """Return the path of the analysis key of `synthesis` up to the snapshot's edition."""
    scale = scale_of(snapshot, synthesis)
    points = tuple(
        _point(snapshot, edition, found)
        for edition in snapshot.ledger.editions
        for found in snapshot.published(edition)
        if found.key == synthesis.key
    )
    return Evolution(
        slug=slug(str(synthesis.key)),
        title=f"Evolution: {heading(snapshot.protocol, synthesis.key)}",
        description=_describe(points),
        measure=scale.name,
        null=scale.null,
        log=scale.ratio,
        left=scale.left,
        right=scale.right,
        points=points,
    )


def _point(snapshot: Snapshot, edition: Edition, synthesis: Synthesis) -> Point:
    scale, found, decimals = scale_of(snapshot, synthesis), synthesis.numbers, snapshot.decimals
    estimate, lower, upper = (scale.shown(value) for value in (found.estimate, found.ci_lb, found.ci_ub))
    return Point(
        edition=str(edition.id),
        at=edition.at,
        when=day(edition.at),
        estimate=estimate,
        lower=lower,
        upper=upper,
        k=found.k,
        participants=participants(found),
        estimate_text=number(estimate, decimals),
        interval_text=interval(lower, upper, decimals),
    )


def _describe(points: tuple[Point, ...]) -> str:
    if not points:
        return "No edition has published this analysis yet."
    first, last = points[0], points[-1]
    return (
        f"From edition {first.edition} ({first.estimate_text}, k = {first.k}) to edition {last.edition} "
        f"({last.estimate_text}, k = {last.k}). The table below holds the same numbers."
    )
