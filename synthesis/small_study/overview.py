"""A set of tests and adjustments, fixed beforehand and run at once: no one chooses after seeing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from synthesis.arrays import Pair, Studies, as_studies
from synthesis.small_study import counts
from synthesis.small_study.asymmetry import AsymmetryTest
from synthesis.small_study.egger import egger, pustejovsky, thompson
from synthesis.small_study.excess import ExcessSignificance, excess_significance
from synthesis.small_study.fail_safe import FailSafeN, fail_safe_n
from synthesis.small_study.henmi_copas import HenmiCopas, henmi_copas
from synthesis.small_study.limit_meta import LimitMeta, limit_meta
from synthesis.small_study.pet_peese import PetPeese, pet_peese
from synthesis.small_study.rank import RankTest, rank_test
from synthesis.small_study.trim_fill import TrimAndFill, trim_and_fill
from synthesis.small_study.two_models import TwoModels, two_models

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFAULT", "RUNS", "SmallStudyEffects", "small_study_effects"]

Result = (
    AsymmetryTest
    | RankTest
    | TrimAndFill
    | FailSafeN
    | ExcessSignificance
    | HenmiCopas
    | LimitMeta
    | PetPeese
    | TwoModels
)


@dataclass(frozen=True, slots=True)
class _Question:
    studies: Studies
    measure: str | None
    method: str
    level: float
    table: Mapping[str, ArrayLike]
    sizes: Mapping[str, ArrayLike]

    @property
    def data(self) -> Pair:
        return self.studies.yi, self.studies.vi

    @property
    def slab(self) -> tuple[str, ...]:
        return self.studies.slab

    def counts(self) -> Mapping[str, ArrayLike]:
        if not self.table:
            raise ValueError("table: found no counts; expected ai bi ci di, or ai n1i ci n2i")
        return self.table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmallStudyEffects:
    """What each method of the set returned, and which could not be run and why.

    Parameters
    ----------
    results
        By name, in the order asked for.
    not_run
        Reasons by name.
    k
        Number of studies.
    """

    results: Mapping[str, Result]
    not_run: Mapping[str, str]
    k: int

    def __repr__(self) -> str:
        lines = [f"{name}: {str(one).splitlines()[0]}" for name, one in self.results.items()]
        return "\n".join(lines + [f"{name}: not run ({why})" for name, why in self.not_run.items()])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row a method: estimate with interval, p-value, and why it was not run."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        rows = [{"name": name, **_numbers(one), "not_run": None} for name, one in self.results.items()]
        rows += [{"name": name, "not_run": why} for name, why in self.not_run.items()]
        return pd.DataFrame(rows, columns=["name", "estimate", "ci_lb", "ci_ub", "pval", "not_run"])


def small_study_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    run: Sequence[str] | None = None,
    measure: str | None = None,
    method: str = "REML",
    level: float = 0.95,
    table: Mapping[str, ArrayLike] | None = None,
    n1i: ArrayLike | None = None,
    n2i: ArrayLike | None = None,
    slab: Sequence[str] | None = None,
) -> SmallStudyEffects:
    """Run a set of tests and adjustments for small-study effects.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    run
        Names out of `RUNS`; None takes `DEFAULT`.
    measure
        metafor's letters of the effect, for the notes, and for the tests of counts (OR, RR or RD).
    method, level
        Estimator of tau2 and confidence level, where a method has them.
    table
        ``ai bi ci di`` or ``ai n1i ci n2i``, for the tests of counts.
    n1i, n2i
        Group sizes, for the test of standardised mean differences.
    slab
        Labels of the studies.

    Raises
    ------
    ValueError
        For an unknown name, or effects and variances that `synthesis.pool` refuses; what a single
        method refuses stands in `not_run`.
    """
    wanted = tuple(DEFAULT if run is None else run)
    unknown = [name for name in wanted if name not in RUNS]
    if unknown:
        raise ValueError(f"run: found {', '.join(unknown)}; expected some of {' '.join(RUNS)}")
    sizes = {name: one for name, one in (("n1i", n1i), ("n2i", n2i)) if one is not None}
    question = _Question(as_studies(yi, vi, slab), measure, method, level, table or {}, sizes)
    results: dict[str, Result] = {}
    not_run: dict[str, str] = {}
    for name in wanted:
        try:
            results[name] = RUNS[name](question)
        except ValueError as error:
            not_run[name] = str(error)
    return SmallStudyEffects(results=results, not_run=not_run, k=len(question.studies.yi))


def _numbers(one: Result) -> dict[str, object]:
    names = ("ci_lb", "ci_ub", "pval")
    estimate = getattr(one, "est", None) if isinstance(one, AsymmetryTest) else getattr(one, "estimate", None)
    return {"estimate": estimate, **{name: getattr(one, name, None) for name in names}}


def _of_counts(test: Callable[..., AsymmetryTest]) -> Callable[[_Question], Result]:
    def run(one: _Question) -> Result:
        return test(measure=one.measure or "OR", level=one.level, slab=one.slab, **one.counts())

    return run


def _pustejovsky(one: _Question) -> Result:
    if len(one.sizes) != 2:
        raise ValueError("n1i, n2i: found no group sizes; expected both, one for each study")
    return pustejovsky(*one.data, level=one.level, slab=one.slab, **one.sizes)


RUNS: Mapping[str, Callable[[_Question], Result]] = {
    "two_models": lambda one: two_models(*one.data, method=one.method, level=one.level, slab=one.slab),
    "egger": lambda one: egger(*one.data, level=one.level, measure=one.measure, slab=one.slab),
    "thompson": lambda one: thompson(*one.data, level=one.level, measure=one.measure, slab=one.slab),
    "rank_test": lambda one: rank_test(*one.data, measure=one.measure, slab=one.slab),
    "harbord": _of_counts(counts.harbord),
    "peters": _of_counts(counts.peters),
    "macaskill": _of_counts(counts.macaskill),
    "deeks": _of_counts(counts.deeks),
    "schwarzer": lambda one: counts.schwarzer(slab=one.slab, **one.counts()),
    "pustejovsky": _pustejovsky,
    "trim_and_fill": lambda one: trim_and_fill(*one.data, method=one.method, level=one.level, slab=one.slab),
    "pet_peese": lambda one: pet_peese(*one.data, level=one.level, measure=one.measure, slab=one.slab),
    "limit_meta": lambda one: limit_meta(*one.data, method=one.method, level=one.level, slab=one.slab),
    "henmi_copas": lambda one: henmi_copas(*one.data, level=one.level, slab=one.slab),
    "excess_significance": lambda one: excess_significance(*one.data, slab=one.slab),
    "fail_safe_n": lambda one: fail_safe_n(*one.data, slab=one.slab),
}
# Those that Sterne et al. 2011 name for their measure, and every adjustment; fail-safe N is advised against.
DEFAULT = (
    "two_models",
    "egger",
    "harbord",
    "peters",
    "pustejovsky",
    "trim_and_fill",
    "pet_peese",
    "limit_meta",
    "henmi_copas",
    "excess_significance",
)
