"""The score of tau2 in its two falling parts, in units in which nothing cancels and nothing overflows."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Indices, Numbers
from synthesis.random_effects.moments import traces
from synthesis.random_effects.sets import Sets

__all__ = ["Scene"]

# Numbers held at once: about what the cache of one core takes.
_AT_ONCE = 1 << 15
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """n sets in units in which the smallest variance is 1; its study comes first, its effect is 0.

    tau2 is told by u = log(1 + tau2). The parts of the score, shape (4, m) for m points: spread y'PPy,
    penalty (REML tr(P), ML tr(W)), and their relative rates of fall 2 y'PPPy / y'PPy and tr(PP) / tr(P)
    (ML: tr(WW) / tr(W)).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (n, k); infinite variance where there is no study.
    ones
        Shape (k - 1,).
    restricted
        REML instead of ML.
    """

    yi: Numbers
    vi: Numbers
    ones: Numbers
    restricted: bool

    @classmethod
    def of(cls, sets: Sets, least: Numbers, *, restricted: bool) -> "Scene":
        """Return the scene of n sets, or of one, whose smallest variances are known."""
        vi = np.atleast_2d(sets.vi / least[..., None])
        yi = np.atleast_2d((sets.yi - sets.anchor[..., None]) / np.sqrt(least)[..., None])
        yi[np.isinf(vi)] = 0.0
        return cls(yi, vi, np.ones(yi.shape[1] - 1), restricted)

    @property
    def single(self) -> bool:
        """Tell whether there is one set only."""
        return len(self.yi) == 1

    def parts(self, row: Indices, u: Numbers) -> Numbers:
        """Return the parts of the score at points u of sets `row`, both of shape (m,)."""
        out = np.empty((4, len(u)))
        step = max(1, _AT_ONCE // self.yi.shape[1])
        for i in range(0, len(u), step):
            yi, vi = self._rows(row[i : i + step])
            tau2 = np.expm1(u[i : i + step])
            out[:, i : i + step] = self._parts(yi, vi + tau2[:, None])
        return out

    def parts_of_one(self, u: float) -> tuple[Numbers, ...]:
        """Return the parts of the score of the only set at one point."""
        return self._parts(self.yi[0], self.vi[0] + np.expm1(u))

    def height(self, row: Indices, u: Numbers) -> Numbers:
        """Return twice the (restricted) log-likelihood but for constants, shape (m,)."""
        yi, vi = self._rows(row)
        total = vi + np.expm1(u)[:, None]
        w = 1 / total
        s1 = w.sum(axis=1)
        residual = yi - (np.vecdot(w, yi) / s1)[:, None]
        logs = np.log(total, out=np.zeros_like(total), where=np.isfinite(total)).sum(axis=1)
        full = -logs - np.vecdot(w, residual * residual)
        return np.asarray(full - np.log(s1) if self.restricted else full)

    def _rows(self, row: Indices) -> tuple[Numbers, Numbers]:
        # A single set needs no copy for each point.
        return (self.yi, self.vi) if self.single else (self.yi[row], self.vi[row])

    def _parts(self, yi: Numbers, total: Numbers) -> tuple[Numbers, ...]:
        w = 1 / total
        first, others = w[..., 0], w[..., 1:]
        others2 = others * others
        rest, rest2 = others @ self.ones, others2 @ self.ones
        s1 = first + rest
        wr = w * (yi - (np.vecdot(w, yi) / s1)[..., None])
        spread = np.vecdot(wr, wr)
        # From the first study's on, which may outweigh all others: nothing cancels.
        wr -= wr[..., :1].copy()
        cubed = np.vecdot(w * wr, wr) - np.vecdot(w, wr) ** 2 / s1
        if self.restricted:
            penalty, fall = traces(first, rest, rest2, np.vecdot(others2, others))
        else:
            penalty, fall = s1, first * first + rest2
        return spread, penalty, 2 * cubed / (spread + _TINY), fall / (penalty + _TINY)
