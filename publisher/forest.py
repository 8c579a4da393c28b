"""What a forest plot shows, as values and as text: the figure and its table are drawn from the same rows."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from publisher.answers import heading
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import count, interval, number, slug
from review.ids import StudyId
from review.result import Synthesis

__all__ = ["Forest", "ForestRow", "forest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One line of the plot on the shown scale; `size` is its weight in percent, None for the pooled line.

    Parameters
    ----------
    new
        True where the previous edition did not pool the study.
    """

    label: str
    estimate: float
    lower: float
    upper: float
    text: str
    weight: str
    size: float | None = None
    participants: str = ""
    imported: bool = False
    new: bool = False

    @property
    def name(self) -> str:
        """The label with its marks."""
        return self.label + (" †" if self.imported else "") + (" (new)" if self.new else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A whole plot with the words around it."""

    slug: str
    title: str
    description: str
    measure: str
    rows: tuple[ForestRow, ...]
    pooled: ForestRow
    prediction: ForestRow | None
    log: bool
    null: float
    left: str
    right: str
    decimals: int

    @property
    def has_imported(self) -> bool:
        """True where a line carries the mark of an imported effect."""
        return any(row.imported for row in self.rows)

    @property
    def has_new(self) -> bool:
        """True where a line is new since the previous edition."""
        return any(row.new for row in self.rows)


def forest(snapshot: Snapshot, synthesis: Synthesis) -> Forest:
    """Return the plot of a synthesis; lines stand in the order in which they were pooled."""
    scale = scale_of(snapshot, synthesis)
    title = f"Forest plot: {heading(snapshot.protocol, synthesis.key)}"
    rows = _rows(snapshot, synthesis, scale)
    pooled = _pooled(synthesis, scale, snapshot.decimals)
    return Forest(
        slug=slug(str(synthesis.key)),
        title=title,
        description=_describe(rows, pooled, scale),
        measure=scale.name,
        rows=rows,
        pooled=pooled,
        prediction=_prediction(synthesis, scale, snapshot.decimals),
        log=scale.ratio,
        null=scale.null,
        left=scale.left,
        right=scale.right,
        decimals=snapshot.decimals,
    )


def _rows(snapshot: Snapshot, synthesis: Synthesis, scale: Scale) -> tuple[ForestRow, ...]:
    # Study lines are Wald intervals at the level of the pooled one.
    z = NormalDist().inv_cdf((1 + synthesis.numbers.level) / 2)
    before = _pooled_before(snapshot, synthesis)
    return tuple(
        _line(
            str(row.study),
            (row.yi, row.yi - z * math.sqrt(row.vi), row.yi + z * math.sqrt(row.vi)),
            scale,
            snapshot.decimals,
            weight=weight,
            participants="" if row.ni is None else f"{row.ni:,}",
            imported=row.imported,
            new=before is not None and row.study not in before,
        )
        for row, weight in zip(synthesis.rows, synthesis.weights, strict=True)
    )


def _pooled_before(snapshot: Snapshot, synthesis: Synthesis) -> frozenset[StudyId] | None:
    if snapshot.previous is None:
        return None
    earlier = (one for one in snapshot.published(snapshot.previous) if one.key == synthesis.key)
    return frozenset(row.study for one in earlier for row in one.rows)


def _line(
    label: str,
    numbers: tuple[float, float, float],
    scale: Scale,
    decimals: int,
    *,
    weight: float | None = None,
    participants: str = "",
    imported: bool = False,
    new: bool = False,
) -> ForestRow:
    estimate, lower, upper = (scale.shown(value) for value in numbers)
    return ForestRow(
        label=label,
        estimate=estimate,
        lower=lower,
        upper=upper,
        text=f"{number(estimate, decimals)} [{interval(lower, upper, decimals)}]",
        weight="" if weight is None else f"{number(weight, 1)}%",
        size=weight,
        participants=participants,
        imported=imported,
        new=new,
    )


def _pooled(synthesis: Synthesis, scale: Scale, decimals: int) -> ForestRow:
    found = synthesis.numbers
    label = f"Random effects, k = {found.k}"
    return _line(label, (found.estimate, found.ci_lb, found.ci_ub), scale, decimals)


def _prediction(synthesis: Synthesis, scale: Scale, decimals: int) -> ForestRow | None:
    found = synthesis.numbers
    if found.pi_lb is None or found.pi_ub is None:
        return None
    lower, upper = scale.shown(found.pi_lb), scale.shown(found.pi_ub)
    return ForestRow(
        label=f"{100 * found.level:g}% prediction interval, {found.pi_df}",
        estimate=scale.shown(found.estimate),
        lower=lower,
        upper=upper,
        text=f"[{interval(lower, upper, decimals)}]",
        weight="",
    )


def _describe(rows: tuple[ForestRow, ...], pooled: ForestRow, scale: Scale) -> str:
    new = [row.label for row in rows if row.new]
    added = f" New since the previous edition: {', '.join(new)}." if new else ""
    return (
        f"{count(len(rows), 'study', 'studies')}, {scale.name.lower()} with confidence intervals. "
        f"Pooled: {pooled.text}. Left of {scale.null:.0f} {scale.left}, right of it {scale.right}.{added} "
        "The table below holds the same numbers."
    )
