"""How a review adds up: what may be pooled with what, in which measure and direction, by which method."""

from dataclasses import dataclass, field
from typing import Literal

from review.effect import Better

__all__ = [
    "Comparison",
    "Fallback",
    "Instrument",
    "Moderator",
    "Outcome",
    "Reexpression",
    "SensitivityName",
    "SharedControlRule",
    "SignalRules",
    "SmallStudyName",
    "Stratum",
    "Subgroup",
    "SynthesisPlan",
    "TimePoint",
]

Measure = Literal["SMD", "MD", "RR", "OR", "RD"]

SensitivityName = Literal[
    "rows as printed",
    "lowest row of each study",
    "highest row of each study",
    "correlated effects",
    "DL",
    "PM",
    "EE",
    "Mantel-Haenszel",
    "Peto",
    "z",
    "adhoc",
    "leave one out",
    "exclude outliers",
    "exclude influential",
    "exclude imported effects",
    "exclude high risk of bias",
]

SmallStudyName = Literal["egger", "rank test", "trim and fill", "limit meta-analysis", "PET-PEESE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Against what the intervention is compared."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of the review that is never pooled with another."""

    id: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """When an outcome is measured, and which measurement is taken where several fit.

    Parameters
    ----------
    choose
        Begins with *longest*, *first* or *closest to N months* (of two equally close the longer one).
    window_months
        First and last month that count, both included.
    """

    id: str
    label: str
    choose: str
    window_months: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A scale and which way of it is good for the patient."""

    name: str
    better: Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Reexpression:
    """The scale in whose points a pooled SMD is told as well, with its SD and where that SD was seen."""

    instrument: str
    sd: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is measured. `instruments` and `values` are ordered: the first that a report gives is taken.

    Parameters
    ----------
    better
        Which way of the outcome is good for the patient; undeclared is refused.
    mid
        Minimal important difference on the scale of `measure`, or "not declared".
    harm
        Whether the outcome is a harm of the intervention, whose appearance is a signal of its own.
    measure_in
        Strata whose measure differs from `measure`.
    values
        Kinds of values; each begins with *final* or *change*.
    reexpress
        How a pooled SMD is told in a scale's points; nothing is told without a sourced SD.
    """

    id: str
    label: str
    measure: Measure
    better: Better
    primary: bool = False
    mid: float | Literal["not declared"] = "not declared"
    harm: bool = False
    measure_in: dict[str, Measure] = field(default_factory=dict)
    instruments: tuple[Instrument, ...] = ()
    values: tuple[str, ...] = ()
    reexpress: Reexpression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """A characteristic whose levels are pooled apart and compared."""

    label: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """A number known for each study whose relation to the effect is looked at (meta-regression)."""

    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Which interval is shown where Hartung-Knapp cannot be trusted: *wider* is the wider of it and z."""

    when: Literal["k = 2", "tau2 = 0"]
    ci: Literal["z", "wider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedControlRule:
    """Correlation assumed between rows of one study that share a control group, or have it split."""

    split_r: float = 0.0
    shared_r: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisPlan:
    """How results are added up.

    Parameters
    ----------
    sign
        *positive = benefit* turns every difference so that a positive value is good for the patient;
        *as measured* turns them so that the outcome's own direction is kept. Ratios are never turned.
    sensitivity
        Analyses run beside the main one every time, so that no one chooses after seeing.
    small_study
        Looks at small-study effects, run where the analysis has ten studies or more.
    """

    tau2: Literal["REML", "DL", "PM", "ML", "EB", "HE", "HS", "SJ"] = "REML"
    model: Literal["random"] = "random"
    ci: Literal["HKSJ", "z"] = "HKSJ"
    fallback: tuple[Fallback, ...] = ()
    prediction_interval: Literal["t(k-1)", "t(k-2)", "z"] = "t(k-1)"
    sign: Literal["positive = benefit", "as measured"] = "as measured"
    shared_control: SharedControlRule = SharedControlRule()
    sensitivity: tuple[SensitivityName, ...] = ()
    small_study: tuple[SmallStudyName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRules:
    """Thresholds of the update signals, as fractions of the last edition's numbers."""

    relative_change: float = 0.5
    participants_added: float = 0.25
