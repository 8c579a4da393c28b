"""Whether more studies are significant than their power lets one expect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtrc, ndtr

from synthesis.arrays import Flags, Numbers, Studies, as_studies, ratios
from synthesis.random_effects.moments import moments
from synthesis.roots import root
from synthesis.small_study.power import ALTERNATIVES, Alternative, Question
from synthesis.small_study.table import one_row

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ExcessSignificance", "excess_significance"]

ExcessTest = Literal["exact", "chi2", "binom"]
_TESTS = ("exact", "chi2", "binom")
# metafor counts the subsets of its exact test and takes chi-squared beyond this many.
_SUBSETS = 10**6
_NOTE = (
    "Heterogeneity, too, lets observed and expected differ: the test says that, not why "
    "(Ioannidis & Trikalinos 2007)"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExcessSignificance:
    """The test of excess significance.

    Parameters
    ----------
    observed, expected, ratio
        Significant studies, how many their power adds up to, and the quotient.
    theta
        The effect at which power was reckoned.
    x2
        Chi-squared on one degree of freedom; None for the other tests.
    pval
        One-sided for more than expected.
    test
        ``exact`` (the sum of unequal chances), ``chi2`` or ``binom``.
    power, significant
        Of each study, shape (k,).
    theta_lim
        The effect at which as many significant studies would just not be in excess at `excess_alpha`; None
        where there is none, or where theta was given for each study.
    """

    observed: int
    expected: float
    ratio: float
    theta: float | None
    x2: float | None
    pval: float
    test: ExcessTest
    power: Numbers
    significant: Flags
    theta_lim: float | None
    excess_alpha: float
    k: int
    notes: tuple[str, ...] = (_NOTE,)

    def __repr__(self) -> str:
        limit = "" if self.theta_lim is None else f"; none in excess at an effect of {self.theta_lim:.4f}"
        text = (
            f"Excess significance ({self.test}): {self.observed} of {self.k} significant, "
            f"{self.expected:.2f} expected (ratio {self.ratio:.2f}), p {self.pval:.4g}{limit}"
        )
        return "\n".join((text, *self.notes))

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        left_out = {"power", "significant"}
        return one_row(
            **{name: getattr(self, name) for name in self.__dataclass_fields__ if name not in left_out}
        )


def excess_significance(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    test: ExcessTest | None = None,
    alternative: Alternative = "two.sided",
    alpha: float = 0.05,
    null: float = 0.0,
    theta: ArrayLike | None = None,
    tau2: float = 0.0,
    excess_alpha: float = 0.1,
    slab: Sequence[str] | None = None,
) -> ExcessSignificance:
    """Compare the number of significant studies with what their power adds up to.

    Ioannidis & Trikalinos 2007 (Clinical Trials 4, 245-253); the exact test and the limit are those of
    Francis 2013 and of metafor's ``tes``.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    test
        ``exact``, ``chi2`` or ``binom``; None takes ``exact``, and ``chi2`` where more than a million
        subsets of studies could be in excess (metafor's rule).
    alternative, alpha, null
        When a study is significant: the direction and level of its own test against `null`.
    theta
        The effect, one number or one for each study; None takes the common effect (with `tau2`: the mean
        under it).
    tau2
        Variance of the true effects around theta.
    excess_alpha
        Level for `theta_lim`.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For input that `synthesis.pool` refuses, unknown names, levels outside 0 to 1, a tau2 below 0, or
        not one theta, nor one for each study.
    """
    _check(test, alternative, {"alpha": alpha, "excess_alpha": excess_alpha}, tau2)
    studies = as_studies(yi, vi, slab)
    question = Question(null, alpha, alternative, tau2)
    centre = _centre(studies, theta, tau2)
    significant, k = question.significant(studies), len(studies.yi)
    observed = int(significant.sum())
    chosen = test or _default(observed, k)
    power = question.power(centre, studies.vi) * np.ones(k)
    expected = float(power.sum())
    single = float(centre) if np.ndim(centre) == 0 else None
    again = partial(_p_at, question=question, vi=studies.vi, observed=observed, test=chosen)
    return ExcessSignificance(
        observed=observed,
        expected=expected,
        ratio=float(ratios(float(observed), expected)),
        theta=single,
        x2=_x2(observed, expected, k) if chosen == "chi2" else None,
        pval=_P[chosen](observed, power),
        test=chosen,
        power=power,
        significant=significant,
        theta_lim=None if single is None else _limit(again, single, null, studies, excess_alpha),
        excess_alpha=excess_alpha,
        k=k,
    )


def _check(test: str | None, alternative: str, levels: dict[str, float], tau2: float) -> None:
    if test is not None and test not in _TESTS:
        raise ValueError(f"test: found {test!r}; expected one of {' '.join(_TESTS)}, or None")
    if alternative not in ALTERNATIVES:
        raise ValueError(f"alternative: found {alternative!r}; expected one of {' '.join(ALTERNATIVES)}")
    for name, level in levels.items():
        if not 0 < level < 1:
            raise ValueError(f"{name}: found {level}; expected a fraction between 0 and 1, such as 0.05")
    if not 0 <= tau2 < np.inf:
        raise ValueError(f"tau2: found {tau2}; expected 0 or more")


def _centre(studies: Studies, theta: ArrayLike | None, tau2: float) -> Numbers:
    if theta is None:
        return np.asarray(moments(studies.yi, studies.vi, tau2).mean)
    centre = np.asarray(theta, dtype=np.float64)
    if not np.isfinite(centre).all() or centre.shape not in {(), studies.yi.shape}:
        raise ValueError(f"theta: found {centre.size} numbers; expected one, or one for each study, finite")
    return centre


def _default(observed: int, k: int) -> ExcessTest:
    subsets, ways = 0, 1
    for size in range(k, observed - 1, -1):
        subsets += ways
        if subsets > _SUBSETS:
            return "chi2"
        ways = ways * size // (k - size + 1)
    return "exact"


def _exact(observed: int, power: Numbers) -> float:
    """Chance of at least as many successes of unequal trials (Poisson's binomial law)."""
    chances = np.ones(1)
    for one in power:
        chances = np.convolve(chances, [1 - one, one])
    return min(1.0, float(chances[observed:].sum()))


def _chi2(observed: int, power: Numbers) -> float:
    expected = float(power.sum())
    z = np.sign(observed - expected) * np.sqrt(_x2(observed, expected, len(power)))
    return float(ndtr(-z))


def _x2(observed: int, expected: float, k: int) -> float:
    """Return chi-squared (Ioannidis & Trikalinos 2007); 0 or infinite where nothing is left to chance."""
    room = min(expected, k - expected)
    if room <= 0:
        return 0.0 if observed == expected else float("inf")
    return (observed - expected) ** 2 * (1 / expected + 1 / (k - expected))


def _binomial(observed: int, power: Numbers) -> float:
    k = len(power)
    return 1.0 if observed == 0 else float(bdtrc(observed - 1, k, min(1.0, float(power.mean()))))


def _p_at(theta: float, *, question: Question, vi: Numbers, observed: int, test: ExcessTest) -> float:
    return _P[test](observed, question.power(theta, vi) * np.ones(len(vi)))


def _limit(
    p_at: Callable[[float], float], theta: float, null: float, studies: Studies, level: float
) -> float | None:
    """Return the effect, on theta's side of the null, at which the p-value is `level`; None without one."""
    if p_at(null) >= level:
        return None
    step = (1.0 if theta >= null else -1.0) * float(np.sqrt(studies.vi.max()))
    for _ in range(60):
        if p_at(null + step) >= level:
            return root(lambda t: p_at(t) - level, null, null + step)
        step *= 2
    return None


_P: dict[str, Callable[[int, Numbers], float]] = {"exact": _exact, "chi2": _chi2, "binom": _binomial}
