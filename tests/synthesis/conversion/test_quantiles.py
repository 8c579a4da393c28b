"""Median, quartiles and range to mean and SD: bias, units, skewness and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synthesis.conversion.quantile_fit import quantile_fit
from synthesis.conversion.quantiles import mean_sd_from_quantiles
from synthesis.conversion.skewness import near_the_floor
from synthesis.conversion.summaries import summary

KINDS = {
    "range": ("minimum", "maximum"),
    "quartiles": ("q1", "q3"),
    "both": ("minimum", "q1", "q3", "maximum"),
}
PLACES = {"minimum": 0, "q1": 25, "median": 50, "q3": 75, "maximum": 100}


def _printed(sample, kind):
    """What a report would print of samples of shape (runs, n)."""
    names = ("median", *KINDS[kind])
    return {name: np.percentile(sample, PLACES[name], axis=1) for name in names} | {"n": sample.shape[1]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [25, 60, 300])
def test_normal_samples_come_back_unbiased(kind, n):
    """Over normal samples the closed forms give the true mean, and the SD within 3%."""
    sample = np.random.default_rng(n).normal(10, 2, (4000, n))
    for methods in ({"mean_method": "Luo", "sd_method": "Shi"}, {"mean_method": "Wan", "sd_method": "Wan"}):
        got = mean_sd_from_quantiles(**_printed(sample, kind), **methods)
        assert got.mean.mean() == pytest.approx(10, abs=0.05)
        assert got.sd.mean() == pytest.approx(2, rel=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_normal_samples_rarely_look_skewed(kind):
    """Shi's test refutes about one normal sample in twenty, and nearly all strongly skewed ones."""
    rng = np.random.default_rng(11)
    normal = mean_sd_from_quantiles(**_printed(rng.normal(size=(4000, 80)), kind))
    lognormal = mean_sd_from_quantiles(**_printed(rng.lognormal(sigma=1.2, size=(4000, 80)), kind))
    assert 0.03 < normal.skewed.mean() < 0.07
    assert lognormal.skewed.mean() > 0.7


# The extremes of a sample vary far more than its quartiles, and quantile estimation follows them.
@pytest.mark.parametrize(
    ("method", "kind"), [("QE", "quartiles"), ("MLN", "range"), ("MLN", "quartiles"), ("MLN", "both")]
)
def test_skewed_samples_come_back(method, kind):
    """From quantiles of a large log-normal sample both fits find mean and SD, where Luo does not."""
    sample = np.random.default_rng(3).lognormal(2, 0.5, (1, 2001))
    got = mean_sd_from_quantiles(**_printed(sample, kind), mean_method=method, sd_method=method)
    assert got.mean[0] == pytest.approx(sample.mean(), rel=0.06)
    assert got.sd[0] == pytest.approx(sample.std(), rel=0.2)
    closed = mean_sd_from_quantiles(**_printed(sample, "quartiles"))
    assert closed.mean[0] < 0.97 * sample.mean()


fives = st.lists(st.floats(1, 100), min_size=5, max_size=5, unique=True).map(sorted)


@settings(max_examples=8)
@given(values=fives, n=st.integers(10, 400), unit=st.sampled_from([24.0, 1e4]))
def test_units_do_not_matter(values, n, unit):
    """Hours instead of days multiply mean and SD, by every method, and choose the same family."""
    minimum, q1, median, q3, maximum = values
    if min(np.diff(values)) < 0.05:
        return
    for method, other in (("Luo", "Shi"), ("Wan", "Wan"), ("QE", "QE"), ("MLN", "MLN")):
        one, two = (
            mean_sd_from_quantiles(
                median * c, n, q1=q1 * c, q3=q3 * c, minimum=minimum * c, maximum=maximum * c,
                mean_method=method, sd_method=other,
            )
            for c in (1.0, unit)
        )  # fmt: skip
        assert two.mean[0] == pytest.approx(unit * one.mean[0], rel=1e-4)
        assert two.sd[0] == pytest.approx(unit * one.sd[0], rel=1e-3)


def test_proportions_may_be_beta():
    """Between 0 and 1 the beta family is tried too: quantiles of a beta come back as one."""
    beta = stats.beta(2, 5)
    q1, median, q3 = beta.ppf([0.25, 0.5, 0.75])
    low, high = beta.ppf([1 / 80, 1 - 1 / 80])
    got = mean_sd_from_quantiles(
        median, 80, q1=q1, q3=q3, minimum=low, maximum=high, mean_method="QE", sd_method="QE"
    )
    assert got.dist == ("beta",)
    assert got.mean[0] == pytest.approx(beta.mean(), rel=1e-6)
    assert got.sd[0] == pytest.approx(beta.std(), rel=1e-6)


def test_negative_values_leave_the_normal_only():
    """Where a quantile is negative QE fits the normal, and MLN is refused."""
    given_values = {"median": 1, "n": 50, "q1": -2, "q3": 4}
    assert mean_sd_from_quantiles(**given_values, mean_method="QE", sd_method="QE").dist == ("normal",)
    with pytest.raises(ValueError, match="study 1: found -2; expected values above 0 for MLN"):
        mean_sd_from_quantiles(**given_values, mean_method="MLN", sd_method="MLN")


def test_the_nearest_family_is_found_from_anywhere():
    """The fit reaches what R's optim reaches from a good start and breaks off before from another.

    R: q <- c(.3, 9.9, 14.7, 25, 45.8); p <- c(1/69, .25, .5, .75, 68/69); optim(c(1.5, 18), function(t)
    sum((qweibull(p, t[1], t[2]) - q)^2), method = "L-BFGS-B", lower = 1e-3, upper = 100): 4.687075 at
    1.691994 and 19.63856; from c(2, 20): "L-BFGS-B needs finite values of 'fn'".
    """
    five = summary(14.7, 69, q1=9.9, q3=25, minimum=0.3, maximum=45.8)
    got = quantile_fit(five, 0)
    assert got.dist == "weibull"
    assert got.distance == pytest.approx(4.687075, abs=1e-6)
    assert got.mean == pytest.approx(stats.weibull_min(1.691994, scale=19.63856).mean(), rel=1e-5)


def test_summaries_at_the_edge_have_an_answer():
    """A median or minimum of 0, a median on the minimum, and absurd spread give finite numbers or a note."""
    both = {"mean_method": "QE", "sd_method": "QE"}
    edges = [
        mean_sd_from_quantiles(0, 50, q1=0, q3=2, **both),
        mean_sd_from_quantiles(2, 50, q1=0, q3=6, **both),
        mean_sd_from_quantiles(2, 3, minimum=2, maximum=3, **both),
        mean_sd_from_quantiles(2, 5, q1=1, q3=1000, minimum=0.001, maximum=1e6, **both),
    ]
    assert all(np.isfinite([one.mean[0], one.sd[0]]).all() for one in edges)
    assert edges[0].dist == ("normal",)
    assert edges[3].mean[0] <= 1e6
    absurd = mean_sd_from_quantiles(2, 5, minimum=0.001, maximum=1e6, mean_method="MLN", sd_method="MLN")
    assert "lies outside the printed range: do not use it" in absurd.notes[-1]


def test_no_study_is_no_error():
    """Empty columns give empty results."""
    for method in ("Wan", "QE"):
        assert len(mean_sd_from_quantiles([], [], q1=[], q3=[], mean_method=method, sd_method=method)) == 0


def test_each_study_uses_what_it_prints():
    """Studies with quartiles, range or both stand in one call; a study without a median stays missing."""
    got = mean_sd_from_quantiles(
        [30, 30, 30, None],
        80,
        q1=[20, None, 20, 20],
        q3=[40, None, 40, 40],
        minimum=[None, 10, 10, None],
        maximum=[None, 60, 60, None],
        sd_method="Wan",
    )
    alone = [
        mean_sd_from_quantiles(30, 80, q1=20, q3=40, sd_method="Wan"),
        mean_sd_from_quantiles(30, 80, minimum=10, maximum=60, sd_method="Wan"),
        mean_sd_from_quantiles(30, 80, q1=20, q3=40, minimum=10, maximum=60, sd_method="Wan"),
    ]
    assert list(got.sd[:3]) == [one.sd[0] for one in alone]
    assert np.isnan(got.mean[3])


def test_skewed_data_are_named():
    """A study whose median sits aside is named in the notes, with what to do."""
    got = mean_sd_from_quantiles([7, 3], 120, q1=[6, 1], q3=[8, 8])
    assert list(got.skewed) == [False, True]
    assert got.notes[-1].startswith("Study 2: median 3 is off the middle")
    assert "take QE or MLN" in got.notes[-1]


def test_a_mean_near_the_floor_is_a_sign_of_skew():
    """Less than two SDs above the lowest possible value is marked, from that value on."""
    assert list(near_the_floor([10, 10], [4, 6])) == [False, True]
    assert list(near_the_floor(10, 4, lowest=5)) == [True]


@pytest.mark.parametrize(
    ("given_values", "message"),
    [
        ({"median": 5}, "median, study 1: found 5; expected both quartiles, or minimum and maximum"),
        ({"median": 5, "q1": 6, "q3": 8}, "q1, study 1: found 6; expected no more than median"),
        (
            {"median": 5, "minimum": 1, "maximum": 4},
            "median, study 1: found 5; expected no more than",
        ),
        ({"median": 5, "q1": 5, "q3": 5}, "q1, study 1: found 5; expected less than q3"),
        ({"median": 5, "q1": 4, "q3": 6, "n": 2}, "n, study 1: found 2; expected 3 or more"),
        (
            {"median": 5, "q1": 4, "q3": 6, "mean_method": "BC"},
            "mean_method: found 'BC'; expected one of",
        ),
        ({"median": 5, "q1": 4, "q3": 6, "sd_method": "Luo"}, "sd_method: found 'Luo'; expected one of Shi"),
    ],
)
def test_impossible_summaries_are_refused(given_values, message):
    """What cannot be is refused with the argument, the study and what was expected."""
    with pytest.raises(ValueError, match=message):
        mean_sd_from_quantiles(**({"n": 50} | given_values))
