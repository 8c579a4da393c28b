"""What pooling leaves behind: the synthesis, its sensitivity analyses, and the signals it raises."""

from dataclasses import dataclass
from datetime import datetime

from review.effect import AnalysisKey, EffectSize
from review.ids import ReportId, StudyId

__all__ = ["Pending", "PooledNumbers", "Sensitivity", "Signal", "SubgroupResult", "Synthesis"]


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
    signals: tuple[Signal, ...] = ()
    pending: tuple[Pending, ...] = ()
    notes: tuple[str, ...] = ()
    fallback: str = ""
    code_version: str = ""
    protocol_version: int = 1
