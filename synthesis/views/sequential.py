"""A review looked at as trials came in: cumulative z against boundaries. A sensitivity view."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthesis.arrays import Indices, Pair, Studies
from synthesis.random_effects.pooling import Pooled, pool
from synthesis.views.boundaries import Boundaries, Side, boundaries
from synthesis.views.information import diversity, required_information
from synthesis.views.marks import SEQUENTIAL
from synthesis.views.spending import Spending

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Look", "SequentialView", "sequential_view"]

# Looks that add less than this fraction of the required information wait for the next.
_LITTLE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look: the cumulative pool, `fraction` of the required information, boundaries, what z crossed."""

    when: str
    k: int
    estimate: float
    se: float
    z: float
    fraction: float
    upper: float
    lower: float | None
    crossed: Literal["upper", "lower", "none"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SequentialView:
    """A cumulative meta-analysis against alpha-spending boundaries.

    Parameters
    ----------
    looks
        In order of time, up to the first at which the required information was there.
    required, d2
        Required information in inverse variances of the effect, and the diversity (percent) it allows for.
    difference
        The effect that the required information is meant to find.
    bounds
        The boundaries, with a last look at full information.
    mark
        What kind of analysis this is.
    """

    looks: tuple[Look, ...]
    required: float
    d2: float
    difference: float
    bounds: Boundaries
    mark: str = SEQUENTIAL

    @property
    def first_crossing(self) -> Look | None:
        """The first look at which z crossed a boundary, if any did."""
        return next((look for look in self.looks if look.crossed != "none"), None)

    def __repr__(self) -> str:
        last, first = self.looks[-1], self.first_crossing
        found = (
            "no boundary crossed" if first is None else f"{first.crossed} boundary crossed at {first.when}"
        )
        return (
            f"{found}; {100 * last.fraction:.0f}% of the required information ({self.required:.4g} for "
            f"{self.difference:g}, D2 {self.d2:.0f}%) at {last.when}, "
            f"z {last.z:.2f} against {last.upper:.2f}\n({self.mark})"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with a row for each look."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame([asdict(look) for look in self.looks])


def sequential_view(
    yi: ArrayLike,
    vi: ArrayLike,
    when: Sequence[int] | Sequence[str],
    difference: float,
    *,
    d2: float | None = None,
    alpha: float = 0.05,
    beta: float = 0.1,
    side: Side = 2,
    spending: Spending = "esOF",
    method: str = "REML",
    slab: Sequence[str] | None = None,
) -> SequentialView:
    """Pool the studies as they came in and hold each z against alpha-spending boundaries.

    A look's information is the sum of its studies' inverse variances over the required information, which
    diversity makes larger (Wetterslev et al. 2008, 2009). The boundaries rest on independent increments,
    which a random-effects pool has only about.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    when
        When each study came in: years, or ISO dates; studies of one time are one look. A look that adds
        less than a thousandth of the required information waits for the next.
    difference
        The smallest effect worth finding, on the scale of the effects.
    d2
        Diversity in percent to plan for; that of all studies where None, which is known afterwards only.
    alpha, beta, side, spending
        As in `boundaries.boundaries`, for ``esOF`` or ``esPoc``; one-sided means that positive effects count.
    method, slab
        As in `synthesis.pool`; always with z.

    Raises
    ------
    ValueError
        Where `synthesis.pool` or `boundaries.boundaries` refuses, or there is not one time for each study.
    """
    everything = pool(yi, vi, method=method, slab=slab)
    if len(when) != everything.k:
        raise ValueError(
            f"when: found {len(when)} times; expected one for each of the {everything.k} studies"
        )
    studies = everything.studies
    allowed = diversity(studies.vi, everything.tau2) if d2 is None else d2
    required = required_information(difference, alpha=alpha, beta=beta, side=side, d2=allowed)
    times, members = _looks(studies, when, required)
    fractions = np.array([float((1 / studies.vi[one]).sum()) / required for one in members])
    bounds = boundaries(fractions, alpha=alpha, beta=beta, side=side, spending=spending)
    pools = [pool(*_pair(studies.take(one)), method=method) for one in members]
    looks = tuple(_look(time, bounds, i, pools[i]) for i, time in enumerate(times))
    return SequentialView(looks=looks, required=required, d2=allowed, difference=difference, bounds=bounds)


def _looks(
    studies: Studies, when: Sequence[int] | Sequence[str], required: float
) -> tuple[list[str], list[Indices]]:
    """Return the times of looks and the places of all studies that were in by then."""
    at = _times(when)
    looks: list[tuple[str, Indices, float]] = []
    for time in np.unique(at):
        inside = np.flatnonzero(at <= time)
        fraction = float((1 / studies.vi[inside]).sum()) / required
        before = looks[-1][2] if looks else 0.0
        if fraction - before < _LITTLE:
            if time != at.max():
                continue
            looks = looks[:-1]
        looks.append((str(time), inside, fraction))
        if fraction >= 1:
            break
    if looks[-1][2] < _LITTLE:
        raise ValueError(
            f"information: found {looks[-1][2]:.2g} of what is required; expected at least {_LITTLE:g} (too "
            "little is known for boundaries, or the difference is not on the scale of the effects)"
        )
    return [one[0] for one in looks], [one[1] for one in looks]


def _times(when: Sequence[int] | Sequence[str]) -> NDArray[Any]:
    at = np.asarray(when)
    if at.dtype.kind not in "iufUM" or (at.dtype.kind == "f" and not np.isfinite(at).all()):
        raise ValueError("when: found something else than times; expected years or ISO dates, one a study")
    return at


def _pair(studies: Studies) -> Pair:
    return studies.yi, studies.vi


def _look(when: str, bounds: Boundaries, place: int, got: Pooled) -> Look:
    upper = float(bounds.upper[place])
    lower = None if bounds.lower is None else float(bounds.lower[place])
    below = lower is not None and got.stat <= lower
    return Look(
        when=when,
        k=got.k,
        estimate=got.estimate,
        se=got.se,
        z=got.stat,
        fraction=float(bounds.timing[place]),
        upper=upper,
        lower=lower,
        crossed="upper" if got.stat >= upper else "lower" if below else "none",
    )
