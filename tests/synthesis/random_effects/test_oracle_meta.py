"""Pooling against the R package meta: metabin and metacont with their intervals."""

from functools import partial

import numpy as np

from synthesis import Pooled, pool
from synthesis.arrays import Numbers
from synthesis.counts.revman import pool_around
from synthesis.random_effects.moments import log_likelihood, moments
from tests.synthesis.oracle import Case, assert_close, other_cases, parametrised
from tests.synthesis.random_effects.meta_package import BINARY, Call, common, effects, numbers

TESTS = {"classic": "z", "HK": "knha", "HK-se": "adhoc", "HK-IQWiG6": "knha"}
# meta leaves metafor's own tolerances: Fisher scoring stops where a step is below 1e-5, which may leave
# several of them to go; uniroot stops within eps^(1/4), and searches up to 100, or ten times tau2.
STEPS, UNIROOT = 1e-4, np.finfo(float).eps ** 0.25


def studies(case: Case) -> tuple[Call, Numbers, Numbers]:
    """Return a case's options and the studies that meta pools: its own effects where ours differ by kind."""
    call = Call.of(case)
    if call.ours:
        yi, sei = effects(call, case.data)
    else:
        yi, sei = numbers(case.expected["TE"]), numbers(case.expected["seTE"])
    known = np.isfinite(yi) & np.isfinite(sei)
    return call, yi[known], sei[known] ** 2


def meta_pool(source: str) -> list[Case]:
    """Return the cases that state an estimate (`pool`), or a prediction interval only (`PI`)."""
    cases = list(other_cases("meta.pool"))
    return [case for case in cases if ("/PI/" in case.id) == (source == "PI")]


def revman(call: Call) -> bool:
    """Whether meta takes its tau2 from the spread around the Mantel-Haenszel estimate."""
    return call.method == "MH" and call.tau == "DL"


def pooled(case: Case, call: Call, yi: Numbers, vi: Numbers) -> Pooled:
    """Pool as meta does; an iterated tau2 is meta's own, whose last digits depend on where it stopped."""
    test, theirs = TESTS[call.interval], case.expected["tau2"]
    if revman(call):
        got = pool_around(common(call, case.data)[0], yi, vi, test=test)
        chosen = got.iqwig6().test if call.interval == "HK-IQWiG6" else test
        return pool_around(common(call, case.data)[0], yi, vi, test=chosen)
    tau2 = theirs if call.tau in {"REML", "PM"} else None
    got = pool(yi, vi, method=call.tau, test=test, tau2=tau2)
    return got.iqwig6() if call.interval == "HK-IQWiG6" else got


@parametrised(partial(meta_pool, "pool"))
def test_effects_agree_with_meta(case):
    """Our effects, corrected by meta's own rules for empty cells, are meta's to ten digits."""
    call = Call.of(case)
    if not call.ours:
        return
    yi, sei = effects(call, case.data)
    assert_close(yi, case.expected["TE"], rtol=1e-10, atol=1e-14)
    assert_close(sei, case.expected["seTE"], rtol=1e-10)
    assert [len(yi), np.isfinite(yi).sum()] == [case.expected["k_all"], case.expected["k"]]


@parametrised(partial(meta_pool, "pool"))
def test_the_common_effect_agrees_with_meta(case):
    """Inverse variance, Mantel-Haenszel or Peto: estimate, interval, p and weights, to ten digits."""
    call, yi, vi = studies(case)
    if call.method in {"MH", "Peto"}:
        estimate, se, source = common(call, case.data)
        weights = source.weights
    else:
        source = pool(yi, vi, method="EE")
        estimate, se, weights = source.estimate, source.se, source.weights
    got = [estimate, se, estimate - 1.959963984540054 * se, estimate + 1.959963984540054 * se]
    names = ("TE_common", "se_common", "lo_common", "up_common")
    assert_close(got, [case.expected[one] for one in names], rtol=1e-10, atol=1e-13)
    theirs = numbers(case.expected["w_common"])
    theirs = theirs[theirs > 0]
    assert_close(weights[weights > 0], 100 * theirs / theirs.sum(), rtol=1e-10)


@parametrised(partial(meta_pool, "pool"))
def test_tau2_agrees_with_meta(case):
    """Closed formulas agree to ten digits; iterated ones as far as meta went, and ours went further."""
    call, yi, vi = studies(case)
    want = case.expected["tau2"]
    if call.tau in {"DL", "SJ"}:
        assert_close(pooled(case, call, yi, vi).tau2, want, rtol=1e-10)
        return
    ours = pool(yi, vi, method=call.tau).tau2
    if call.tau == "REML":
        assert_close(ours, want, rtol=0, atol=STEPS, what="tau2")
        ll = [log_likelihood(yi, vi, one, restricted=True) for one in (ours, want)]
        assert ll[0] >= ll[1] - 1e-12 * abs(ll[1])
    else:
        assert_close(ours, want, rtol=0, atol=UNIROOT, what="tau2")
        away = [abs(moments(yi, vi, one).q - (len(yi) - 1)) for one in (ours, want)]
        assert away[0] <= away[1] + 1e-10


@parametrised(partial(meta_pool, "pool"))
def test_the_random_effect_agrees_with_meta(case):
    """At meta's tau2: estimate, the interval of each Hartung-Knapp rule, p and weights, to eight digits."""
    call, yi, vi = studies(case)
    got = pooled(case, call, yi, vi)
    names = {
        "estimate": "TE_random",
        "se": "se_random",
        "ci_lb": "lo_random",
        "ci_ub": "up_random",
        "pval": "p_random",
        "df": "df_random",
    }
    for ours, theirs in names.items():
        value = getattr(got, ours)
        assert_close(np.nan if value is None else value, case.expected[theirs], rtol=1e-8, what=ours)
    theirs = numbers(case.expected["w_random"])
    theirs = theirs[theirs > 0]
    assert_close(got.weights, 100 * theirs / theirs.sum(), rtol=1e-8)


@parametrised(partial(meta_pool, "pool"))
def test_heterogeneity_agrees_with_meta(case):
    """Q, H, and I2 with its test-based interval agree to eight digits."""
    call, yi, vi = studies(case)
    got = pooled(case, call, yi, vi)
    assert_close([got.q, got.q_pval], [case.expected["Q"], case.expected["Qp"]], rtol=1e-8)
    found = got.inconsistency()
    h = np.sqrt(case.expected["Q"] / (case.expected["k"] - 1))
    assert_close([max(1.0, h), found.h], [case.expected["H"], case.expected["H"]], rtol=1e-10)
    want = [100 * case.expected[one] for one in ("I2", "I2_lo", "I2_up")]
    assert_close([found.i2, found.i2_lb, found.i2_ub], want, rtol=1e-8, atol=1e-8)


@parametrised(partial(meta_pool, "pool"))
def test_tau2_intervals_agree_with_meta(case):
    """Jackson's interval after DL, Q-profile after any other, within the tolerance of R's root finder."""
    call, yi, vi = studies(case)
    want = [case.expected["tau2_lo"], case.expected["tau2_up"]]
    if revman(call):
        assert want == [None, None]
        return
    got = pool(yi, vi, method=call.tau).tau2_interval("J" if call.tau == "DL" else "QP")
    if np.isclose(want[1], max(100, 10 * case.expected["tau2"]), rtol=1e-9):
        # metafor's search ended at its bound: where Q is still too large, the root lies beyond.
        assert moments(yi, vi, want[1]).q > moments(yi, vi, got.ub).q
        want[1] = got.ub
    assert_close(got, want, rtol=0, atol=UNIROOT)


@parametrised(partial(meta_pool, "pool"))
def test_prediction_intervals_beside_estimates_agree_with_meta(case):
    """At meta's tau2, the prediction interval that goes with each estimate agrees to eight digits."""
    call, yi, vi = studies(case)
    kind = "V" if call.measure not in BINARY else "HTS" if call.interval == "classic" else "HK"
    got = pooled(case, call, yi, vi).prediction_interval(kind)
    assert_close(got, [case.expected["pi_lo"], case.expected["pi_up"]], rtol=1e-8)
    assert case.expected["df_predict"] == len(yi) - (2 if kind == "HTS" else 1)


def meta_tau2(case: Case) -> float:
    """Return the REML estimate that meta had for a prediction interval's data: it stands beside others."""
    beside = case.id.replace("/PI/", "/Inverse/REML/").rsplit("/", 1)[0] + "/classic"
    return float(next(one for one in meta_pool("pool") if one.id == beside).expected["tau2"])


@parametrised(partial(meta_pool, "PI"))
def test_named_prediction_intervals_agree_with_meta(case):
    """At meta's REML tau2, the intervals named V, HTS, HK and S agree to eight digits."""
    call, yi, vi = studies(case)
    got = pool(yi, vi, method="REML", tau2=meta_tau2(case)).prediction_interval(call.interval)
    assert_close(got, [case.expected["pi_lo"], case.expected["pi_up"]], rtol=1e-8)
