"""Criteria of a pool, and what metafor's users type."""

import numpy as np
import pytest

from synthesis import egger, mantel_haenszel, peto, pool, pool_many, regress, subgroups

YI, VI = [0.1, 0.5, -0.2, 0.4, 0.35], [0.04, 0.02, 0.1, 0.05, 0.03]
COUNTS = {"ai": [1, 5, 0], "n1i": [50, 60, 10], "ci": [4, 6, 0], "n2i": [49, 62, 10]}
# metafor 3.8-1: fitstats(rma(yi, vi, method="REML", control=list(threshold=1e-13, tol=1e-13))).
REML = (-0.1343165606, 0.2686331213, 4.2686331213, 3.0412218435, 16.2686331213)
ML = (0.4473109098, 5.8517669425, 3.1053781804, 2.3242540053, 9.1053781804)


@pytest.mark.parametrize(("kind", "numbers"), [("REML", REML), ("ML", ML)])
def test_criteria_of_a_pool_are_metafors(kind, numbers):
    """Log-likelihood, deviance and the three criteria of a pool are metafor's."""
    got = pool(YI, VI).criteria(kind)
    assert [got.ll, got.dev, got.aic, got.bic, got.aicc] == pytest.approx(numbers, abs=1e-9)


@pytest.mark.parametrize("kind", ["REML", "ML"])
@pytest.mark.parametrize("method", ["EE", "DL", "REML"])
def test_criteria_are_those_of_a_regression_on_a_constant(kind, method):
    """A pool and a regression on one column of ones have the same criteria."""
    ones = regress(YI, VI, np.ones(5), intercept=False, method=method)
    ours, other = pool(YI, VI, method=method).criteria(kind), ones.criteria(kind)
    for name in ("ll", "dev", "aic", "bic", "aicc"):
        assert getattr(ours, name) == pytest.approx(getattr(other, name), rel=1e-12), name


def test_criteria_refuse_one_study_and_other_kinds():
    """One study has no criteria, and there are two likelihoods."""
    with pytest.raises(ValueError, match="criteria: found one study"):
        pool([0.1], [0.2]).criteria()
    with pytest.raises(ValueError, match="kind: found 'DL'; expected ML or REML"):
        pool(YI, VI).criteria("DL")


@pytest.mark.parametrize("name", ["FE", "CE"])
def test_other_names_of_the_equal_effects_model_are_taken(name):
    """FE and CE give the numbers of EE, under that name."""
    got, want = pool(YI, VI, method=name), pool(YI, VI, method="EE")
    assert (got.estimate, got.i2, got.method) == (want.estimate, want.i2, "EE")
    assert pool_many([(YI, VI)], method=name).method == "EE"


def test_own_weights_leave_the_hartung_knapp_factor_alone():
    """The factor is that of the inverse variances, whose average is 1, as in metafor 3.8."""
    plain, knha = (pool(YI, VI, method="DL", weights=np.ones(5), test=test) for test in ("z", "knha"))
    own = pool(YI, VI, method="DL", test="knha").se / pool(YI, VI, method="DL").se
    assert knha.se / plain.se == pytest.approx(own, rel=1e-12)
    # metafor 3.8-1: rma(yi, vi, method="DL", test="knha", weighted=FALSE)$se
    assert knha.se == pytest.approx(0.115733010889, abs=1e-11)


@pytest.mark.parametrize(
    "call",
    [
        lambda level: egger(YI, VI, level=level),
        lambda level: mantel_haenszel("OR", level=level, **COUNTS),
        lambda level: peto(level=level, **COUNTS),
    ],
)
@pytest.mark.parametrize("level", [95, 0.0, 1.0, float("nan")])
def test_a_level_in_percent_is_refused(call, level):
    """A level that is no fraction is refused instead of giving an interval of NaN."""
    with pytest.raises(ValueError, match=r"expected a fraction between 0 and 1, such as 0\.95"):
        call(level)


def test_cumulative_takes_the_studies_as_they_stand():
    """Without an order studies are added as they were given."""
    got = pool(YI, VI)
    assert list(got.cumulative().estimate) == list(got.cumulative(range(5)).estimate)


def test_subgroups_and_predictions_have_tables():
    """Subgroups print each level and the test between them, and both have tables."""
    got = subgroups(YI, VI, ["a", "a", "b", "b", "b"])
    table = got.to_frame()
    assert list(table.index) == ["a", "b"]
    assert table.loc["b", "estimate"] == got.levels["b"].estimate
    assert "between: Q" in repr(got)
    assert list(pool(YI, VI, slab="abcde").blup().to_frame().index) == list("abcde")
