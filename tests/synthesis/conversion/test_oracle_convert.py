"""Mean and SD from quantiles, and numbers needed to treat, against released R packages."""

import numpy as np

from synthesis.conversion.needed import nnt, nnt_from_smd
from synthesis.conversion.quantiles import mean_sd_from_quantiles
from synthesis.measures.effects import effect_sizes
from synthesis.random_effects.pooling import pool
from tests.synthesis.oracle import Case, assert_close, other_cases, parametrised

NAMES = {"min": "minimum", "max": "maximum", "med": "median"}


def _closed():
    return (case for case in other_cases("convert.mean_sd") if "dist" not in case.expected)


def _fitted():
    return (case for case in other_cases("convert.mean_sd") if "dist" in case.expected)


def _needed():
    return other_cases("meta.nnt")


def _furukawa():
    return other_cases("convert.nnt_furukawa")


def _given(case: Case) -> dict[str, float]:
    return {NAMES.get(name, name): value for name, value in case.input.items()}


@parametrised(_closed)
def test_closed_forms_agree_with_meta(case):
    """Wan 2014, Luo 2018 and Shi 2020 give what meta's metamean gives."""
    mean_method, sd_method = case.id.split("/")[-2:]
    got = mean_sd_from_quantiles(**_given(case), mean_method=mean_method, sd_method=sd_method)
    assert_close(got.mean, case.expected["mean"], rtol=1e-10)
    assert_close(got.sd, case.expected["sd"], rtol=1e-10)


# estmeansd stops R's optim at its default, a relative change of 2e-9 in the distance: four digits hold.
@parametrised(_fitted)
def test_quantile_estimation_agrees_with_estmeansd(case):
    """The chosen family is estmeansd's; mean and SD agree as far as its optimiser goes."""
    got = mean_sd_from_quantiles(**_given(case), mean_method="QE", sd_method="QE")
    assert got.dist == (case.expected["dist"],)
    assert_close(got.mean, case.expected["mean"], rtol=1e-4)
    assert_close(got.sd, case.expected["sd"], rtol=1e-4)


@parametrised(_furukawa)
def test_furukawas_numbers_agree(case):
    """Risk and number needed to treat agree with the formula; no effect needs infinitely many."""
    got = nnt_from_smd(case.input["smd"], case.input["cer"])
    expected = np.inf if case.expected["nnt"] is None else case.expected["nnt"]
    assert_close(got.treated_risk, case.expected["eer"], rtol=1e-12)
    assert_close(got.nnt, expected, rtol=1e-10)


@parametrised(_needed)
def test_numbers_needed_agree_with_meta(case):
    """Numbers needed to treat of a REML pool agree with meta, bounds that cross no effect included."""
    _, measure, risk = case.id.split("/")
    sizes = effect_sizes(measure, drop00=True, add=0, to="none", **_counts(case.data, measure))
    known = ~np.isnan(sizes.yi)
    pooled = pool(sizes.yi[known], sizes.vi[known], method="REML", test="z")
    got = nnt(measure, pooled.estimate, float(risk), ci_lb=pooled.ci_lb, ci_ub=pooled.ci_ub)
    assert_close(got.nnt, case.expected["NNT"], rtol=1e-6)
    assert_close(got.ci_lb, case.expected["lo"], rtol=1e-6)
    assert_close(got.ci_ub, case.expected["up"], rtol=1e-6)


def _counts(data, measure):
    """The studies with an event, with meta's half in each cell of those with a zero.

    Of a risk ratio meta adds the half to events and participants (its RR.Cochrane = FALSE), where metafor
    and ours add it to events and non-events.
    """
    ai, n1i, ci, n2i = (np.array(data[name], dtype=float) for name in ("ai", "n1", "ci", "n2"))
    zero = (ai * (n1i - ai) * ci * (n2i - ci) == 0) & ((ai > 0) | (ci > 0))
    half = np.where(zero, 0.5, 0)
    people = half if measure == "RR" else 2 * half
    return {"ai": ai + half, "n1i": n1i + people, "ci": ci + half, "n2i": n2i + people}
