"""The score of tau2 in its two falling parts, in units in which nothing cancels and nothing overflows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis.arrays import Indices, Numbers
from synthesis.random_effects.moments import traces
from synthesis.random_effects.sets import Sets

__all__ = ["Scene"]

Inner = Callable[[Numbers, Numbers], Any]

# Numbers held at once: about what the cache of one core takes.
_AT_ONCE = 1 << 15
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """n sets in units in which the smallest variance is 1 and its study's effect 0; arrays hold the others.

    tau2 is told by u = log(1 + tau2). The parts of the score, four for each point: spread y'PPy, penalty
    (REML tr(P), ML tr(W)), and their relative rates of fall 2 y'PPPy / y'PPy and tr(PP) / tr(P) (ML:
    tr(WW) / tr(W)).

    Parameters
    ----------
    yi, more
        The others' effects, and by how much their variances are above 1, shape (n, k - 1); 0 and infinite
        where there is no study.
    ones
        Shape (k - 1,).
    restricted
        REML instead of ML.
    """

    yi: Numbers
    more: Numbers
    ones: Numbers
    restricted: bool

    @classmethod
    def of(cls, sets: Sets, least: Numbers, *, restricted: bool) -> "Scene":
        """Return the scene of n sets, or of one, whose smallest variances are known."""
        shape, least = (-1, sets.yi.shape[-1]), least.reshape(-1, 1)
        yi, vi = sets.yi.reshape(shape), sets.vi.reshape(shape)
        effects, more = (yi[:, 1:] - yi[:, :1]) / np.sqrt(least), vi[:, 1:] / least - 1
        return cls(effects, more, np.ones(effects.shape[1]), restricted)

    @property
    def single(self) -> bool:
        """Tell whether there is one set only."""
        return len(self.yi) == 1

    def points(self, row: Indices, u: Numbers) -> Numbers:
        """Return u and the parts of the score there, shape (5, m); `row` tells each one's set, shape (m,)."""
        out = np.empty((5, len(u)))
        out[0] = u
        step = max(1, _AT_ONCE // self.yi.shape[1])
        for i in range(0, len(u), step):
            yi, more = self._rows(row[i : i + step])
            out[1:, i : i + step] = self._parts(yi, more, np.exp(u[i : i + step]), np.vecdot)
        return out

    def point(self, u: float) -> tuple[float, ...]:
        """Return the same of the only set, at one point."""
        return u, *self._parts(self.yi[0], self.more[0], np.exp(u), np.dot)

    def height(self, row: Indices, u: Numbers) -> Numbers:
        """Return twice the (restricted) log-likelihood but for constants, shape (m,)."""
        yi, more = self._rows(row)
        first = np.exp(u)
        total = more + first[:, None]
        w = 1 / total
        s1 = 1 / first + w.dot(self.ones)
        mean = np.vecdot(w, yi) / s1
        residual = yi - mean[:, None]
        logs = u + np.log(total, out=np.zeros_like(total), where=np.isfinite(total)).dot(self.ones)
        full = -logs - mean * mean / first - np.vecdot(w, residual * residual)
        return np.asarray(full - np.log(s1) if self.restricted else full)

    def _rows(self, row: Indices) -> tuple[Numbers, Numbers]:
        # A single set needs no copy for each point.
        return (self.yi, self.more) if self.single else (self.yi[row], self.more[row])

    def _parts(self, yi: Numbers, more: Numbers, first: Numbers, inner: Inner) -> tuple[Any, ...]:
        """Return the parts where the smallest variance with tau2 is `first`.

        Weights, and what is summed with them, are relative to the first study's, 1 / first. `inner` is the
        inner product along the last axis: for vectors alone there is a faster one.
        """
        w = more + first[..., None]
        np.divide(first[..., None], w, out=w)
        rest = w.dot(self.ones)
        s1 = 1 + rest
        mean = inner(w, yi) / s1
        shift = mean[..., None]
        wr = yi - shift
        wr *= w
        spread = inner(wr, wr) + mean * mean
        # From the first study's on, which may outweigh all others: nothing cancels.
        wr += shift
        wwr = w * wr
        cubed = inner(wwr, wr) - wwr.dot(self.ones) ** 2 / s1
        w2 = np.multiply(w, w, out=wr)
        if self.restricted:
            penalty, fall = traces(rest, w2.dot(self.ones), inner(w2, w))
        else:
            penalty, fall = s1, 1 + w2.dot(self.ones)
        unit = np.reciprocal(first)
        return (
            spread * unit * unit,
            penalty * unit,
            2 * cubed / (spread + _TINY) * unit,
            fall / penalty * unit,
        )
