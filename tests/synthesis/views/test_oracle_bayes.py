"""The Bayesian grid against bayesmeta's."""

from functools import partial

from synthesis.views.bayes import BayesianView, bayesian_view
from synthesis.views.priors import MuPrior, TauPrior, half_cauchy, half_normal, uniform
from tests.synthesis.oracle import Case, assert_close, other_cases, parametrised

# bayesmeta's own grid is good to about this; its marginal likelihoods are to the last digits.
TOLERANCE = 1e-3
EXACT = 1e-10
MU_PRIORS = {"flat": MuPrior(), "N(0,4)": MuPrior(0, 4)}


def tau_prior(name: str) -> TauPrior:
    """Read a prior's short name: HN0.5, HC0.5, uniform."""
    if name == "uniform":
        return uniform()
    return {"HN": half_normal, "HC": half_cauchy}[name[:2]](float(name[2:]))


def viewed(case: Case) -> BayesianView:
    """Fit a case's studies under its priors."""
    asked = case.options
    prior = tau_prior(asked["tau_prior"])
    return bayesian_view(
        case.data["yi"], case.data["vi"], tau_prior=prior, mu_prior=MU_PRIORS[asked["mu_prior"]]
    )


@parametrised(partial(other_cases, "bayes"))
def test_posteriors_agree_with_bayesmeta(case):
    """Marginal posteriors, probabilities, marginal likelihood, Bayes factor and shrinkage agree."""
    got, want = viewed(case), case.expected
    for name in ("tau", "mu", "theta_new"):
        ours, theirs = getattr(got, name), want[name]
        for field in ("mode", "median", "mean", "sd"):
            assert_close(getattr(ours, field), theirs[field], rtol=TOLERANCE, what=f"{name} {field}")
        assert_close(ours.lower, theirs["95% lower"], rtol=TOLERANCE, what=f"{name} lower")
        assert_close(ours.upper, theirs["95% upper"], rtol=TOLERANCE, what=f"{name} upper")
    assert_close(got.tau_below(0.1), want["tau_p_le_0.1"], rtol=EXACT, what="P(tau <= 0.1)")
    assert_close(1 - got.mu_above(0), want["mu_p_le_0"], rtol=TOLERANCE, what="P(mu <= 0)")
    assert_close(got.shrinkage().median, want["shrink_median"], rtol=TOLERANCE, what="shrinkage")


@parametrised(partial(other_cases, "bayes"))
def test_marginal_likelihoods_agree_with_bayesmeta(case):
    """Under proper priors marginal likelihood and Bayes factor agree; under others there are none."""
    got, want = viewed(case), case.expected
    if want["marginal_lik"] is None:
        assert (got.log_marginal, got.bayes_factor) == (None, None)
        return
    assert_close(got.marginal_likelihood, want["marginal_lik"], rtol=EXACT)
    assert_close(got.bayes_factor, want["bayesfactor_mu0"], rtol=EXACT)
