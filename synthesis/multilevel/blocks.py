"""Effects in independent blocks: what happens in one study knows nothing of another study.

Vocabulary: a *block* holds the rows of one outermost cluster (a study); a *stack* holds all blocks of one
size, so that they are worked on together. Nothing of size k x k is ever formed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Indices, Numbers

__all__ = ["Covariance", "Layout", "Stack", "kernels", "lay_out", "places_by_label", "split_matrix"]

# Gives a block's sampling covariance (n, n) from its name and rows.
Covariance = Callable[[str, Indices], Numbers]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Blocks of one size n: `rows` (g, n), the effects' places; `v` (g, n, n), their sampling covariances."""

    rows: Indices
    v: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """All blocks, stacked by size.

    Parameters
    ----------
    stacks
        One for each size of block.
    k
        Number of effects.
    """

    stacks: tuple[Stack, ...]
    k: int

    @property
    def blocks(self) -> int:
        """Return the number of blocks."""
        return sum(len(one.rows) for one in self.stacks)


def places_by_label(labels: Sequence[object]) -> dict[str, Indices]:
    """Return the places of each label's rows, in the order of first appearance.

    Parameters
    ----------
    labels
        One a row; compared as text.
    """
    found: dict[str, list[int]] = {}
    for i, one in enumerate(labels):
        found.setdefault(str(one), []).append(i)
    return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}


def lay_out(blocks: dict[str, Indices], covariance: Covariance) -> Layout:
    """Return the blocks, stacked by size.

    Parameters
    ----------
    blocks
        Each block's rows, by name.
    covariance
        Gives a block's sampling covariance (n, n) from its name and rows.

    Raises
    ------
    ValueError
        Where a block's covariance is not positive definite; the message names the block.
    """
    sizes: dict[int, list[tuple[Indices, Numbers]]] = {}
    for name, rows in blocks.items():
        v = covariance(name, rows)
        _check_covariance(name, v)
        sizes.setdefault(len(rows), []).append((rows, v))
    stacks = [
        Stack(np.stack([rows for rows, _ in group]), np.stack([v for _, v in group]))
        for group in sizes.values()
    ]
    return Layout(tuple(stacks), sum(len(rows) for rows in blocks.values()))


def split_matrix(v: Numbers, blocks: dict[str, Indices]) -> Covariance:
    """Return what `lay_out` asks for, from one covariance matrix of all effects.

    Parameters
    ----------
    v
        Shape (k, k), symmetric.
    blocks
        Each block's rows, by name.

    Raises
    ------
    ValueError
        Where the matrix is not symmetric, or links rows of different blocks.
    """
    if not np.allclose(v, v.T, rtol=1e-10, atol=0):
        raise ValueError("v: found a matrix that is not symmetric; expected covariances")
    within = sum(int(np.count_nonzero(v[np.ix_(rows, rows)])) for rows in blocks.values())
    if np.count_nonzero(v) != within:
        raise ValueError("v: found covariances between studies; expected studies to be independent")
    return lambda _, rows: np.asarray(v[np.ix_(rows, rows)])


def kernels(layout: Layout, make: Sequence[Callable[[Indices], Numbers]]) -> tuple[Numbers, ...]:
    """Return the components' patterns of covariance, one array (c, g, n, n) a stack.

    Parameters
    ----------
    layout
        The blocks.
    make
        One for each component: gives a block's pattern (n, n) from its rows.
    """
    return tuple(
        np.stack([np.stack([one(rows) for rows in stack.rows]) for one in make]) for stack in layout.stacks
    )


def _check_covariance(name: str, v: Numbers) -> None:
    try:
        np.linalg.cholesky(v)
    except np.linalg.LinAlgError as error:
        raise ValueError(
            f"{name}: found sampling covariances of its {len(v)} effects that are not positive definite; "
            "expected correlations that can occur together, below 1"
        ) from error
