"""Moderators as columns: categories, refusals that name the moderator, values to predict at."""

import numpy as np
import pytest

from synthesis import regress

YI = [0.1, 0.4, 0.2, 0.9, 0.5, 0.7]
VI = [0.01, 0.02, 0.03, 0.02, 0.01, 0.05]
DOSE = [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]
KIND = ["online", "blended", "online", "phone", "blended", "phone"]


def test_a_category_is_compared_with_its_first_level():
    """Text becomes a column for each sorted level but the first, which the names say."""
    got = regress(YI, VI, {"kind": KIND})
    assert got.names == ("intrcpt", "kind: online vs blended", "kind: phone vs blended")
    assert got.design.x[:, 1].tolist() == [1, 0, 1, 0, 0, 0]


def test_without_an_intercept_each_level_has_its_own_mean():
    """The first category has a column a level; the fit is the same as with an intercept."""
    got, same = regress(YI, VI, {"kind": KIND}, intercept=False), regress(YI, VI, {"kind": KIND})
    assert got.names == ("kind: blended", "kind: online", "kind: phone")
    np.testing.assert_allclose(got.fitted, same.fitted, rtol=1e-12)
    assert got.qm_df == (3, None)
    assert got.r2 is None


def test_a_column_of_ones_that_is_given_is_the_intercept():
    """A whole design matrix gives what its moderators and an intercept give."""
    whole = np.column_stack([np.ones(6), DOSE])
    got, same = regress(YI, VI, whole, intercept=False), regress(YI, VI, {"dose": DOSE})
    assert (got.qm, got.qm_df, got.r2, got.notes[0][:24]) == (
        same.qm,
        same.qm_df,
        same.r2,
        "6 studies for 1 moderato",
    )
    np.testing.assert_allclose(got.predict([[1, 4]]).pred, same.predict({"dose": 4}).pred, rtol=1e-12)


@pytest.mark.parametrize(
    ("mods", "message"),
    [
        ({"dose": [1] * 6}, "dose: found 1 in every study"),
        ({"kind": ["a"] * 6}, "kind: found 'a' in every study"),
        ({"dose": DOSE, "weeks": [2 * one + 1 for one in DOSE]}, "weeks: found that it follows from"),
        ({"dose": [*DOSE[:5], None]}, "study 6: found dose = None"),
        ({"dose": [*DOSE[:5], float("nan")]}, "study 6: found dose = nan"),
        ({"kind": [*KIND[:5], None]}, "study 6: found no kind"),
        ({"dose": DOSE[:5]}, "dose: found 5 values for 6 studies"),
        ({"dose": [*DOSE[:5], object()]}, "study 6: found dose"),
        (np.eye(6)[:, :5], "found 6 coefficients"),
        (np.zeros((6, 1, 1)), "found 3 dimensions"),
    ],
)
def test_a_design_that_cannot_be_fitted_names_its_moderator(mods, message):
    """Constants, collinear columns, missing values and wrong lengths are refused by name."""
    with pytest.raises(ValueError, match=message):
        regress(YI, VI, mods)


def test_what_a_collinear_moderator_follows_from_is_named():
    """The message names the columns that already say it, and no others."""
    mods = {"dose": DOSE, "age": [3, 1, 4, 1, 5, 9], "weeks": [2 * one for one in DOSE]}
    with pytest.raises(ValueError, match="weeks: found that it follows from dose; expected"):
        regress(YI, VI, mods)


def test_nothing_to_fit_is_refused():
    """Neither a moderator nor an intercept is no model."""
    with pytest.raises(ValueError, match="neither a moderator nor an intercept"):
        regress(YI, VI, {}, intercept=False)


@pytest.mark.parametrize(
    ("newmods", "message"),
    [
        ({"dose": [1]}, "expected dose, kind"),
        ({"dose": [1, 2], "kind": ["phone"]}, "expected as many for each"),
        ({"dose": [1], "kind": ["letter"]}, "row 1: found kind = 'letter'; expected blended or"),
    ],
)
def test_values_to_predict_at_must_be_the_models(newmods, message):
    """A missing moderator, unequal lengths and an unknown level are refused."""
    with pytest.raises(ValueError, match=message):
        regress(YI, VI, {"dose": DOSE, "kind": KIND}).predict(newmods)


def test_predictions_at_the_studies_are_the_fitted_values():
    """Predicting at the studies' own moderators gives back the fitted values."""
    got = regress(YI, VI, {"dose": DOSE, "kind": KIND})
    again = got.predict({"kind": KIND, "dose": DOSE})
    np.testing.assert_allclose(again.pred, got.fitted, rtol=1e-12)
    np.testing.assert_allclose(again.se, got.predict().se, rtol=1e-12)
    assert list(again.to_frame().columns) == ["pred", "se", "ci_lb", "ci_ub", "pi_lb", "pi_ub"]


def test_the_prediction_intervals_quantile_can_be_named():
    """Fewer degrees of freedom widen the interval; none left, or an unknown name, is refused."""
    got = regress(YI, VI, {"dose": DOSE})
    widths = [
        float((one.pi_ub - one.pi_lb)[0]) for one in (got.predict(df=df) for df in ("z", "k-p", "k-p-1"))
    ]
    assert widths == sorted(widths)
    with pytest.raises(ValueError, match="expected k-p, k-p-1 or z"):
        got.predict(df="k")
    with pytest.raises(ValueError, match="at least one degree"):
        regress(YI[:3], VI[:3], {"dose": DOSE[:3]}).predict(df="k-p-1")
