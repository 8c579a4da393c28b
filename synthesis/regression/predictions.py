"""What a meta-regression predicts: the mean effect at given moderators, and a new study's effect."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.fitting import critical
from synthesis.regression.fitting import Regression

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PredictionDf", "Predictions", "predict"]

PredictionDf = Literal["k-p", "k-p-1", "z"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictions:
    """Predicted effects, arrays of shape (m,): `ci` of the mean effect, `pi` of a new study's true effect."""

    slab: tuple[str, ...]
    pred: Numbers
    se: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    pi_lb: Numbers
    pi_ub: Numbers

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per prediction."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = ("pred", "se", "ci_lb", "ci_ub", "pi_lb", "pi_ub")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=list(self.slab))


def predict(model: Regression, x: Numbers, slab: tuple[str, ...], *, df: PredictionDf | None) -> Predictions:
    """Return x beta with its standard error; a new study's effect varies by tau2 more (Riley et al. 2011).

    Parameters
    ----------
    model
        The fit.
    x
        Rows of the design, shape (m, p).
    slab
        A label for each.
    df
        Quantile of the prediction interval; the test's where None.

    Raises
    ------
    ValueError
        For an unknown quantile, or where no degree of freedom is left.
    """
    pred = x @ model.beta
    variance = np.maximum(np.einsum("ij,jk,ik->i", x, model.vcov, x), 0)
    half = critical(model.level, model.df) * np.sqrt(variance)
    wide = critical(model.level, _free(model, df)) * np.sqrt(variance + model.tau2)
    return Predictions(
        slab=slab,
        pred=pred,
        se=np.sqrt(variance),
        ci_lb=pred - half,
        ci_ub=pred + half,
        pi_lb=pred - wide,
        pi_ub=pred + wide,
    )


def _free(model: Regression, df: PredictionDf | None) -> int | None:
    if df is None:
        return model.df
    if df not in get_args(PredictionDf):
        raise ValueError(f"df: found {df!r}; expected k-p, k-p-1 or z")
    if df == "z":
        return None
    free = model.k - model.p - int(df == "k-p-1")
    if free < 1:
        raise ValueError(
            f"prediction interval: found k = {model.k}, p = {model.p} with t({df}); "
            "expected at least one degree"
        )
    return free
