"""From estimates to rows that may be pooled: the protocol's measure, its sign, its analysis key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import isnan
from typing import Any

from review.effect import AnalysisKey, ArmCounts, ArmMeans, Estimate, SharedControl
from review.ids import StudyId
from review.protocol import Protocol
from synthesis.living.direction import RATIOS_AND_RISKS, turn
from synthesis.living.selection import choose
from synthesis.living.suspicions import suspicions
from synthesis.measures.effects import effect_sizes

__all__ = ["Row", "rows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One estimate in the protocol's measure and sign."""

    study: StudyId
    label: str
    yi: float
    vi: float
    ni: int | None
    shared_control: SharedControl
    imported: bool
    subgroups: tuple[tuple[str, str], ...]
    moderators: tuple[tuple[str, float], ...] = ()
    measure: str = ""
    arms: ArmCounts | None = None


def rows_of(
    estimates: Sequence[Estimate], imported: Sequence[bool], key: AnalysisKey, protocol: Protocol
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the rows that can be pooled, sorted by study and label, and notes on what was done to them.

    Where a study gives several results, the protocol's rules take one (`synthesis.living.selection`).

    Parameters
    ----------
    estimates
        All of one analysis key.
    imported
        For each estimate whether another meta-analysis printed it.
    key
        The analysis.
    protocol
        Says the measure of the outcome in the stratum, and the sign.

    Raises
    ------
    ValueError
        For an estimate of another key or measure, counts where a difference of means is pooled, a row
        that is given twice, or an undeclared level; the message names the row.
    """
    if len(imported) != len(estimates):
        raise ValueError(
            f"imported: found {len(imported)} flags; expected one for each of {len(estimates)} rows"
        )
    pairs = sorted(zip(estimates, imported, strict=True), key=lambda pair: (pair[0].study, pair[0].label))
    _check_twice([estimate for estimate, _ in pairs])
    for estimate, _ in pairs:
        _check(estimate, key, protocol)
    chosen = choose([estimate for estimate, _ in pairs], key, protocol)
    flags = {(estimate.study, estimate.label): flag for estimate, flag in pairs}
    rows, notes = [], [*chosen.notes, *suspicions(chosen.estimates)]
    for estimate in chosen.estimates:
        row, said = _row(estimate, protocol, imported=flags[estimate.study, estimate.label])
        rows += [row] if row is not None else []
        notes += [said] if said else []
    return tuple(rows), tuple(notes)


def _check_twice(estimates: Sequence[Estimate]) -> None:
    for one, other in pairwise(estimates):
        if (one.study, one.label) == (other.study, other.label):
            raise ValueError(
                f"{one.study}, row {one.label}: found twice; expected each row once "
                "(keep the value that supersedes the other)"
            )


def _check(estimate: Estimate, key: AnalysisKey, protocol: Protocol) -> None:
    if estimate.key != key:
        raise ValueError(f"{estimate.label}: found the analysis {estimate.key}; expected {key}")
    measure = protocol.measure_of(key.outcome, key.stratum)
    if estimate.measure != measure:
        raise ValueError(
            f"{estimate.label}: found the measure {estimate.measure}; expected {measure}, which the protocol "
            f"declares for {key.outcome} in {key.stratum} (convert the result, or leave the row out)"
        )
    if estimate.arms is not None and isinstance(estimate.arms, ArmCounts) != (measure in RATIOS_AND_RISKS):
        found, expected = ("counts", "means") if isinstance(estimate.arms, ArmCounts) else ("means", "counts")
        raise ValueError(
            f"{estimate.label}: found {found} per arm; expected {expected} for {measure}, "
            "or a value and its standard error"
        )
    for name, level in estimate.subgroups:
        declared = protocol.subgroup[name].levels if name in protocol.subgroup else ()
        if level not in declared:
            raise ValueError(
                f"{estimate.label}: found the level {level!r} of subgroup {name!r}; expected one that the "
                f"protocol declares ({', '.join(declared) or 'none'})"
            )


def _row(estimate: Estimate, protocol: Protocol, *, imported: bool) -> tuple[Row | None, str]:
    outcome = protocol.find_outcome(estimate.key.outcome)
    sign, note = turn(estimate, outcome, protocol.synthesis)
    if isinstance(estimate.arms, ArmCounts):
        effect, note = _of_counts(estimate.arms, estimate)
    elif estimate.arms is not None:
        effect = _of_means(estimate.arms, estimate.measure)
    else:
        effect = _given(estimate)
    if effect is None:
        return None, note
    row = Row(
        study=estimate.study,
        label=estimate.label,
        yi=sign * effect[0],
        vi=effect[1],
        ni=_participants(estimate),
        shared_control=estimate.shared_control,
        imported=imported,
        subgroups=estimate.subgroups,
        moderators=estimate.moderators,
        measure=estimate.measure,
        arms=estimate.arms if isinstance(estimate.arms, ArmCounts) else None,
    )
    return row, note


def _given(estimate: Estimate) -> tuple[float, float] | None:
    # An estimate has either counts or both of these: its own constructor sees to that.
    return None if estimate.value is None or estimate.se is None else (estimate.value, estimate.se**2)


def _of_counts(arms: ArmCounts, estimate: Estimate) -> tuple[tuple[float, float] | None, str]:
    """Return effect and variance; none where a ratio has nothing to say (Cochrane Handbook 10.4.4)."""
    ratio = estimate.measure != "RD"
    sizes = effect_sizes(
        estimate.measure, drop00=ratio, ai=[arms.ai], n1i=[arms.n1i], ci=[arms.ci], n2i=[arms.n2i]
    )
    cells = (arms.ai, arms.n1i - arms.ai, arms.ci, arms.n2i - arms.ci)
    if isnan(sizes.yi[0]):
        many = "no events" if arms.ai == arms.ci == 0 else "nothing but events"
        return None, f"{estimate.label}: {many} in both arms, which says nothing about a ratio; not pooled."
    note = f"{estimate.label}: a cell of its table is 0; 0.5 was added to each cell." if 0 in cells else ""
    return (float(sizes.yi[0]), float(sizes.vi[0])), note


def _of_means(arms: ArmMeans, measure: str) -> tuple[float, float]:
    """Return effect and variance: Hedges' g for SMD, the difference of means for MD."""
    columns: dict[str, Any] = {name: [value] for name, value in asdict(arms).items()}
    sizes = effect_sizes(measure, **columns)
    return float(sizes.yi[0]), float(sizes.vi[0])


def _participants(estimate: Estimate) -> int | None:
    if estimate.n is not None or estimate.arms is None:
        return estimate.n
    return estimate.arms.n1i + estimate.arms.n2i
