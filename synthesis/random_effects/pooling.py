"""Pool k studies: `pool` checks the input, `Pooled` answers what one asks of the result."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Studies, as_numbers, as_studies
from synthesis.random_effects import intervals, refits
from synthesis.random_effects.blup import Blup, drawn
from synthesis.random_effects.consistency import Inconsistency, inconsistency
from synthesis.random_effects.criteria import Criteria, pooled_criteria
from synthesis.random_effects.fitting import Fit, Plan, Test, fitted, percent
from synthesis.random_effects.hartung_knapp import iqwig6_test
from synthesis.random_effects.heterogeneity import estimate_tau2
from synthesis.random_effects.intervals import Interval, PredictionDf, PredictionKind, Tau2Kind
from synthesis.random_effects.refits import Influence, Refits
from synthesis.random_effects.residuals import Residuals, standardised_residuals

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Pooled", "pool"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Pooled(Fit):
    """A pooled estimate with what it was pooled from (numbers: `synthesis.random_effects.fitting.Fit`).

    Parameters
    ----------
    weights
        Percent of the pooled estimate, shape (k,); they sum to 100.
    studies
        Effects, variances and labels, and the weights that were given instead, if any.
    plan
        How it was pooled, as asked for.
    """

    weights: Numbers
    studies: Studies
    plan: Plan

    @property
    def slab(self) -> tuple[str, ...]:
        """Labels of the studies."""
        return self.studies.slab

    def __repr__(self) -> str:
        name = {"z": "z", "knha": "Hartung-Knapp", "adhoc": "Hartung-Knapp, never below z"}[self.test]
        return (
            f"{self.estimate:.4f} [{self.ci_lb:.4f}, {self.ci_ub:.4f}] ({100 * self.level:g}% by {name}, "
            f"se {self.se:.4f}, p {self.pval:.4g}), k = {self.k}, tau2 {self.tau2:.4f} ({self.method}), "
            f"I2 {self.i2:.1f}%, Q {self.q:.2f} (p {self.q_pval:.4g})"
        )

    def tau2_interval(self, kind: Tau2Kind = "QP") -> Interval:
        """Return the interval of tau2.

        Parameters
        ----------
        kind
            ``QP``: Q-profile; ``PL``: profile of the restricted likelihood, of the full one after ML; ``J``,
            ``BJ``: Jackson's, and Biggerstaff and Jackson's, from a Q with fixed weights.

        Raises
        ------
        ValueError
            For one study, or an unknown kind.
        """
        self._check_more_than_one("tau2 interval")
        yi, vi = self.studies.yi, self.studies.vi
        if kind == "QP":
            return intervals.q_profile(yi, vi, self.level, near=self.tau2)
        if kind == "PL":
            restricted = self.method != "ML"
            best = estimate_tau2(yi, vi, "REML" if restricted else "ML").value
            return intervals.profile_likelihood(yi, vi, best, restricted=restricted, level=self.level)
        if kind not in ("J", "BJ"):
            raise ValueError(f"kind: found {kind!r}; expected QP, PL, J or BJ")
        return intervals.fixed_weights(yi, vi, kind, self.level)

    def i2_interval(self, kind: Tau2Kind = "QP") -> Interval:
        """Return the interval of I2 in percent that an interval of tau2 gives (kinds: `tau2_interval`)."""
        lower, upper = self.tau2_interval(kind)
        vi = self.studies.vi
        return Interval(intervals.i2_bound(vi, lower), intervals.i2_bound(vi, upper))

    def inconsistency(self) -> Inconsistency:
        """Return H and I2 from Q with test-based intervals (`synthesis.random_effects.consistency`)."""
        return inconsistency(self.q, self.k, self.level)

    def prediction_interval(self, df: PredictionDf | PredictionKind = "k-1") -> Interval:
        """Return where a new study's true effect is expected (formulas: `intervals.prediction`).

        Parameters
        ----------
        df
            Quantile, with this pool's own standard error: ``k-1`` (Cochrane), ``k-2`` (Higgins et al. 2009)
            or ``z``. Or a name that stands for both, whatever this pool's test: classic standard error with
            t(k-1) ``V`` (Veroniki et al. 2019), t(k-2) ``HTS`` (Higgins, Thompson & Spiegelhalter 2009), z
            ``S`` (Skipka 2006); Hartung-Knapp's with t(k-1) ``HK``.

        Raises
        ------
        ValueError
            For one study, for which nothing is known of others, or without a degree of freedom.
        """
        self._check_more_than_one("prediction interval")
        test, quantile = intervals.NAMED_PREDICTIONS.get(df, (self.test, df))
        se = self.se if test == self.test else self._tested(test).se
        return intervals.prediction(
            self.estimate, se, self.tau2, self.k, df=cast("PredictionDf", quantile), level=self.level
        )

    def iqwig6(self) -> "Pooled":
        """Return the pool with the interval of IQWiG's General Methods 6.0 (`hartung_knapp.iqwig6_test`)."""
        self._check_more_than_one("Hartung-Knapp")
        return self._tested(iqwig6_test(self.studies, self.plan))

    def standardised_residuals(self) -> Residuals:
        """Return each study's internally standardised residual; ValueError for one study."""
        return standardised_residuals(self.studies, self.tau2)

    def leave_one_out(self) -> Refits:
        """Return the pool without each study in turn; ValueError for one study."""
        return refits.leave_one_out(self.studies, self.plan)

    def cumulative(self, order: Sequence[int] | None = None) -> Refits:
        """Return the pool as studies were added.

        Parameters
        ----------
        order
            The studies' places, counted from 0, in the order in which they are added; as given without.
        """
        return refits.cumulative(self.studies, self.plan, range(self.k) if order is None else order)

    def influence(self) -> Influence:
        """Return deletion diagnostics of each study; ValueError for fewer than three."""
        return refits.influence(self.studies, self.plan)

    def blup(self) -> Blup:
        """Return each study's effect drawn towards the pool (Raudenbush & Bryk 1985)."""
        return drawn(self.studies, self)

    def criteria(self, kind: Literal["ML", "REML"] = "REML") -> Criteria:
        """Return log-likelihood, deviance and information criteria; ValueError for another kind, or k = 1.

        Parameters
        ----------
        kind
            Of the likelihood or of the restricted one, whatever `tau2` was estimated by.
        """
        self._check_more_than_one("criteria")
        if kind not in ("ML", "REML"):
            raise ValueError(f"kind: found {kind!r}; expected ML or REML")
        estimated = 1 + int(self.method != "EE" and self.plan.tau2 is None)
        return pooled_criteria(self.studies, self.estimate, self.tau2, estimated, restricted=kind == "REML")

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row: the numbers of `Fit` by name."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame([{name: getattr(self, name) for name in Fit.__dataclass_fields__}])

    def _tested(self, test: Test) -> "Pooled":
        return _pooled(self.studies, replace(self.plan, test=test))

    def _check_more_than_one(self, what: str) -> None:
        if self.k < 2:
            raise ValueError(f"{what}: found one study ({self.slab[0]}); expected at least two")


def pool(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str = "REML",
    test: Test = "z",
    level: float = 0.95,
    weights: ArrayLike | None = None,
    slab: Sequence[str] | None = None,
    tau2: float | None = None,
) -> Pooled:
    """Pool k studies by inverse variances.

    Parameters
    ----------
    yi, vi
        Effects and their sampling variances (above 0), shape (k,).
    method
        Estimator of tau2: ``REML DL PM ML EB HE HS HSk SJ PMM``; ``EE`` (or ``FE``, ``CE``) has none.
    test
        ``z``, ``knha`` (Hartung-Knapp) or ``adhoc`` (Hartung-Knapp, its factor never below 1).
    level
        Confidence level, a fraction.
    weights
        Instead of the inverse variances, shape (k,), any positive scale; `tau2` and Hartung-Knapp's
        factor are estimated as without.
    slab
        Labels of the studies, for messages and tables.
    tau2
        A fixed value instead of an estimate.

    Raises
    ------
    ValueError
        For nothing to pool, unequal lengths, a number that is not finite, or a variance not above 0;
        the message names the study.
    """
    plan = Plan(method=method, test=test, level=level, tau2=tau2)
    studies = as_studies(yi, vi, slab)
    if weights is not None:
        studies = replace(studies, weights=_checked_weights(weights, studies.slab))
    return _pooled(studies, plan)


def _pooled(studies: Studies, plan: Plan) -> Pooled:
    numbers = fitted(studies, plan)
    return Pooled(**numbers, weights=percent(studies, numbers["tau2"]), studies=studies, plan=plan)


def _checked_weights(weights: ArrayLike, slab: tuple[str, ...]) -> Numbers:
    own = as_numbers(weights, "weights")
    if len(own) != len(slab):
        raise ValueError(f"weights: found {len(own)}; expected one for each of the {len(slab)} studies")
    wrong = ~(np.isfinite(own) & (own > 0))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{slab[place]}: found weight {own[place]:g}; expected a number above 0")
    return own
