"""Selection models: laws, and what is refused or noted."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from synthesis.small_study.selection.cells import p_values, quadrature_cells
from synthesis.small_study.selection.likelihood import (
    Selected,
    log_likelihood,
    value_and_gradient,
    value_gradient_hessian,
)
from synthesis.small_study.selection.model import selection_model
from synthesis.small_study.selection.weights import weight_function

law = settings(deadline=None, max_examples=10)
CONTINUOUS = ("beta", "halfnorm", "negexp", "logistic", "power")
SIDES = ("greater", "less", "two.sided")
# Made up: some significant, some not, some negative.
YI = np.array([0.62, 0.55, 0.41, 0.80, 0.12, 0.30, -0.05, 0.48, 0.02, 0.71, 0.25, 0.37])
VI = np.array([0.04, 0.05, 0.02, 0.10, 0.03, 0.02, 0.02, 0.04, 0.01, 0.08, 0.05, 0.03])


def studies():
    """Draw ten to twenty effects and variances with two decimals."""
    pair = st.tuples(st.integers(-80, 150).map(lambda n: n / 100), st.integers(1, 40).map(lambda n: n / 100))
    return st.lists(pair, min_size=10, max_size=20).map(lambda pairs: np.array(pairs).T)


def prepared(kind: str, alternative: str) -> Selected:
    """Prepare the made-up studies for a continuous weight function."""
    weight = weight_function(kind, ())
    pvals = p_values(YI, np.sqrt(VI), alternative, weight.pval_min)
    return Selected(YI, VI, pvals, weight, quadrature_cells(weight, alternative, 48))


@law
@given(studies(), st.sampled_from(CONTINUOUS), st.sampled_from(SIDES))
def test_selection_never_fits_worse_than_none(data, kind, alternative):
    """The maximum with selection is at least the one without, and the search says that it got there."""
    got = selection_model(*data, type=kind, alternative=alternative)
    assert got.ll >= got.ll0 - 1e-8
    assert not any("not reached" in note for note in got.notes)


@law
@given(studies(), st.sampled_from([0.01, 7.0, 1000.0]))
def test_units_do_not_matter(data, scale):
    """Effects in other units give the estimate in these units and the same weights."""
    yi, vi = data
    pvals = p_values(yi, np.sqrt(vi), "greater")
    assume(np.sum(pvals <= 0.025) > 1)
    assume(np.sum(pvals > 0.025) > 1)
    one, other = selection_model(yi, vi), selection_model(yi * scale, vi * scale**2)
    assert other.ll + len(yi) * np.log(scale) == pytest.approx(one.ll, abs=1e-7)
    if one.se is not None and one.se < 1:
        assert other.estimate == pytest.approx(scale * one.estimate, rel=1e-4, abs=1e-4 * scale)
        assert other.delta[1] == pytest.approx(one.delta[1], rel=1e-3)


@law
@given(studies(), st.sampled_from(CONTINUOUS))
def test_mirrored_effects_with_the_other_side_give_the_mirrored_fit(data, kind):
    """Favouring negative effects among mirrored studies is favouring positive ones among these."""
    yi, vi = data
    one, other = selection_model(yi, vi, type=kind), selection_model(-yi, vi, type=kind, alternative="less")
    assert other.ll == pytest.approx(one.ll, abs=1e-8)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("kind", CONTINUOUS)
def test_gradient_and_hessian_are_those_of_the_likelihood(kind, alternative):
    """Analytic derivatives agree with differences of the likelihood and of its gradient."""
    data = prepared(kind, alternative)
    at = np.array([0.2, 0.03, *([0.8, 1.6] if kind == "beta" else [1.4])])
    _, gradient, hessian = value_gradient_hessian(data, at)
    steps = 1e-5 * np.eye(len(at))
    by_value = [(log_likelihood(data, at + h) - log_likelihood(data, at - h)) / 2e-5 for h in steps]
    by_gradient = [
        (value_and_gradient(data, at + h)[1] - value_and_gradient(data, at - h)[1]) / 2e-5 for h in steps
    ]
    assert gradient == pytest.approx(by_value, rel=1e-6, abs=1e-6)
    assert hessian.ravel() == pytest.approx(np.ravel(by_gradient), rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("kind", CONTINUOUS)
def test_quadrature_agrees_with_adaptive_integration(kind, alternative):
    """The chance of a study to be seen is the one that adaptive integration finds."""
    data = prepared(kind, alternative)
    delta = np.array([0.8, 1.6] if kind == "beta" else [1.4])
    sei, mu, tau2 = float(np.sqrt(VI[0])), 0.2, 0.03
    spread = float(np.sqrt(VI[0] + tau2))

    def seen(y: float) -> float:
        p = p_values(np.array([y]), np.array([sei]), alternative, data.weight.pval_min)
        weight = float(np.exp(data.weight.log_weight(p, delta).value[0]))
        return weight * np.exp(-0.5 * ((y - mu) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))

    edges = sorted({mu - 12 * spread, *(sei * np.array([-4.3, -1, 0, 1, 4.3])), mu + 12 * spread})
    pieces = [quad(seen, *pair, limit=500)[0] for pair in pairwise(edges)]
    mass = data.cells.probabilities(np.array([sei]), mu, np.array([spread**2]), 0)[0, 0]
    assert mass @ np.exp(data.weight.log_weight(data.cells.pvals, delta).value) == pytest.approx(
        sum(pieces), rel=1e-6
    )


def test_equal_given_weights_change_nothing():
    """A step function with all weights 1 is the pool without selection."""
    got = selection_model(YI, VI, steps=[0.025, 0.5], delta=[1, 1, 1])
    assert (got.estimate, got.tau2) == pytest.approx((got.pooled.estimate, got.pooled.tau2), abs=1e-7)
    assert (got.lrt_df, got.lrt_pval) == (0, None)
    assert got.lrt == pytest.approx(0, abs=1e-9)


def test_given_weights_against_insignificant_studies_lower_the_estimate():
    """The heavier the assumed selection, the lower the adjusted effect (Vevea & Woods 2005)."""
    estimates = [selection_model(YI, VI, delta=[1, weight]).estimate for weight in (1, 0.5, 0.1)]
    assert estimates == sorted(estimates, reverse=True)


def test_weights_are_found_again():
    """Among many simulated studies of which most insignificant ones vanished, effect and weight come back."""
    rng = np.random.default_rng(20261122)
    vi = rng.uniform(0.01, 0.2, 8000)
    yi = rng.normal(0.2, np.sqrt(vi + 0.02))
    seen = rng.random(8000) < np.where(yi / np.sqrt(vi) > 1.959964, 1.0, 0.3)
    got = selection_model(yi[seen], vi[seen])
    assert abs(got.estimate - 0.2) < 3 * got.se
    assert abs(got.delta[1] - 0.3) < 3 * got.se_delta[1]
    assert got.pooled.estimate > 0.3


def test_an_empty_interval_is_refused():
    """A weight for an interval without a study is refused, by the interval's name."""
    with pytest.raises(ValueError, match=r"no study with 0\.9999 < p <= 1; expected at least one"):
        selection_model(YI, VI, steps=[0.025, 0.9999])


def test_all_studies_beyond_the_step_are_noted():
    """Where no study is significant the weight of the others grows to its bound, which is said."""
    got = selection_model(YI[[4, 6, 8]], VI[[4, 6, 8]], method="EE")
    assert got.counts == (0, 3)
    assert any("no study has p <= 0.025" in note for note in got.notes)


def test_tau2_of_zero_has_no_standard_error():
    """Identical effects leave tau2 at 0, without a standard error, and a note says so."""
    got = selection_model(np.full(12, 0.3), np.linspace(0.01, 0.2, 12))
    assert (got.tau2, got.se_tau2) == (0.0, None)
    assert any("tau2 is 0" in note for note in got.notes)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"type": "step"}, "type: found 'step'"),
        ({"alternative": "both"}, "alternative: found 'both'"),
        ({"method": "REML"}, "method: found 'REML'"),
        ({"steps": [1.2]}, "steps: found 1.2"),
        ({"steps": []}, "steps: found none"),
        ({"type": "beta", "steps": [0.025]}, "expected none"),
        ({"type": "negexp", "steps": [0.025, 0.5]}, "at most one"),
        ({"delta": [1]}, "delta: found 1; expected 2"),
        ({"delta": [1, -0.5]}, "delta: found -0.5"),
        ({"delta": [0, 0]}, "no weight above 0"),
        ({"delta": [0, 1]}, "where delta is 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused(asked, said):
    """Unknown names and numbers out of range are refused in a sentence."""
    with pytest.raises(ValueError, match=said):
        selection_model(YI, VI, **asked)


def test_fewer_studies_than_parameters_are_refused():
    """Two studies do not bear three parameters."""
    with pytest.raises(ValueError, match="2 studies for 3 parameters"):
        selection_model(YI[[0, 4]], VI[[0, 4]])


def test_the_table_and_the_text_tell_what_was_found():
    """The table has a row for each parameter, the text the effect with and without selection."""
    got = selection_model(YI, VI, type="beta")
    assert list(got.to_frame()["term"]) == ["mu", "tau2", "delta.1", "delta.2"]
    assert f"{got.pooled.estimate:.4f} without selection" in repr(got)
