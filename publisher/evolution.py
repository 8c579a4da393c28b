"""How an estimate moved from edition to edition, or from year to year, as values and as text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher.answers import heading
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import day, interval, number, slug
from review.protocol import Protocol
from review.result import Synthesis
from synthesis.living.evolution import Stage
from synthesis.living.evolution import evolution as course_of

__all__ = ["COLUMNS", "Evolution", "Point", "evolution", "path_of", "stages"]

COLUMNS = ("CI", "Prediction interval", "τ²", "k", "Participants", "Signals that fired", "What moved it")
"""What the table of an evolution says of each stage besides its label, its day and its estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The pooled estimate of one stage, on the shown scale.

    Parameters
    ----------
    label
        The edition, or the year.
    cells
        The estimate and what stands in `COLUMNS`, as text.
    predicted
        The prediction interval; None where there is none.
    """

    label: str
    when: str
    under: str
    estimate: float
    lower: float
    upper: float
    predicted: tuple[float, float] | None
    k: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evolution:
    """The path of one analysis over the editions that published it, or over years.

    Parameters
    ----------
    measure, unit
        The effect measure in full, and as its letters.
    """

    slug: str
    title: str
    description: str
    measure: str
    unit: str
    null: float
    log: bool
    left: str
    right: str
    points: tuple[Point, ...]


def evolution(snapshot: Snapshot, synthesis: Synthesis) -> Evolution:
    """Return the path of the analysis key of `synthesis` up to the snapshot's edition."""
    scale = scale_of(snapshot, synthesis)
    # An edition may show what was pooled long before: the order is that of the editions.
    shown = [
        (str(edition.id), replace(found, at=edition.at))
        for edition in snapshot.ledger.editions
        for found in snapshot.published(edition)
        if found.key == synthesis.key
    ]
    labels = {str(edition.id): f"{edition.at:%Y-%m}" for edition in snapshot.ledger.editions}
    found = stages(shown, snapshot.protocol)
    return path_of(
        found,
        scale,
        snapshot.decimals,
        slug=slug(str(synthesis.key)),
        title=f"Evolution: {heading(snapshot.protocol, synthesis.key)}",
        under=[labels[one.label] for one in found],
        kind="edition",
    )


def stages(shown: Sequence[tuple[str, Synthesis]], protocol: Protocol) -> tuple[Stage, ...]:
    """Return labelled results of one analysis as stages, each compared with the one before; none for none."""
    if not shown:
        return ()
    labels, syntheses = [label for label, _ in shown], [found for _, found in shown]
    return course_of(syntheses, labels=labels, protocol=protocol).stages


def path_of(
    found: Sequence[Stage],
    scale: Scale,
    decimals: int,
    *,
    slug: str,
    title: str,
    kind: str,
    under: Sequence[str] = (),
) -> Evolution:
    """Return stages as a path with its words.

    Parameters
    ----------
    slug
        For anchors and file names.
    kind
        What a stage is called: *edition*, *year*; nothing where labels speak for themselves.
    under
        A second line below each label in the figure.
    """
    points = tuple(
        _point(stage, scale, decimals, below)
        for stage, below in zip(found, under or [""] * len(found), strict=True)
    )
    return Evolution(
        slug=slug,
        title=title,
        description=_describe(points, kind),
        measure=scale.name,
        unit=scale.measure,
        null=scale.null,
        log=scale.ratio,
        left=scale.left,
        right=scale.right,
        points=points,
    )


def _point(stage: Stage, scale: Scale, decimals: int, under: str) -> Point:
    estimate, lower, upper = (scale.shown(value) for value in (stage.estimate, stage.ci_lb, stage.ci_ub))
    low, high = scale.maybe(stage.pi_lb), scale.maybe(stage.pi_ub)
    return Point(
        label=stage.label,
        when=day(stage.at),
        under=under,
        estimate=estimate,
        lower=lower,
        upper=upper,
        predicted=None if low is None or high is None else (low, high),
        k=stage.k,
        cells=(
            number(estimate, decimals),
            interval(lower, upper, decimals),
            interval(low, high, decimals),
            number(stage.tau2, decimals + 1),
            str(stage.k),
            _participants(stage),
            _fired(stage),
            stage.attribution,
        ),
    )


def _participants(stage: Stage) -> str:
    if not stage.participants_stated:
        return "not stated"
    said = f"{stage.participants:,}"
    return (
        said if stage.participants_stated == stage.k else f"{said} (of {stage.participants_stated} studies)"
    )


def _fired(stage: Stage) -> str:
    if all(one.fired is None for one in stage.signals):
        return "not computable"
    return "; ".join(stage.fired) or "none"


def _describe(points: tuple[Point, ...], kind: str) -> str:
    if not points:
        return "No edition has published this analysis yet."
    first, last = (
        f"{kind} {one.label} ({one.cells[0]}, k = {one.k})".strip() for one in (points[0], points[-1])
    )
    return f"From {first} to {last}. The table below holds the same numbers."
