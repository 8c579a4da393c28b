"""Several outcomes of each study at once: their means, and how their true effects go together."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Indices, Numbers, as_studies
from synthesis.multilevel.blocks import Layout, kernels, lay_out, places_by_label, split_matrix
from synthesis.multilevel.checks import check_free, check_levels, check_options, check_units, paths_of
from synthesis.multilevel.fitting import LikelihoodMethod, Multilevel, MultilevelTest, finish
from synthesis.multilevel.likelihood import Problem
from synthesis.multilevel.maximum import highest, highest_unstructured
from synthesis.regression.cautions import few_studies
from synthesis.regression.core import orthonormal
from synthesis.regression.design import Moderators, design_matrix

__all__ = ["Structure", "multivariate"]

Structure = Literal["UN", "CS", "DIAG"]

_AT_ITS_BOUND = 1 - 1e-6


def multivariate(
    yi: ArrayLike,
    v: ArrayLike,
    study: Sequence[object],
    outcome: Sequence[object],
    *,
    struct: Structure = "UN",
    mods: Moderators | None = None,
    intercept: bool = True,
    method: LikelihoodMethod = "REML",
    test: MultilevelTest = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> Multilevel:
    """Pool m outcomes of each study together (Berkey et al. 1998; van Houwelingen, Arends & Stijnen 2002).

    Parameters
    ----------
    yi
        Effects, shape (k,).
    v
        Sampling covariances, shape (k, k), none of them between studies; or variances, shape (k,).
    study, outcome
        Each effect's study and outcome.
    struct
        Covariance of an outcome's true effects: ``UN`` any, ``CS`` one variance and one correlation, ``DIAG``
        variances only.
    mods, intercept
        As in `synthesis.regress`; one mean an outcome where not given.
    method, test, level, slab
        As in `synthesis.three_level`.

    Raises
    ------
    ValueError
        For input that `synthesis.regress` refuses, one study or one outcome only, an outcome twice in one
        study, or covariances between studies.
    """
    check_options(method, test, level)
    if struct not in get_args(Structure):
        raise ValueError(f"struct: found {struct!r}; expected {', '.join(get_args(Structure))}")
    matrix = np.asarray(v, dtype=np.float64)
    matrix = np.diag(matrix) if matrix.ndim == 1 else matrix
    studies = as_studies(yi, np.diag(matrix), slab)
    check_units(studies)
    blocks, names, codes = _outcomes(paths_of({"study": study, "outcome": outcome}, studies), outcome)
    layout = lay_out(blocks, split_matrix(matrix, blocks))
    each = {"outcome": [str(one) for one in outcome]}
    design = design_matrix(
        each if mods is None else mods, studies.slab, intercept=intercept and mods is not None
    )
    check_free(design)
    problem = Problem(
        y=studies.yi, x=orthonormal(design.x)[0], layout=layout, patterns=(), restricted=method == "REML"
    )
    problem, theta, g = _fit(problem, codes, len(names), struct)
    tau2, rho = _letters(g, struct)
    return finish(
        problem,
        design,
        theta,
        test=test,
        level=level,
        notes=(*([] if mods is None else few_studies(design, layout.blocks)), *_notes(rho)),
        outcomes=names,
        tau2=tau2,
        rho=rho,
    )


def _outcomes(
    paths: list[list[str]], outcome: Sequence[object]
) -> tuple[dict[str, Indices], tuple[str, ...], Indices]:
    blocks = places_by_label(paths[0])
    check_levels(("study",), paths[:1], len(blocks))
    for path, rows in places_by_label(paths[1]).items():
        if len(rows) > 1:
            raise ValueError(f"{path}: found {len(rows)} effects; expected one for each outcome of a study")
    names, codes = np.unique([str(one) for one in outcome], return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"outcome: found {names[0]} only; expected at least two (use synthesis.pool)")
    return blocks, tuple(str(one) for one in names), np.asarray(codes, dtype=np.intp)


def _fit(problem: Problem, codes: Indices, m: int, struct: Structure) -> tuple[Problem, Numbers, Numbers]:
    """Return the model with its patterns, its components, and G, the covariance of true effects (m, m)."""
    shapes = _SHAPES[struct](m)
    problem = replace(problem, patterns=_patterns(problem.layout, codes, shapes))
    theta = highest_unstructured(problem, m) if struct == "UN" else highest(problem)
    return problem, theta, np.tensordot(theta, shapes, axes=1)


def _patterns(layout: Layout, codes: Indices, shapes: Numbers) -> tuple[Numbers, ...]:
    def pattern(shape: Numbers) -> Callable[[Indices], Numbers]:
        return lambda rows: shape[np.ix_(codes[rows], codes[rows])]

    return kernels(layout, [pattern(one) for one in shapes])


def _any(m: int) -> Numbers:
    """Return one shape for each entry of the lower triangle."""
    shapes = []
    for i, j in zip(*np.tril_indices(m), strict=True):
        one = np.zeros((m, m))
        one[i, j] = one[j, i] = 1.0
        shapes.append(one)
    return np.array(shapes)


def _compound(m: int) -> Numbers:
    """Return the shapes whose multiples of 0 or more are all compound symmetric covariances: eigenspaces."""
    together = np.full((m, m), 1 / m)
    return np.array([np.eye(m) - together, together])


def _diagonal(m: int) -> Numbers:
    return np.array([np.diag(one) for one in np.eye(m)])


_SHAPES = {"UN": _any, "CS": _compound, "DIAG": _diagonal}


def _letters(g: Numbers, struct: Structure) -> tuple[Numbers, Numbers]:
    variances = np.diag(g)
    if struct == "DIAG":
        return variances, np.empty(0)
    spread = np.sqrt(np.outer(variances, variances))
    # Without variance there is no correlation to speak of.
    rho = np.divide(g, spread, out=np.full_like(g, np.nan), where=spread > 0)
    lower = rho[np.tril_indices(len(g), -1)]
    return (variances[:1], lower[:1]) if struct == "CS" else (variances, lower)


def _notes(rho: Numbers) -> tuple[str, ...]:
    if not (np.abs(rho) > _AT_ITS_BOUND).any():
        return ()
    return ("A correlation of true effects is at its bound: too few studies tell it from sampling error",)
