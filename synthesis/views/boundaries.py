"""Group-sequential boundaries that spend alpha as information grows (Lan & DeMets 1983)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from synthesis.arrays import Numbers, as_numbers
from synthesis.roots import root
from synthesis.views.information import check_errors
from synthesis.views.marks import SEQUENTIAL
from synthesis.views.spending import Spending, spent
from synthesis.views.walk import Walk, crossing, walk_on

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Boundaries", "Side", "boundaries", "spend"]

Side = Literal[1, 2]

# A look that may spend less than this has no boundary that a z could cross, as in RTSA 0.2.2.
_NOTHING = 1e-9
_OUT_OF_REACH = 20.0
_CLOSEST = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Boundaries:
    """Boundaries of z at each look.

    Parameters
    ----------
    timing
        Information over the required information at each look, the last at 1 or beyond, shape (looks,).
    upper, lower
        Boundaries of z; 20 where a look may spend less than 1e-9. No lower ones for a one-sided test.
    spent
        Error spent so far, both sides together.
    root
        Factor by which the information of a design without looks must grow to keep the power 1 - beta;
        below 1 where the last look has more than the required information.
    mark
        What kind of analysis this is.
    """

    timing: Numbers
    upper: Numbers
    lower: Numbers | None
    spent: Numbers
    root: float
    alpha: float
    beta: float
    side: Side
    spending: Spending
    mark: str = SEQUENTIAL

    def __repr__(self) -> str:
        looks = ", ".join(f"{t:.3g}: {one:.3f}" for t, one in zip(self.timing, self.upper, strict=True))
        z = "|z|" if self.side == 2 else "z"
        return (
            f"{self.spending}, alpha {self.alpha:g}, {self.side}-sided; boundary of {z}"
            f" by information fraction: {looks}; information grows by {self.root:.4f}\n({self.mark})"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with a row for each look: timing, upper, lower, spent."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = {"timing": self.timing, "upper": self.upper, "lower": self.lower, "spent": self.spent}
        return pd.DataFrame(columns)


def boundaries(
    timing: ArrayLike,
    *,
    alpha: float = 0.05,
    beta: float = 0.1,
    side: Side = 2,
    spending: Spending = "esOF",
    shape: float | None = None,
) -> Boundaries:
    """Return boundaries for looks at given fractions of the required information.

    Each look's boundary is where the probability to cross it first there, with no effect, is what the
    spending function allows (Lan & DeMets 1983); probabilities by recursive integration (Armitage et al.
    1969). A two-sided test spends alpha / 2 on each side.

    Parameters
    ----------
    timing
        Increasing fractions above 0, at least 0.0001 apart; a last look at 1 is added where none reaches it.
    alpha, beta
        Errors of first and second kind, fractions.
    side
        1 or 2.
    spending, shape
        As in `spending.spent`.

    Raises
    ------
    ValueError
        For timings that do not increase, or are too close, or go on beyond 1; for errors outside (0, 1).
    """
    check_errors(alpha, beta, side)
    times = _times(timing)
    by_side = alpha / side
    cumulative = spent(spending, times, by_side, shape)
    upper, walks = spend(times, np.diff(cumulative, prepend=0.0), two_sided=side == 2)
    return Boundaries(
        timing=times,
        upper=upper,
        lower=-upper if side == 2 else None,
        spent=side * cumulative,
        root=_root(times, upper, walks, alpha=by_side, beta=beta),
        alpha=alpha,
        beta=beta,
        side=side,
        spending=spending,
    )


def spend(times: Numbers, increments: Numbers, *, two_sided: bool) -> tuple[Numbers, list[Walk | None]]:
    """Return the upper boundary of z at each look, and the walk that comes to each (None for the first).

    Parameters
    ----------
    times
        Information fractions.
    increments
        Error to be spent on the upper side at each look.
    two_sided
        Whether there is a mirrored lower boundary.
    """
    upper: list[float] = []
    walks: list[Walk | None] = [None]
    for i, time in enumerate(times):
        upper.append(_boundary(walks[-1], float(time), float(increments[i])))
        if i + 1 < len(times):
            lower = -upper[-1] if two_sided else -np.inf
            step = float(times[i + 1] - time)
            walks.append(walk_on(walks[-1], float(time), lower, upper[-1], next_step=step))
    return np.array(upper), walks


def _boundary(walk: Walk | None, time: float, increment: float) -> float:
    if increment < _NOTHING:
        return _OUT_OF_REACH
    return root(lambda z: crossing(walk, time, z) - increment, -12.0, 12.0)


def _root(times: Numbers, upper: Numbers, walks: list[Walk | None], *, alpha: float, beta: float) -> float:
    """Return (the drift that has the power / the drift of a design without looks) squared."""
    single = -float(ndtri(alpha) + ndtri(beta))

    def lacking(drift: float) -> float:
        looks = zip(walks, times, upper, strict=True)
        return sum(crossing(walk, t, z, drift=drift) for walk, t, z in looks) - (1 - beta)

    return (root(lacking, 0.0, 2 * single + 4) / single) ** 2


def _times(timing: ArrayLike) -> Numbers:
    times = as_numbers(timing, "timing")
    if not (len(times) and np.isfinite(times).all() and times[0] > 0):
        raise ValueError("timing: found none, or one not above 0; expected increasing fractions above 0")
    if times[-1] < 1 - _CLOSEST:
        times = np.append(times, 1.0)
    gaps = np.diff(times)
    if (gaps < _CLOSEST).any() or times[0] < _CLOSEST:
        raise ValueError(
            f"timing: found looks less than {_CLOSEST:g} apart, or not increasing; expected them to increase "
            "(join those looks)"
        )
    if (times[:-1] >= 1).any():
        raise ValueError("timing: found looks after the one that reaches 1; expected none (nothing is left)")
    return times
