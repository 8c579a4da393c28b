"""Results of studies: arms, extracted effects, imported effects, and the key under which they are pooled."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import EffectId, ReportId, Reviewer, StudyId

__all__ = [
    "NOT_STATED",
    "SMALLEST_SE",
    "AnalysisKey",
    "ArmCounts",
    "ArmMeans",
    "Better",
    "Effect",
    "EffectCheck",
    "EffectSize",
    "Estimate",
    "ImportedEffect",
    "SharedControl",
]


NOT_STATED = "not stated"
"""Stands where a table does not name the instrument, or the kind of values."""

SMALLEST_SE = 1e-6
"""No study measures a standardised or log effect more precisely: below it stands a slip."""


class Better(StrEnum):
    """Which way of a number is good for the patient. It is always declared, never assumed."""

    LOWER = "lower"
    HIGHER = "higher"


class SharedControl(StrEnum):
    """How rows of one study that meet one control group are to be treated."""

    NONE = "none"
    SPLIT = "split"
    SHARED = "shared"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class AnalysisKey:
    """What may be pooled with what: comparison x outcome x time point x stratum."""

    comparison: str
    outcome: str
    timepoint: str
    stratum: str

    def __str__(self) -> str:
        return f"{self.comparison}/{self.outcome}/{self.timepoint}/{self.stratum}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCounts:
    """Events and participants of the treated and the control arm (metafor: ai n1i ci n2i)."""

    ai: int
    n1i: int
    ci: int
    n2i: int

    def __post_init__(self) -> None:
        for events, total, arm in ((self.ai, self.n1i, "treated"), (self.ci, self.n2i, "control")):
            if not 0 <= events <= total or total == 0:
                raise ValueError(
                    f"{arm} arm: found {events} events of {total} participants; "
                    "expected at least one participant and no more events than participants"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeans:
    """Mean, standard deviation and participants of both arms (metafor: m1i sd1i n1i m2i sd2i n2i)."""

    m1i: float
    sd1i: float
    n1i: int
    m2i: float
    sd2i: float
    n2i: int

    def __post_init__(self) -> None:
        arms = ((self.m1i, self.sd1i, self.n1i, "treated"), (self.m2i, self.sd2i, self.n2i, "control"))
        for mean, sd, n, arm in arms:
            if not math.isfinite(mean):
                raise ValueError(f"{arm} arm: found the mean {mean}; expected a finite number")
            if not 0 < sd < math.inf:
                raise ValueError(f"{arm} arm: found the standard deviation {sd}; expected a number above 0")
            if n < 2:
                raise ValueError(f"{arm} arm: found {n} participants; expected two or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One row of a published table: a value with its standard error, or what the arms show.

    Parameters
    ----------
    label
        The row's own name, where a study has several (``Dear 2015a``).
    value, se
        On the scale on which it is pooled: log for RR and OR. None where `arms` is given.
    better
        Which way of `value` is good for the patient.
    arms
        Counts for RR, OR and RD; means for SMD and MD.
    n
        Participants the row rests on, where stated.
    subgroups
        Levels of the protocol's subgroups: ``(("allocation", "random"),)``.
    moderators
        Values of the protocol's moderators: ``(("latitude", 44.0),)``.
    values
        Which of the outcome's declared kinds of values these are: ``final, intention to treat``.
    months
        Months from the end of treatment (or from the start, as the protocol counts) to the measurement.
    """

    study: StudyId
    label: str
    key: AnalysisKey
    measure: str
    better: Better
    value: float | None = None
    se: float | None = None
    arms: ArmCounts | ArmMeans | None = None
    instrument: str = NOT_STATED
    shared_control: SharedControl = SharedControl.NONE
    n: int | None = None
    locator: str = ""
    subgroups: tuple[tuple[str, str], ...] = ()
    moderators: tuple[tuple[str, float], ...] = ()
    values: str = NOT_STATED
    months: float | None = None

    def __post_init__(self) -> None:
        if (self.arms is None) == (self.value is None or self.se is None):
            raise ValueError(
                f"{self.label}: found value={self.value}, se={self.se}, arms={self.arms}; "
                "expected either a value with its standard error or counts or means per arm"
            )
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.label}: found value={self.value}; expected a finite number")
        if self.se is not None and not (SMALLEST_SE < self.se < math.inf):
            raise ValueError(
                f"{self.label}: found se={self.se}; expected a standard error above {SMALLEST_SE}: "
                "a smaller one would take the whole weight"
            )
        numbers = [value for _, value in self.moderators] + [self.months or 0.0]
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(
                f"{self.label}: found {self.moderators}, {self.months} months; expected finite numbers"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A result that a reviewer read in a report; pooled once a second person has checked it."""

    id: EffectId
    estimate: Estimate
    report: ReportId
    by: Reviewer
    at: datetime
    supersedes: EffectId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectCheck:
    """A second person's word that an extracted result stands in the report as entered."""

    effect: EffectId
    by: Reviewer
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEffect:
    """A result that another meta-analysis printed, with its citation; never counted as our extraction."""

    id: EffectId
    estimate: Estimate
    source: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSize:
    """One study's effect under one key, ready to be pooled, in the protocol's sign (metafor: yi, vi, ni)."""

    study: StudyId
    yi: float
    vi: float
    ni: int | None = None
    rows: tuple[str, ...] = ()
    imported: bool = False
    subgroups: tuple[tuple[str, str], ...] = ()
    moderators: tuple[tuple[str, float], ...] = ()
