"""The Bayesian view: laws, brute force, and what is refused."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from synthesis import pool
from synthesis.views.bayes import bayesian_view
from synthesis.views.priors import MuPrior, TauPrior, half_cauchy, half_normal, uniform

law = settings(deadline=None, max_examples=12)
# Made up.
YI = np.array([0.62, 0.15, 0.41, -0.10, 0.30])
VI = np.array([0.04, 0.05, 0.02, 0.10, 0.03])
PRIORS = st.sampled_from([half_normal(0.5), half_normal(0.05), half_cauchy(0.5), uniform()])


def studies():
    """Draw three to twelve effects and variances with two decimals."""
    pair = st.tuples(
        st.integers(-300, 300).map(lambda n: n / 100), st.integers(1, 200).map(lambda n: n / 100)
    )
    return st.lists(pair, min_size=3, max_size=12).map(lambda pairs: np.array(pairs).T)


@law
@given(studies(), PRIORS)
def test_quantiles_have_their_probabilities(data, prior):
    """Central limits and medians cut off what they say, of mu and of tau, in order."""
    got = bayesian_view(*data, tau_prior=prior)
    for marginal, below in ((got.mu, lambda x: 1 - got.mu_above(x)), (got.tau, got.tau_below)):
        cut = [below(one) for one in (marginal.lower, marginal.median, marginal.upper)]
        assert cut == pytest.approx([0.025, 0.5, 0.975], abs=1e-9)


@law
@given(studies(), st.sampled_from([0.01, 30.0]))
def test_units_do_not_matter(data, scale):
    """Effects and prior in other units give the posterior in these units."""
    yi, vi = data
    one = bayesian_view(yi, vi)
    other = bayesian_view(yi * scale, vi * scale**2, tau_prior=half_normal(0.5 * scale))
    assert (other.mu.median, other.mu.upper) == pytest.approx(
        (scale * one.mu.median, scale * one.mu.upper), rel=1e-7, abs=1e-9 * scale
    )
    assert other.tau.mean == pytest.approx(scale * one.tau.mean, rel=1e-8)


@law
@given(studies(), PRIORS)
def test_studies_are_drawn_towards_the_mean(data, prior):
    """Each study's posterior mean lies between its own result and what the others say of the mean."""
    got = bayesian_view(*data, tau_prior=prior)
    assert (got.shrinkage().sd > 0).all()
    low, high = data[0].min(), data[0].max()
    assert ((got.shrinkage().mean >= low - 1e-9) & (got.shrinkage().mean <= high + 1e-9)).all()


def test_brute_force_integration_agrees():
    """The marginal likelihood and the means of mu and tau are those of a sum over a fine plane."""
    got = bayesian_view(YI, VI, tau_prior=half_normal(0.3), mu_prior=MuPrior(0.1, 0.8))
    mu, tau = np.linspace(-4, 4, 1201)[:, None], np.linspace(0, 2.5, 1501)
    weights = np.where((tau == 0) | (tau == 2.5), 0.5, 1.0) * 8 / 1200 * 2.5 / 1500
    logs = norm.logpdf(mu, 0.1, 0.8) + np.log(2) + norm.logpdf(tau, 0, 0.3)
    logs = logs + sum(norm.logpdf(y, mu, np.sqrt(v + tau**2)) for y, v in zip(YI, VI, strict=True))
    joint = np.exp(logs) * weights
    assert got.log_marginal == pytest.approx(np.log(joint.sum()), abs=1e-5)
    assert got.mu.mean == pytest.approx((joint * mu).sum() / joint.sum(), rel=1e-5)
    assert got.tau.mean == pytest.approx((joint * tau).sum() / joint.sum(), rel=1e-5)


def test_many_studies_speak_louder_than_the_prior():
    """With a thousand studies a wide prior gives about the REML estimate, its standard error and its tau."""
    rng = np.random.default_rng(20261122)
    vi = rng.uniform(0.01, 0.2, 1000)
    yi = rng.normal(0.3, np.sqrt(vi + 0.04))
    got, reml = bayesian_view(yi, vi, tau_prior=half_normal(10)), pool(yi, vi)
    assert got.mu.mean == pytest.approx(reml.estimate, abs=0.02 * reml.se)
    assert got.mu.sd == pytest.approx(reml.se, rel=0.01)
    assert got.tau.mean == pytest.approx(np.sqrt(reml.tau2), rel=0.02)


def test_a_prior_of_no_heterogeneity_is_the_common_effect():
    """A prior that holds tau at 0 gives the equal-effects estimate, and Bayes factors in closed form."""
    got = bayesian_view(YI, VI, tau_prior=half_normal(1e-6), mu_prior=MuPrior(0, 2))
    plain = pool(YI, VI, method="EE")
    shrunk = 4 / (4 + plain.se**2)
    assert got.mu.mean == pytest.approx(shrunk * plain.estimate, rel=1e-8)
    ratio = norm.pdf(plain.estimate, 0, plain.se) / norm.pdf(plain.estimate, 0, np.hypot(2, plain.se))
    assert got.bayes_factor == pytest.approx(ratio, rel=1e-6)


def test_one_study_tells_nothing_of_heterogeneity():
    """With one study and a flat mean the posterior of tau is its prior."""
    got = bayesian_view([0.3], [0.04])
    assert got.tau.median == pytest.approx(0.5 * norm.ppf(0.75), rel=1e-9)
    assert got.tau.mode == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("prior", [half_cauchy(1e-5), half_normal(0.01), half_cauchy(1e5)])
def test_priors_on_other_scales_than_the_data_are_integrated_too(prior):
    """However far the prior lies from the data, the quadrature over tau agrees with an adaptive one."""
    yi, vi = 300 * YI, 300**2 * VI
    got = bayesian_view(yi, vi, tau_prior=prior, mu_prior=MuPrior(0, 50))

    def density(x: float) -> float:
        tau = np.exp(x)
        covariance = np.diag(vi + tau**2) + 50**2
        log_likelihood = multivariate_normal.logpdf(yi, np.zeros(len(yi)), covariance)
        return float(np.exp(log_likelihood + prior.log_density(np.array([tau]))[0] + x))

    pieces = pairwise(np.arange(-40, 41, 4))
    mass = sum(quad(density, low, high, epsabs=0, limit=200)[0] for low, high in pieces)
    assert got.log_marginal == pytest.approx(np.log(mass), abs=1e-8)


@pytest.mark.parametrize(
    ("k", "mu_prior", "least"), [(1, MuPrior(), 3), (2, MuPrior(), 3), (1, MuPrior(0, 4), 2)]
)
def test_an_improper_posterior_is_refused(k, mu_prior, least):
    """A uniform prior of tau needs three studies, or two with a normal prior of mu."""
    with pytest.raises(ValueError, match=f"without finite mass; expected at least {least} studies"):
        bayesian_view(YI[:k], VI[:k], tau_prior=uniform(), mu_prior=mu_prior)


def test_infinite_moments_are_left_out():
    """A uniform prior with three studies has limits, but neither mean nor SD."""
    got = bayesian_view(YI[:3], VI[:3], tau_prior=uniform())
    assert (got.tau.mean, got.tau.sd, got.mu.mean) == (None, None, None)
    assert got.tau.lower < got.tau.median < got.tau.upper < np.inf


def test_identical_effects_have_a_posterior():
    """Without any spread tau is most probably 0, and its posterior is narrower than its prior."""
    got = bayesian_view(np.full(6, 0.3), np.full(6, 0.02))
    assert got.tau.mode == pytest.approx(0, abs=1e-9)
    assert got.tau.median < 0.5 * norm.ppf(0.75)
    assert got.mu.median == pytest.approx(0.3, abs=1e-9)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: TauPrior("normal", 1), "found 'normal'"),
        (lambda: half_normal(0), "found scale 0 for half-normal"),
        (lambda: half_cauchy(np.inf), "expected a scale above 0"),
        (lambda: TauPrior("uniform", 2.0), "expected no scale"),
        (lambda: MuPrior(0, 0), "an SD above 0"),
    ],
)
def test_impossible_priors_are_refused(make, said):
    """Unknown kinds and scales out of range are refused in a sentence."""
    with pytest.raises(ValueError, match=said):
        make()


def test_the_view_says_that_it_is_one():
    """The text names the priors and marks itself as a sensitivity view; the table has three rows."""
    got = bayesian_view(YI, VI)
    assert "half-normal(0.5)" in repr(got)
    assert "a sensitivity view" in repr(got)
    assert list(got.to_frame()["of"]) == ["mu", "tau", "theta_new"]
