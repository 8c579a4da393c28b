"""The highest peak of the (restricted) likelihood of tau2: none is missed, and this is proved on the way.

With P = W - W 1 (1'W1)^-1 1'W the score is y'PPy - tr(P) for REML and y'PPy - tr(W) for ML (Harville 1977;
Viechtbauer 2005). Both parts, the spread y'PPy and the penalty tr(P) or tr(W), are positive and fall as tau2
grows, for dP/dtau2 = -PP. Their relative rates of fall, 2 y'PPPy / y'PPy and tr(PP) / tr(P), fall as well:
both parts are log-convex (Cauchy and Schwarz). So what is known at two points settles, for most intervals,
that there is no peak between them, or one at most; what is not settled is halved. Beyond range(y)^2 - min(v)
the spread is below the penalty: spread <= range(y)^2 max(w) penalty.
The proof: docs/decisions/global-maximum.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from synthesis.arrays import Flags, Indices, Numbers
from synthesis.random_effects.scene import Scene
from synthesis.random_effects.sets import Sets
from synthesis.roots import newton

__all__ = ["highest"]

Some = TypeVar("Some", float, Numbers)

# Points at which each set is looked at first: most need no more.
_START = 14
_STEPS = np.linspace(0, 1, _START)
# Two peaks closer than this in log(tau2 + smallest variance) differ by less than the likelihood's rounding.
_NARROW = 1e-9
# A Newton step of this relative size leaves an error of its square.
_CLOSE = 1e-8
_MOST_STEPS = 100
_TINY = float(np.finfo(np.float64).tiny)


def highest(sets: Sets, *, restricted: bool) -> Numbers:
    """Return the tau2 of the global maximum of each set, shape (n,), or () for a single set.

    Parameters
    ----------
    sets
        n sets, or one, of two or more studies.
    restricted
        REML instead of ML.
    """
    least = sets.vi.min(axis=-1)
    scene = Scene.of(sets, least, restricted=restricted)
    live, at = _first_look(scene)
    # Where the likelihood falls from 0 on there is a peak at 0; no set outside `live` has another.
    zero = live[at[1, :, 0] <= at[2, :, 0]]
    spans = _brackets(scene, live, at)
    rows, peaks = spans.row, _refined(scene, spans)
    if len(zero):
        rows, peaks = np.concatenate([zero, rows]), np.concatenate([np.zeros(len(zero)), peaks])
    if len(rows) > len(live):
        # Of several entries for a set the last one stays: the highest.
        order = np.argsort(scene.height(rows, peaks), kind="stable")
        rows, peaks = rows[order], peaks[order]
    best = np.zeros(len(scene.yi))
    best[rows] = np.expm1(peaks)
    tau2: Numbers = best.reshape(least.shape) * least
    return tau2


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """Intervals of sets `row`, shape (m,), with u and the score's parts at both ends, shape (5, m)."""

    row: Indices
    low: Numbers
    high: Numbers

    def take(self, which: Flags) -> "_Spans":
        places = which.nonzero()[0]
        return _Spans(self.row.take(places), self.low.take(places, axis=1), self.high.take(places, axis=1))

    def settled(self) -> Flags:
        """Tell which hold no peak (first two lines), or one at most."""
        u, spread, penalty, spread_rate, penalty_rate = self.low
        u_end, spread_end, penalty_end, spread_rate_end, penalty_rate_end = self.high
        flags: Flags = (
            (spread_end > penalty)
            | (spread < penalty_end)
            | (spread_rate_end >= penalty_rate)
            | (spread_rate <= penalty_rate_end)
            | (u_end - u < _NARROW)
        )
        return flags

    def peak(self) -> Flags:
        """Tell between which ends the score goes from above 0 to below."""
        flags: Flags = (self.low[1] > self.low[2]) & (self.high[1] <= self.high[2])
        return flags

    def halves(self, scene: Scene) -> "_Spans":
        middle = scene.points(self.row, (self.low[0] + self.high[0]) / 2)
        return _Spans(
            np.concatenate([self.row, self.row]),
            np.concatenate([self.low, middle], axis=1),
            np.concatenate([middle, self.high], axis=1),
        )

    def and_(self, other: "_Spans") -> "_Spans":
        return _Spans(
            np.concatenate([self.row, other.row]),
            np.concatenate([self.low, other.low], axis=1),
            np.concatenate([self.high, other.high], axis=1),
        )


def _first_look(scene: Scene) -> tuple[Indices, Numbers]:
    """Return the sets that can have a peak above 0, and points of theirs, shape (5, n, _START)."""
    spread = scene.yi.max(axis=1, initial=0.0) - scene.yi.min(axis=1, initial=0.0)
    # Where the squared range is below the smallest variance, the likelihood falls from 0 on.
    live = (spread > 1).nonzero()[0]
    grid = 2 * np.log(spread[live, None]) * _STEPS
    return live, scene.points(live.repeat(_START), grid.ravel()).reshape(5, len(live), _START)


def _brackets(scene: Scene, live: Indices, at: Numbers) -> _Spans:
    """Return an interval around each peak above 0, from the first points of the sets `live`."""
    ends = at[:, :, :-1].reshape(5, -1), at[:, :, 1:].reshape(5, -1)
    spans = _Spans(live.repeat(_START - 1), *ends)
    settled = spans.settled()
    found = spans.take(settled & spans.peak())
    while not settled.all():
        spans = spans.take(~settled).halves(scene)
        settled = spans.settled()
        found = found.and_(spans.take(settled & spans.peak()))
    return found


def _refined(scene: Scene, spans: _Spans) -> Numbers:
    """Return the peak in each interval: the root of log(spread / penalty).

    In u the function is a straight line for equal variances, and nearly one otherwise.
    """
    if not scene.single:
        return _newton(scene, spans)

    def level(u: float) -> tuple[float, float]:
        return _level(scene.point(u))

    ends = zip(spans.low.T.tolist(), spans.high.T.tolist(), strict=True)
    return np.array([newton(level, low[0], high[0], _guess(low, high)) for low, high in ends])


def _newton(scene: Scene, spans: _Spans) -> Numbers:
    """Do for many intervals what `roots.newton` does for one."""
    low, high = spans.low[0].copy(), spans.high[0].copy()
    guess = _guess(spans.low, spans.high)
    u: Numbers = np.where((guess > low) & (guess < high), guess, (low + high) / 2)
    left = np.arange(len(u))
    for _ in range(_MOST_STEPS):
        here = u[left]
        value, slope = _level(scene.points(spans.row[left], here))
        rising = value > 0
        low[left], high[left] = np.where(rising, here, low[left]), np.where(rising, high[left], here)
        step = -value / np.minimum(slope, -_TINY)
        new = here + step
        inside = (new >= low[left]) & (new <= high[left])
        u[left] = np.where(inside, new, (low[left] + high[left]) / 2)
        left = left[~(inside & (np.abs(step) <= _CLOSE * here))]
        if not len(left):
            break
    return u


def _guess(low: Iterable[Some], high: Iterable[Some]) -> Some:
    """Return where the cubic through both ends, as a function of the level, is at level 0 (Hermite)."""
    (u, *_), (u_end, *_) = low, high = tuple(low), tuple(high)
    (f, slope), (g, slope_end) = _level(low), _level(high)
    s = f / (f - g)
    middle = u + (u_end - u) * s * s * (3 - 2 * s)
    guess: Some = middle + (g - f) * s * (1 - s) * ((1 - s) / slope - s / slope_end)
    return guess


def _level(points: Iterable[Some]) -> tuple[Some, Some]:
    """Return log(spread / penalty) and its derivative in u, of `Scene.points`."""
    u, spread, penalty, spread_rate, penalty_rate = points
    value: Some = np.log(spread / penalty)
    slope: Some = np.exp(u) * (penalty_rate - spread_rate)
    return value, slope
