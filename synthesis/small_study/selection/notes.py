"""What to keep in mind about a fitted selection model, in sentences."""

import numpy as np

from synthesis.small_study.selection.asked import Asked
from synthesis.small_study.selection.maximum import Maximum

__all__ = ["notes"]

# Below this number of studies no look at small-study effects has power (Sterne et al. 2011, BMJ 343: d4002).
_FEW = 10
_THIN = 3


def notes(asked: Asked, best: Maximum, k: int, *, inverted: bool) -> tuple[str, ...]:
    """Return the notes, most important first; none for a plain fit of many studies.

    Parameters
    ----------
    asked, best
        The plan and the maximum.
    k
        Studies.
    inverted
        Whether the information matrix had an inverse.
    """
    told = [
        (not best.converged, "the maximum was not reached to full precision: do not rely on this fit"),
        (not inverted, "no standard errors: the likelihood is flat or has no peak inside the bounds"),
        (bool(best.bound[2:].any()), _bounds(asked, best)),
        (best.parameters[1] == 0 and asked.tau2_free, "tau2 is 0; standard errors hold given that"),
        (k < _FEW, f"{k} studies are few for a selection model: its power is low (Sterne et al. 2011)"),
        (_thin(asked), f"fewer than {_THIN} studies in an interval of p: its weight is hardly known"),
    ]
    return tuple(sentence for holds, sentence in told if holds)


def _bounds(asked: Asked, best: Maximum) -> str:
    places = np.flatnonzero(best.bound[2:])
    at = ", ".join(f"delta.{i + 1} = {best.parameters[2 + i]:g}" for i in places)
    where = "" if asked.kind != "stepfun" or asked.counts[0] else f"; no study has p <= {asked.steps[0]:g}"
    return f"on its bound: {at}{where}: treat this fit with caution"


def _thin(asked: Asked) -> bool:
    return asked.kind == "stepfun" and any(
        0 < count < _THIN and np.isnan(delta) for count, delta in zip(asked.counts, asked.delta, strict=True)
    )
