"""What pooling leaves behind: the synthesis, its sensitivity analyses, and the signals it raises."""

from dataclasses import dataclass
from datetime import datetime

from review.effect import AnalysisKey, EffectSize
from review.ids import ReportId, StudyId

__all__ = [
    "Coefficient",
    "ModeratorResult",
    "Pending",
    "PooledNumbers",
    "Sensitivity",
    "Signal",
    "SmallStudyResult",
    "SubgroupResult",
    "Synthesis",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledNumbers:
    """A pooled estimate in metafor's letters; intervals on the scale of the estimate, `i2` in percent.

    Parameters
    ----------
    test
        What the interval rests on: ``knha`` (Hartung-Knapp), ``z``, ``adhoc``.
    tau2_lb, tau2_ub
        Q-profile interval; None for one study.
    pi_lb, pi_ub, pi_df
        Prediction interval and its named degrees of freedom (``t(k-1)``); None for one study.
    participants
        Sum of what is stated; `participants_stated` of the `k` studies state it.
    """

    k: int
    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    pval: float
    tau2: float
    i2: float
    q: float
    q_pval: float
    method: str
    test: str
    level: float = 0.95
    tau2_lb: float | None = None
    tau2_ub: float | None = None
    pi_lb: float | None = None
    pi_ub: float | None = None
    pi_df: str = ""
    participants: int = 0
    participants_stated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The same question answered another way, decided upon before seeing the answer."""

    name: str
    numbers: PooledNumbers | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupResult:
    """Pooled numbers of each level of a subgroup, and the test between levels (Q, df, p)."""

    name: str
    levels: tuple[tuple[str, PooledNumbers], ...]
    q_between: float
    df: int
    pval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient of a meta-regression; the slope is per unit of the moderator."""

    name: str
    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    pval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratorResult:
    """What one declared moderator explains: a meta-regression of the effects on it.

    Parameters
    ----------
    k
        Studies that state the moderator.
    coefficients
        Intercept and slope; empty where nothing could be fitted, `note` says why.
    tau2, i2
        What is left between studies; `i2` in percent.
    r2
        Percent of tau2 that the moderator accounts for; None without any to explain.
    qe, qe_pval
        Test of what is left.
    pval_permuted
        p-value of the slope by permutation; None where it was not made.
    """

    name: str
    k: int
    coefficients: tuple[Coefficient, ...] = ()
    tau2: float | None = None
    i2: float | None = None
    r2: float | None = None
    qe: float | None = None
    qe_pval: float | None = None
    pval_permuted: float | None = None
    test: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallStudyResult:
    """One planned look at small-study effects: a test's p-value, an adjusted estimate, or why neither.

    Parameters
    ----------
    estimate, ci_lb, ci_ub
        The pool as it would be without small-study effects, on the pooled scale.
    """

    name: str
    pval: float | None = None
    estimate: float | None = None
    ci_lb: float | None = None
    ci_ub: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An included study that adds nothing to the pool yet, and why."""

    study: StudyId
    reports: tuple[ReportId, ...]
    why: str
    participants: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One published criterion for updating a review, and whether the candidate meets it.

    Parameters
    ----------
    fired
        None where the criterion cannot be computed; `detail` says why.
    source
        Where the criterion was published.
    """

    name: str
    fired: bool | None
    detail: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """A pooled answer to one analysis key, with the digest of everything it was made from.

    Parameters
    ----------
    digest
        Hash of protocol version, effects, method and code version: the same digest means nothing to do.
    rows
        What was pooled, one effect per study.
    weights
        Percent of the pooled estimate, in the order of `rows`; they sum to 100.
    measure
        The effect measure; RR and OR are pooled on the log scale.
    fallback
        The protocol's small-k rule where it was used, as a sentence; empty otherwise.
    """

    key: AnalysisKey
    digest: str
    at: datetime
    measure: str
    numbers: PooledNumbers
    rows: tuple[EffectSize, ...]
    weights: tuple[float, ...]
    sensitivity: tuple[Sensitivity, ...] = ()
    subgroups: tuple[SubgroupResult, ...] = ()
    moderators: tuple[ModeratorResult, ...] = ()
    small_study: tuple[SmallStudyResult, ...] = ()
    signals: tuple[Signal, ...] = ()
    pending: tuple[Pending, ...] = ()
    notes: tuple[str, ...] = ()
    fallback: str = ""
    code_version: str = ""
    protocol_version: int = 1
