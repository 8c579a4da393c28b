"""What differs between the studies of two syntheses, each difference with its cause and its reason."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from review.departure import Departure, DepartureKind
from review.effect import EffectSize
from review.ids import StudyId
from review.result import Synthesis
from synthesis.living.scale import on_log_scale

__all__ = ["GROUPS", "ORDER", "Cause", "Change", "Group", "same", "study_changes"]


class Cause(StrEnum):
    """Why pooled numbers moved."""

    FIRST = "first result"
    RECALCULATED = "calculated anew"
    NEW = "new study"
    CORRECTED = "corrected value"
    NOT_INCLUDED = "no longer included"
    WITHDRAWN = "result withdrawn"
    LEFT = "left the analysis"
    UNIT = "unit of analysis"
    ESTIMATOR = "estimator"
    INTERVAL = "interval"


class Group(StrEnum):
    """The four kinds of causes that are summed up."""

    NEW = "new studies"
    CORRECTED = "corrected values"
    ELIGIBILITY = "eligibility"
    METHOD = "method"


ORDER = (
    Cause.RECALCULATED,
    Cause.NEW,
    Cause.CORRECTED,
    Cause.NOT_INCLUDED,
    Cause.WITHDRAWN,
    Cause.LEFT,
    Cause.UNIT,
    Cause.ESTIMATOR,
    Cause.INTERVAL,
)
"""The order of the steps: within a cause the studies stand by label.

First what the present code makes of the earlier rows, where it makes something else of them, so that every
later step compares like with like; then studies that came, were corrected, went; then the method. The order
is a convention: another one would share out the same total otherwise. Where the later numbers were kept
by another version of the code than the present one, *calculated anew* comes once more, at the end.
"""

GROUPS: Mapping[Cause, Group] = {
    Cause.NEW: Group.NEW,
    Cause.CORRECTED: Group.CORRECTED,
    Cause.NOT_INCLUDED: Group.ELIGIBILITY,
    Cause.WITHDRAWN: Group.ELIGIBILITY,
    Cause.LEFT: Group.ELIGIBILITY,
    Cause.RECALCULATED: Group.METHOD,
    Cause.UNIT: Group.METHOD,
    Cause.ESTIMATOR: Group.METHOD,
    Cause.INTERVAL: Group.METHOD,
}
"""The group of each cause; a first result has none."""

_KINDS = {DepartureKind.NOT_INCLUDED: Cause.NOT_INCLUDED, DepartureKind.WITHDRAWN: Cause.WITHDRAWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: its cause, the study where it is one study's, and the reason as far as it is known.

    Parameters
    ----------
    effect
        What the study has from now on; None where it is gone, or where no study is meant.
    """

    cause: Cause
    study: StudyId | None = None
    effect: EffectSize | None = None
    reason: str = ""


def study_changes(
    before: Synthesis, after: Synthesis, left: Mapping[StudyId, Departure]
) -> tuple[Change, ...]:
    """Return all differences between the studies of two syntheses, in the order of `ORDER`.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    left
        Why studies of the earlier one are not in the later one, as far as it is known.
    """
    start, end = _by_study(before), _by_study(after)
    changes = [
        *(_arrived(end[study]) for study in end.keys() - start.keys()),
        *(_corrected(start[study], end[study], before, after) for study in end.keys() & start.keys()),
        *(_gone(study, after, left) for study in start.keys() - end.keys()),
    ]
    return tuple(sorted((one for one in changes if one is not None), key=_place))


def same(one: float, other: float) -> bool:
    """Tell whether two numbers differ by no more than rounding: 1e-12, absolute or relative.

    Parameters
    ----------
    one, other
        Numbers that two calculations gave for one quantity.
    """
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)


def _by_study(synthesis: Synthesis) -> dict[StudyId, EffectSize]:
    return {one.study: one for one in synthesis.rows}


def _place(change: Change) -> tuple[int, str]:
    return ORDER.index(change.cause), change.study or ""


def _arrived(effect: EffectSize) -> Change:
    reason = "imported from another meta-analysis" if effect.imported else ""
    return Change(cause=Cause.NEW, study=effect.study, effect=effect, reason=reason)


def _gone(study: StudyId, after: Synthesis, left: Mapping[StudyId, Departure]) -> Change:
    if known := left.get(study):
        return Change(cause=_KINDS[known.kind], study=study, reason=known.why)
    waiting = next((one for one in after.pending if one.study == study), None)
    if waiting:
        return Change(cause=Cause.WITHDRAWN, study=study, reason=waiting.why)
    return Change(cause=Cause.LEFT, study=study)


def _corrected(was: EffectSize, now: EffectSize, before: Synthesis, after: Synthesis) -> Change | None:
    if _combined_otherwise(was, now, before, after):
        said = "; ".join(sorted(_notes(after, now.study)))
        return Change(cause=Cause.UNIT, study=now.study, effect=now, reason=said)
    reasons = list(_differences(was, now, on_log_scale(after.measure)))
    if not reasons:
        return None
    return Change(cause=Cause.CORRECTED, study=now.study, effect=now, reason="; ".join(reasons))


def _combined_otherwise(was: EffectSize, now: EffectSize, before: Synthesis, after: Synthesis) -> bool:
    # The mean of a study's rows does not depend on their correlation: if it stands, no value was corrected.
    return (
        len(now.rows) > 1
        and (was.rows, was.imported) == (now.rows, now.imported)
        and same(was.yi, now.yi)
        and not same(was.vi, now.vi)
        and _notes(before, was.study) != _notes(after, now.study)
    )


def _notes(synthesis: Synthesis, study: StudyId) -> frozenset[str]:
    start = f"{study}: "
    return frozenset(
        note.removeprefix(start).rstrip(".") for note in synthesis.notes if note.startswith(start)
    )


def _differences(was: EffectSize, now: EffectSize, scale: str) -> Iterable[str]:
    if was.imported != now.imported:
        yield _SOURCES[now.imported]
    if was.rows != now.rows:
        yield f"from {_listed(now.rows)} instead of {_listed(was.rows)}"
    if not same(was.yi, 0.0) and same(was.yi, -now.yi):
        yield "its sign was turned"
    elif not same(was.yi, now.yi):
        yield f"effect {was.yi:.3f} became {now.yi:.3f}{scale}"
    if not same(was.vi, now.vi):
        yield f"standard error {math.sqrt(was.vi):.3f} became {math.sqrt(now.vi):.3f}{scale}"
    if was.ni != now.ni:
        yield f"participants {_stated(was.ni)} became {_stated(now.ni)}"


_SOURCES = {
    False: "own extraction replaces an imported effect",
    True: "an imported effect replaces our own extraction",
}


def _listed(rows: tuple[str, ...]) -> str:
    return " and ".join(f"row {row}" for row in rows) or "a row without a label"


def _stated(ni: int | None) -> str:
    return "not stated" if ni is None else str(ni)
