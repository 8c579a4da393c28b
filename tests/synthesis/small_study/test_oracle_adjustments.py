"""Adjusted pools against metafor's trimfill, fsn, tes and hc, and metasens' limitmeta."""

from functools import partial

import numpy as np

from synthesis import effect_sizes, pool
from synthesis.arrays import Numbers
from synthesis.small_study.excess import excess_significance
from synthesis.small_study.fail_safe import fail_safe_n
from synthesis.small_study.henmi_copas import henmi_copas
from synthesis.small_study.limit_meta import LimitMeta, limit_meta
from synthesis.small_study.trim_fill import TrimAndFill, trim_and_fill
from tests.synthesis.oracle import Case, assert_close, cases, other_cases, parametrised

NUMBERS = {"estimate": "estimate", "se": "se", "ci_lb": "ci_lb", "ci_ub": "ci_ub", "q": "QE"}
EXCESS = {"observed": "O", "expected": "E", "ratio": "OE", "theta": "theta", "x2": "X2", "pval": "pval"}
LIMIT = {
    "estimate": "TE_adjust",
    "alpha_r": "alpha_r",
    "beta_r": "beta_r",
    "q_small": "Q_small",
    "q_resid": "Q_resid",
}
# metafor refits inside trimfill with its default tolerance: scoring stops at a step of 1e-5.
REML_STEP, ROUNDING = 1e-5, 1e-12


@parametrised(partial(cases, "trimfill"))
def test_trim_and_fill_agrees_with_metafor(case: Case):
    """Number and side of missing studies, their effects, and the pool of all are metafor's."""
    yi, vi, _ = case.complete()
    got = trim_and_fill(yi, vi, estimator=case.options["estimator"], method=case.options["method"])
    want = case.expected
    assert (got.k0, got.side, got.k) == (want["k0"], want["side"], want["k"])
    assert_close(got.se_k0, want["se_k0"], rtol=1e-8)
    assert_close(np.nan if got.p_k0 is None else got.p_k0, want["p_k0"], rtol=1e-8)
    # Effects that tie have no order of their own.
    assert_close(sorted(got.filled_vi), sorted(want["filled_vi"]), rtol=1e-8)
    if case.options["method"] == "REML" and got.k0:
        _assert_close_to_a_coarse_fit(got, case, yi, vi)
        return
    assert_close(got.filled_yi, want["filled_yi"], rtol=1e-8)
    assert_close(got.tau2, want["tau2"], rtol=1e-8, atol=1e-12)
    for ours, theirs in NUMBERS.items():
        assert_close(getattr(got, ours), want[theirs], rtol=1e-8, what=ours)


def _assert_close_to_a_coarse_fit(got: TrimAndFill, case: Case, yi: Numbers, vi: Numbers) -> None:
    """Compare REML fits that stopped early: tau2 to that step, all that follows from it to eight digits.

    With metafor's tolerance tightened inside trimfill, all numbers agree to 1e-9 without this detour.
    """
    want = case.expected
    assert_close(got.tau2, want["tau2"], rtol=0, atol=REML_STEP)
    shift = np.array(want["filled_yi"]) - got.filled_yi
    assert np.ptp(shift) < ROUNDING
    # Filled effects mirror at the centre of the trimmed fit, which moves with its tau2.
    kept = np.argsort(yi if got.side == "left" else -yi, kind="stable")[: len(yi) - got.k0]
    trimmed = partial(pool, yi[kept], vi[kept])
    tau2, centre = trimmed().tau2, trimmed().estimate + shift[0] / 2
    ends = [trimmed(tau2=max(0.0, tau2 + step)).estimate for step in (-REML_STEP, REML_STEP)]
    assert min(ends) - ROUNDING <= centre <= max(ends) + ROUNDING
    effects = np.concatenate([yi, want["filled_yi"]])
    variances = np.concatenate([vi, want["filled_vi"]])
    given = pool(effects, variances, tau2=want["tau2"])
    for ours, theirs in NUMBERS.items():
        assert_close(getattr(given, ours), want[theirs], rtol=1e-8, what=ours)


@parametrised(partial(cases, "fsn"))
def test_fail_safe_n_agrees_with_metafor(case: Case):
    """The numbers of Rosenthal, Orwin and Rosenberg are metafor's."""
    yi, vi, _ = case.complete()
    assert_close(fail_safe_n(yi, vi, kind=case.options["type"]).fsnum, case.expected["fsnum"], rtol=0)


@parametrised(partial(cases, "tes"))
def test_excess_significance_agrees_with_metafor(case: Case):
    """Observed and expected numbers, and the test by metafor's choice of test, are metafor's."""
    yi, vi, _ = case.complete()
    got = excess_significance(yi, vi)
    for ours, theirs in EXCESS.items():
        number = getattr(got, ours)
        assert_close(np.nan if number is None else number, case.expected[theirs], rtol=1e-8, what=ours)


@parametrised(partial(cases, "henmi.copas"))
def test_henmi_copas_agrees_with_metafor(case: Case):
    """Estimate and standard error are metafor's, and the bounds as far as it integrates."""
    yi, vi, _ = case.complete()
    got = henmi_copas(yi, vi)
    assert_close(got.estimate, case.expected["estimate"], rtol=1e-8)
    assert_close(got.se, case.expected["se"], rtol=1e-8)
    # R's integrate stops at 1.2e-4; tightened to 1e-12 inside hc, all bounds agree to 1e-13.
    for name in ("ci_lb", "ci_ub"):
        assert_close(getattr(got, name), case.expected[name], rtol=2e-5, what=name)


@parametrised(partial(other_cases, "meta.limitmeta"))
def test_limit_meta_agrees_with_metasens(case: Case):
    """Adjusted estimate, bias, heterogeneity and shrunken effects are metasens' numbers."""
    arms = {"ai": "ai", "n1": "n1i", "ci": "ci", "n2": "n2i"}
    sizes = effect_sizes("OR", drop00=True, **{arms[name]: x for name, x in case.data.items()})
    kept = np.isfinite(sizes.yi)
    got, want = limit_meta(sizes.yi[kept], sizes.vi[kept], method="DL"), case.expected
    for ours, theirs in LIMIT.items():
        assert_close(getattr(got, ours), want[theirs], rtol=1e-8, what=ours)
    assert_close(got.g2, want["G2"], rtol=1e-8, atol=1e-12)
    assert_close(got.limits, [one for one in want["TE_limit"] if one is not None], rtol=1e-8)
    if kept.all():
        assert_close((got.se, got.ci_lb, got.ci_ub), (want["se_adjust"], want["lo"], want["up"]), rtol=1e-8)
    else:
        assert_close(_with_silent_studies(got, sizes.vi), want["se_adjust"], rtol=1e-8)


def _with_silent_studies(got: LimitMeta, vi: Numbers) -> float:
    """Return the standard error as metasens 1.5 gives it where studies have no effect.

    It takes the variance of all square roots of weights, those of studies without an effect as 0, but
    divides by the number of the others: our standard error leaves such studies out of both.
    """
    root_w = np.sqrt(np.where(np.isfinite(vi), 1 / (vi + got.tau2), 0.0))
    spread, tau = float(np.var(root_w, ddof=1)) * (got.k - 1), got.tau2**0.5
    square = 1 + got.tau2 * float((root_w**2).mean()) - 2 * tau * float(root_w.mean())
    return float(np.sqrt(square / spread))
