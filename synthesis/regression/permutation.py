"""Permutation test of moderators: how often chance alone shows as much (Higgins & Thompson 2004)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np

from synthesis.arrays import Indices, Numbers, Studies, ratios
from synthesis.random_effects.fitting import Plan
from synthesis.regression.core import core
from synthesis.regression.design import Design

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PermutationTest", "permutation_test"]

# Statistics this near count as equal: a rearrangement that changes nothing adds up in another order.
_EQUAL = 1.5e-8
_MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PermutationTest:
    """Permutation p-values.

    Parameters
    ----------
    names
        The coefficients, p of them.
    pval, pval_se
        Two-sided, shape (p,), each with its Monte Carlo standard error sqrt(pval (1 - pval) / iterations);
        0 where exact.
    qm_pval, qm_pval_se
        Of all tested coefficients together.
    iterations
        Arrangements seen, the one observed among them.
    exact
        All different arrangements were seen.
    seed
        Of the random arrangements; None where exact.
    """

    names: tuple[str, ...]
    pval: Numbers
    pval_se: Numbers
    qm_pval: float
    qm_pval_se: float
    iterations: int
    exact: bool
    seed: int | None

    def __repr__(self) -> str:
        how = "all" if self.exact else f"random (seed {self.seed})"
        lines = [
            f"{name:>24} p {self.pval[i]:.4g} (Monte Carlo se {self.pval_se[i]:.2g})"
            for i, name in enumerate(self.names)
        ]
        head = f"{self.iterations} arrangements, {how}"
        together = f"{'all moderators':>24} p {self.qm_pval:.4g} (Monte Carlo se {self.qm_pval_se:.2g})"
        return "\n".join([head, *lines, together])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per coefficient."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame({"pval": self.pval, "pval_se": self.pval_se}, index=list(self.names))


def permutation_test(
    studies: Studies, design: Design, plan: Plan, *, iterations: int, seed: int, exact: bool | None
) -> PermutationTest:
    """Return how often rearranged moderators show statistics at least as far from 0 as those observed.

    The studies' moderators change places among them, rows of the design together, and tau2 is estimated
    anew each time (Higgins & Thompson 2004, section 3.4). Without moderators the effects change sign
    (Follmann & Proschan 1999).

    Parameters
    ----------
    studies, design, plan
        The model.
    iterations
        Random arrangements, the observed one counted; 2 or more.
    seed
        Of the random arrangements.
    exact
        See all different arrangements instead; None does where they are no more than `iterations`.

    Raises
    ------
    ValueError
        For fewer than 2 iterations, or too many different arrangements to see all.
    """
    if iterations < 2:
        raise ValueError(f"iterations: found {iterations}; expected 2 or more")
    count = arrangements(design)
    everything = count <= iterations if exact is None else exact
    if everything and count > _MOST:
        raise ValueError(
            f"exact: found {count} different arrangements; expected at most {_MOST} (use random ones)"
        )
    rearranged = _all(studies, design) if everything else _random(studies, design, seed, iterations - 1)
    observed = _statistics(studies, design.x, design, plan)
    tail = np.abs(observed) - _EQUAL
    # Among random arrangements the observed one counts as seen: p is never 0.
    seen = np.zeros(len(tail), dtype=np.intp) if everything else np.ones(len(tail), dtype=np.intp)
    for one, x in rearranged:
        seen += np.abs(_statistics(one, x, design, plan)) >= tail
    total = count if everything else iterations
    pvals = seen / total
    errors = np.zeros_like(pvals) if everything else np.sqrt(pvals * (1 - pvals) / total)
    return PermutationTest(
        names=design.names,
        pval=pvals[:-1],
        pval_se=errors[:-1],
        qm_pval=float(pvals[-1]),
        qm_pval_se=float(errors[-1]),
        iterations=total,
        exact=everything,
        seed=None if everything else seed,
    )


def arrangements(design: Design) -> int:
    """Return the number of different arrangements: of the rows, or of signs without moderators.

    Parameters
    ----------
    design
        The design.
    """
    if _alone(design):
        return int(2 ** len(design.x))
    repeats = np.unique(design.x, axis=0, return_counts=True)[1]
    return factorial(len(design.x)) // prod(factorial(int(one)) for one in repeats)


def _statistics(studies: Studies, x: Numbers, design: Design, plan: Plan) -> Numbers:
    one = core(studies, x, design.tested, plan)
    return np.append(ratios(one.beta, np.sqrt(np.diag(one.vcov))), one.qm)


def _alone(design: Design) -> bool:
    return len(design.names) == 1 and design.intercept == 0


def _all(studies: Studies, design: Design) -> Iterator[tuple[Studies, Numbers]]:
    if _alone(design):
        for signs in product((1.0, -1.0), repeat=len(design.x)):
            yield _signed(studies, np.array(signs)), design.x
        return
    kinds, which = np.unique(design.x, axis=0, return_inverse=True)
    for order in _orders(np.sort(np.ravel(which))):
        yield studies, kinds[order]


def _random(studies: Studies, design: Design, seed: int, count: int) -> Iterator[tuple[Studies, Numbers]]:
    random, k = np.random.default_rng(seed), len(design.x)
    for _ in range(count):
        if _alone(design):
            yield _signed(studies, random.choice([-1.0, 1.0], size=k)), design.x
        else:
            yield studies, design.x[random.permutation(k)]


def _signed(studies: Studies, signs: Numbers) -> Studies:
    return Studies(signs * studies.yi, studies.vi, studies.slab)


def _orders(first: Indices) -> Iterator[Indices]:
    """Yield all different orders of sorted labels, each once, in lexicographic order (Knuth 7.2.1.2, L)."""
    order = first.copy()
    while True:
        yield order.copy()
        rises = np.flatnonzero(order[:-1] < order[1:])
        if not len(rises):
            return
        i = int(rises[-1])
        j = int(np.flatnonzero(order > order[i])[-1])
        order[i], order[j] = order[j], order[i]
        order[i + 1 :] = order[i + 1 :][::-1].copy()
