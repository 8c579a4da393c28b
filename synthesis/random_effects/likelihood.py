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

import numpy as np

from synthesis.arrays import Flags, Indices, Numbers
from synthesis.random_effects.scene import Scene
from synthesis.random_effects.sets import Sets
from synthesis.roots import newton

__all__ = ["highest"]

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
    zero, spans = _brackets(scene)
    peaks = _refined(scene, spans)
    rows = spans.row
    if len(zero):
        rows, peaks = np.concatenate([zero, rows]), np.concatenate([np.zeros(len(zero)), peaks])
    if len(rows) > len(scene.yi):
        # Of several entries for a set the last one stays: the highest.
        order = np.argsort(scene.height(rows, peaks), kind="stable")
        rows, peaks = rows[order], peaks[order]
    best = np.zeros(len(scene.yi))
    best[rows] = np.expm1(peaks)
    return np.asarray(best.reshape(least.shape) * least)


@dataclass(frozen=True, slots=True, eq=False)
class _Spans:
    """Intervals of u with the score's parts at both ends, arrays of shape (m,) and (4, m)."""

    row: Indices
    low: Numbers
    high: Numbers
    at_low: Numbers
    at_high: Numbers

    def take(self, which: Flags) -> "_Spans":
        return _Spans(
            self.row[which],
            self.low[which],
            self.high[which],
            self.at_low[:, which],
            self.at_high[:, which],
        )

    def settled(self) -> Flags:
        """Tell which hold no peak (first two lines), or one at most."""
        spread, penalty, spread_rate, penalty_rate = self.at_low
        spread_end, penalty_end, spread_rate_end, penalty_rate_end = self.at_high
        return np.asarray(
            (spread_end > penalty)
            | (spread < penalty_end)
            | (spread_rate_end >= penalty_rate)
            | (spread_rate <= penalty_rate_end)
            | (self.high - self.low < _NARROW)
        )

    def peak(self) -> Flags:
        """Tell between which ends the score goes from above 0 to below."""
        return np.asarray((self.at_low[0] > self.at_low[1]) & (self.at_high[0] <= self.at_high[1]))

    def halves(self, scene: Scene) -> "_Spans":
        middle = (self.low + self.high) / 2
        at_middle = scene.parts(self.row, middle)
        return _Spans(
            np.concatenate([self.row, self.row]),
            np.concatenate([self.low, middle]),
            np.concatenate([middle, self.high]),
            np.concatenate([self.at_low, at_middle], axis=1),
            np.concatenate([at_middle, self.at_high], axis=1),
        )

    def and_(self, other: "_Spans") -> "_Spans":
        return _Spans(
            np.concatenate([self.row, other.row]),
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.at_low, other.at_low], axis=1),
            np.concatenate([self.at_high, other.at_high], axis=1),
        )


def _brackets(scene: Scene) -> tuple[Indices, _Spans]:
    """Return the sets with a peak at 0, and an interval around each other peak."""
    spans = _first_spans(scene)
    falls = np.ones(len(scene.yi), dtype=np.bool_)
    falls[spans.row[(spans.low == 0) & (spans.at_low[0] > spans.at_low[1])]] = False
    settled = spans.settled()
    found = spans.take(settled & spans.peak())
    while not settled.all():
        spans = spans.take(~settled).halves(scene)
        settled = spans.settled()
        found = found.and_(spans.take(settled & spans.peak()))
    return np.flatnonzero(falls), found


def _first_spans(scene: Scene) -> _Spans:
    spread = np.ptp(scene.yi, axis=1)
    # Where the squared range is below the smallest variance, the likelihood falls from 0 on.
    live = np.flatnonzero(spread > 1)
    grid = 2 * np.log(spread[live, None]) * _STEPS
    at = scene.parts(np.repeat(live, _START), grid.ravel()).reshape(4, len(live), _START)
    return _Spans(
        np.repeat(live, _START - 1),
        grid[:, :-1].ravel(),
        grid[:, 1:].ravel(),
        at[:, :, :-1].reshape(4, -1),
        at[:, :, 1:].reshape(4, -1),
    )


def _refined(scene: Scene, spans: _Spans) -> Numbers:
    """Return the peak in each interval: the root of log(spread / penalty).

    In u the function is a straight line for equal variances, and nearly one otherwise.
    """
    if not scene.single:
        return _newton(scene, spans)

    def level(u: float) -> tuple[float, float]:
        value, slope = _level(scene.parts_of_one(u), np.float64(u))
        return float(value), float(slope)

    ends = zip(spans.low, spans.high, spans.at_low.T, spans.at_high.T, strict=True)
    return np.array([newton(level, low, high, float(_guess(low, high, *at))) for low, high, *at in ends])


def _newton(scene: Scene, spans: _Spans) -> Numbers:
    """Do for many intervals what `roots.newton` does for one."""
    low, high = spans.low.copy(), spans.high.copy()
    u = _guess(spans.low, spans.high, spans.at_low, spans.at_high)
    left = np.arange(len(u))
    for _ in range(_MOST_STEPS):
        here = u[left]
        value, slope = _level(scene.parts(spans.row[left], here), here)
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


def _guess(low: Numbers, high: Numbers, at_low: Numbers, at_high: Numbers) -> Numbers:
    """Return where the cubic through both ends, as a function of the level, is at level 0 (Hermite)."""
    (f, slope), (g, slope_end) = _level(at_low, low), _level(at_high, high)
    s = f / (f - g)
    middle = low + (high - low) * s * s * (3 - 2 * s)
    u = middle + (g - f) * s * (1 - s) * ((1 - s) / slope - s / slope_end)
    return np.where((u > low) & (u < high), u, (low + high) / 2)


def _level(parts: Iterable[Numbers], u: Numbers | np.float64) -> tuple[Numbers, Numbers]:
    """Return log(spread / penalty) and its derivative in u."""
    spread, penalty, spread_rate, penalty_rate = parts
    return np.log(spread / penalty), np.exp(u) * (penalty_rate - spread_rate)
