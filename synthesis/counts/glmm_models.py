"""From counts to the likelihood of a generalised mixed model: who says something, and in which family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Flags, Numbers
from synthesis.counts.families import Binomial, Hypergeometric, Poisson
from synthesis.counts.glmm_likelihood import Likelihood, OneArm, RandomStudies, StudyIntercepts
from synthesis.measures import inputs
from synthesis.measures.effects import effect_sizes, two_by_two
from synthesis.measures.sizes import EffectSizes

__all__ = ["Counts", "likelihood", "read"]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Studies that say something.

    Parameters
    ----------
    events, sizes
        Of one or two arms, shape (arms, k); sizes are participants or person-times.
    vi
        Sampling variances of the studies' own effects, shape (k,).
    guess
        Their pooled value, to start from.
    """

    events: Numbers
    sizes: Numbers
    vi: Numbers
    guess: float

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.vi)


def read(measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None) -> Counts:
    """Return the studies that say something.

    Parameters
    ----------
    measure
        ``OR``, ``IRR`` or ``PLO``.
    data, slab
        As `synthesis.counts.glmm.glmm`.

    Raises
    ------
    ValueError
        Where no study says something, an arm has no event in all of them (or nothing but events), or the
        input is refused by `synthesis.effect_sizes`.
    """
    events, sizes = _arms(measure, data, slab)
    kept = _informative(measure, events, sizes)
    if not kept.any():
        raise ValueError(f"{measure}: found no study that says something; expected at least one with events")
    events, sizes = events[:, kept], sizes[:, kept]
    _check_finite(measure, events, sizes)
    own = _own_effects(measure, events, sizes)
    return Counts(events, sizes, own.vi, float((own.yi / own.vi).sum() / (1 / own.vi).sum()))


def likelihood(measure: str, model: str, counts: Counts, nodes: int) -> Likelihood:
    """Return a model's log-likelihood.

    Parameters
    ----------
    measure, model, nodes
        As `synthesis.counts.glmm.glmm`, checked.
    counts
        Studies that say something.
    """
    none = np.zeros(counts.k)
    if measure == "PLO":
        return OneArm(Binomial(counts.events[0], counts.sizes[0], none), nodes)
    (treated, control), (n1, n2) = counts.events, counts.sizes
    if model == "CM.EL" and measure == "OR":
        return OneArm(Hypergeometric.of(treated, n1, n2, treated + control), nodes)
    if model in ("CM.EL", "CM.AL"):
        return OneArm(Binomial(treated, treated + control, np.log(n1 / n2)), nodes)
    arms = (
        (Binomial(treated, n1, none), Binomial(control, n2, none))
        if measure == "OR"
        else (Poisson(treated, np.log(n1)), Poisson(control, np.log(n2)))
    )
    intercepts = _intercepts(measure, counts)
    return (StudyIntercepts if model == "UM.FS" else RandomStudies)(arms, intercepts, nodes)


def _arms(measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None) -> tuple[Numbers, Numbers]:
    if measure == "OR":
        table = two_by_two(measure, data, slab)
        return np.stack([table.ai, table.ci]), np.stack([table.n1i, table.n2i])
    columns = inputs.read(measure, data, slab)
    if measure == "PLO":
        return columns["xi"][None, :], columns["ni"][None, :]
    return np.stack([columns["x1i"], columns["x2i"]]), np.stack([columns["t1i"], columns["t2i"]])


def _informative(measure: str, events: Numbers, sizes: Numbers) -> Flags:
    complete: Flags = np.isfinite(events.sum(axis=0) + sizes.sum(axis=0))
    if measure == "PLO":
        return complete
    silent = (events == 0).all(axis=0)
    if measure == "OR":
        silent |= (events == sizes).all(axis=0)
    return np.asarray(complete & ~silent)


def _check_finite(measure: str, events: Numbers, sizes: Numbers) -> None:
    empty = events.sum(axis=1) == 0
    if measure != "IRR":
        empty |= events.sum(axis=1) == sizes.sum(axis=1)
    if empty.any():
        arm = "the group" if len(events) == 1 else ("the treated", "the controls")[int(np.argmax(empty))]
        raise ValueError(
            f"{measure}: found no event, or nothing but events, among {arm} of all {events.shape[1]} "
            "studies; expected some: there is no finite estimate"
        )


def _own_effects(measure: str, events: Numbers, sizes: Numbers) -> EffectSizes:
    if measure == "PLO":
        return effect_sizes(measure, xi=events[0], ni=sizes[0])
    if measure == "OR":
        return effect_sizes(measure, ai=events[0], n1i=sizes[0], ci=events[1], n2i=sizes[1])
    return effect_sizes(measure, x1i=events[0], t1i=sizes[0], x2i=events[1], t2i=sizes[1])


def _intercepts(measure: str, counts: Counts) -> Numbers:
    """Return a first guess of each study's mean predictor."""
    events, sizes = counts.events.sum(axis=0) + 0.5, counts.sizes.sum(axis=0)
    return np.asarray(np.log(events / (sizes + 1 - events) if measure == "OR" else events / sizes))
