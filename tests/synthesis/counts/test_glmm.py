"""Generalised mixed models: the conditional ones, their limits, and what they refuse."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import nchypergeom_fisher

from synthesis.counts.families import Binomial, Hypergeometric
from synthesis.counts.glmm import glmm
from synthesis.counts.quadrature import log_marginal

# Hine et al.'s and others' trials have no such counts: these are made up, one trial without events among
# the treated, one without any.
DATA = {
    "ai": [3, 0, 7, 12, 0],
    "n1i": [40, 25, 60, 90, 30],
    "ci": [6, 3, 8, 30, 0],
    "n2i": [42, 25, 58, 88, 31],
}
RATES = {
    "x1i": [7, 3, 10, 5],
    "t1i": [1344, 1600, 2300, 900],
    "x2i": [11, 8, 9, 15],
    "t2i": [1988, 1500, 2100, 950],
}
MODELS = [("OR", one, DATA) for one in ("UM.FS", "UM.RS", "CM.EL", "CM.AL")]
MODELS += [("IRR", one, RATES) for one in ("UM.FS", "UM.RS", "CM.EL")]


@pytest.mark.parametrize(("measure", "model", "data"), MODELS)
def test_swapping_the_arms_changes_the_sign(measure, model, data):
    """The arms' order is a matter of sign, for every model (with random effects where that is quick)."""
    swap = {"ai": "ci", "ci": "ai", "n1i": "n2i", "n2i": "n1i"}
    swap |= {"x1i": "x2i", "x2i": "x1i", "t1i": "t2i", "t2i": "t1i"}
    other = {swap[name]: column for name, column in data.items()}
    for method in ("EE",) if model == "UM.RS" else ("EE", "ML"):
        one, two = (glmm(measure, model=model, method=method, nodes=5, **which) for which in (data, other))
        assert one.estimate == pytest.approx(-two.estimate, abs=1e-4 * one.se)
        assert [one.se, one.tau2] == pytest.approx([two.se, two.tau2], rel=1e-3, abs=1e-6)


def test_given_all_events_a_common_rate_ratio_is_the_one_with_fixed_intercepts():
    """For Poisson counts the conditional and the unconditional common effect are the same (Stijnen 2010)."""
    conditional, free = (glmm("IRR", model=one, method="EE", **RATES) for one in ("CM.EL", "UM.FS"))
    assert conditional.estimate == pytest.approx(free.estimate, abs=1e-6)
    assert [conditional.se, conditional.q_lrt] == pytest.approx([free.se, free.q_lrt], rel=1e-5)


def test_a_study_without_events_in_both_arms_says_nothing():
    """Leaving such a study out changes nothing; k counts the others."""
    fewer = {name: column[:-1] for name, column in DATA.items()}
    got, want = glmm("OR", **DATA), glmm("OR", **fewer)
    assert (got, got.k) == (want, 4)


@pytest.mark.parametrize("eta", [-1.3, 0.0, 2.1])
def test_the_hypergeometric_is_fishers(eta):
    """Mean, variance and probability of an observed table are those of Fisher's distribution."""
    arm = Hypergeometric.of(*(np.array([float(one)]) for one in (4, 12, 9, 7)))
    theirs = nchypergeom_fisher(21, 12, 7, np.exp(eta))
    at = np.array([eta])
    assert [one[0] for one in arm.moments(at)] == pytest.approx([theirs.mean(), theirs.var()], rel=1e-9)
    weight = arm.log_weights[4 - int(arm.support[0, 0]), 0]
    assert weight + 4 * eta - arm.normaliser(at)[0] == pytest.approx(theirs.logpmf(4), rel=1e-9)


def test_quadrature_comes_to_the_integral():
    """Fifteen nodes give the integral that scipy's adaptive rule gives."""
    arm = Binomial(np.array([1.0]), np.array([14.0]), np.zeros(1))

    def integrand(b: float) -> float:
        eta = -0.7 + 1.2 * b
        return float(np.exp(eta - 14 * np.logaddexp(0, eta) - b * b / 2) / np.sqrt(2 * np.pi))

    got = log_marginal((arm,), np.array([[-0.7]]), np.array([[1.2]]), 15)[0]
    assert got == pytest.approx(np.log(quad(integrand, -12, 12, epsabs=1e-14)[0]), abs=1e-7)


def test_conditional_models_agree_with_metafor(shared_data):
    """Metafor 3.8-1's fits of the conditional models, with lme4 and numDeriv, agree to four digits."""
    del shared_data
    from tests.synthesis.oracle import count_cases

    cases = {case.id: case.data for case in count_cases("rma.glmm")}
    rates, counts = cases["dat.nielweise2008:GLMM/IRR/UM.FS/EE"], cases["dat.hahn2001:GLMM/OR/UM.FS/EE"]
    want = {
        ("IRR", "CM.EL", "EE"): (-0.4176763655, 0.1845329066, 0.0, 9.69759726, 11.60177440),
        ("IRR", "CM.EL", "ML"): (-0.4762395876, 0.2377005425, 0.1225617543, 9.69759726, 11.60177440),
        ("OR", "CM.EL", "EE"): (-0.4920891320, 0.1402102204, 0.0, 6.37772822, 8.43487631),
        ("OR", "CM.AL", "EE"): (-0.4243909840, 0.1304217231, 0.0, 6.05671154, 8.25025271),
        ("OR", "CM.AL", "ML"): (-0.4243909841, 0.1304217231, 0.0, 6.05671154, 8.25025271),
    }
    for (measure, model, method), numbers in want.items():
        got = glmm(measure, model=model, method=method, **(rates if measure == "IRR" else counts))
        found = [got.estimate, got.se, got.tau2, got.q_lrt]
        assert found == pytest.approx([*numbers[:3], numbers[4]], rel=1e-4, abs=1e-7)
        # metafor takes the exact model's Wald statistic from a numerical Hessian with an infinite effect.
        assert got.q_wald == pytest.approx(
            numbers[3], rel=1e-3 if (measure, model) == ("OR", "CM.EL") else 1e-6
        )


def test_more_nodes_change_little():
    """Seven nodes are within a thousandth of a standard error of fifteen."""
    seven, fifteen = (glmm("OR", nodes=one, **DATA) for one in (7, 15))
    assert seven.estimate == pytest.approx(fifteen.estimate, abs=1e-3 * fifteen.se)


def test_one_study_has_no_heterogeneity():
    """One study is pooled to itself, with its Woolf standard error."""
    got = glmm("OR", ai=[3], n1i=[40], ci=[6], n2i=[42])
    assert got.estimate == pytest.approx(np.log(3 * 36 / (37 * 6)), abs=1e-5)
    assert got.se == pytest.approx(np.sqrt(1 / 3 + 1 / 37 + 1 / 6 + 1 / 36), rel=1e-5)
    assert (got.tau2, got.i2, got.q_lrt, got.q_lrt_pval) == (0.0, 0.0, 0.0, 1.0)


def test_no_event_among_all_treated_has_no_finite_estimate():
    """The message says where the events are missing."""
    with pytest.raises(ValueError, match="among the treated of all 4 studies; expected some"):
        glmm("OR", **DATA | {"ai": [0] * 5})


def test_no_study_that_says_something_is_refused():
    """Without any event there is nothing to fit."""
    with pytest.raises(ValueError, match="IRR: found no study that says something"):
        glmm("IRR", x1i=[0, 0], t1i=[10, 20], x2i=[0, 0], t2i=[10, 20])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"measure": "RR"}, "measure: found 'RR'; expected one of OR IRR PLO"),
        ({"measure": "IRR", "model": "CM.AL"}, "model: found 'CM.AL' for IRR; expected UM.FS UM.RS CM.EL"),
        ({"measure": "OR", "method": "REML"}, "method: found 'REML'; expected ML or EE"),
        ({"measure": "OR", "nodes": 0}, "nodes: found 0; expected 1 or more"),
        ({"measure": "OR", "level": 95}, "level: found 95; expected a fraction"),
    ],
)
def test_unknown_options_are_refused(asked, message):
    """Each message says what was found and what is known."""
    with pytest.raises(ValueError, match=message):
        glmm(**asked, **(RATES if asked["measure"] == "IRR" else DATA))


def test_the_result_reads_as_a_sentence_and_is_a_row():
    """The repr names scale, model and method; the table has one row."""
    got = glmm("OR", model="CM.EL", **DATA)
    assert repr(got).startswith(f"log OR {got.estimate:.4f} [")
    assert "by CM.EL, ML" in repr(got)
    assert got.to_frame().shape[0] == 1
