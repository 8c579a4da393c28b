"""The tau2 at which the generalised Q equals a target: Paule and Mandel's equation, and the Q-profile's."""

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.sets import Sets

__all__ = ["solve_each", "solve_q", "solve_qs"]

_TINY = float(np.finfo(np.float64).tiny)
# A Newton step of this relative size leaves an error of its square.
_CLOSE = 1e-10


def solve_q(yi: Numbers, vi: Numbers, target: float) -> float:
    """Return the tau2 at which the generalised Q equals `target`; 0 where Q(0) is not above it.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    target
        Above 0.
    """
    return float(solve_qs(yi, vi, np.array([target]))[0])


def solve_qs(yi: Numbers, vi: Numbers, targets: Numbers) -> Numbers:
    """Return what `solve_q` returns for each of several targets, shape (n,).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    targets
        Above 0, shape (n,).
    """
    return solve_each(Sets.one(yi, vi), targets)


def solve_each(sets: Sets, target: Numbers) -> Numbers:
    """Solve 1 / Q(tau2) = 1 / target for each set by Newton's method from 0 on.

    Q falls strictly (Viechtbauer 2007); 1 / Q rises and is concave: (y'PPy)^2 <= y'Py y'PPPy (Cauchy and
    Schwarz). From the left of the root, each step therefore ends at its left again, or at it: the method
    cannot fail. For equal variances 1 / Q is a straight line, and the first step ends at the root.

    Parameters
    ----------
    sets
        n sets; or one, for any number of targets.
    target
        Above 0, shape (n,).
    """
    tau2, y = np.zeros_like(target), sets.yi - sets.anchor[..., None]
    while True:
        w = 1 / (sets.vi + tau2[..., None])
        wr = w * (y - (np.vecdot(w, y) / w.sum(axis=-1))[..., None])
        q = np.vecdot(wr, y)
        step = np.maximum(q * (q / target - 1), 0.0) / (np.vecdot(wr, wr) + _TINY)
        tau2 = tau2 + step
        if (step <= _CLOSE * tau2).all():
            return np.asarray(tau2)
