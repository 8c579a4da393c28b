"""Effects within studies: three-level models, and those whose sampling errors are correlated."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Indices, Numbers, Studies, as_studies
from synthesis.multilevel.blocks import Covariance, Layout, kernels, lay_out, places_by_label, split_matrix
from synthesis.multilevel.checks import check_free, check_levels, check_options, check_units, paths_of
from synthesis.multilevel.fitting import LikelihoodMethod, Multilevel, MultilevelTest, finish
from synthesis.multilevel.likelihood import Problem
from synthesis.multilevel.maximum import highest, slack
from synthesis.regression.cautions import few_studies
from synthesis.regression.core import orthonormal
from synthesis.regression.design import Moderators, design_matrix

__all__ = ["correlated_effects", "nested", "three_level"]

# Beyond this share of a standard error the slope at the answer is not that of a maximum.
_STEEP = 1e-4


def three_level(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[object],
    effect: Sequence[object] | None = None,
    *,
    mods: Moderators | None = None,
    v: ArrayLike | None = None,
    method: LikelihoodMethod = "REML",
    test: MultilevelTest = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> Multilevel:
    """Pool k effects of which several may come from one study (Konstantopoulos 2011; Cheung 2014).

    Effects vary between studies (sigma2, first) and within them (sigma2, second).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances (above 0), shape (k,).
    study
        Each effect's study.
    effect
        Labels of effects within a study; rows of a study that share one share its effect. Each row has its
        own where not given.
    mods
        Moderators, as in `synthesis.regress`.
    v
        Sampling covariances, shape (k, k), instead of independent errors; `vi` is its diagonal.
    method
        ``REML`` or ``ML``.
    test
        ``z``, or ``t`` on k - p degrees of freedom.
    level
        Confidence level, a fraction.
    slab
        Labels of the effects, for messages.

    Raises
    ------
    ValueError
        As `synthesis.regress`; and where no study has two effects: then `synthesis.pool` or
        `synthesis.regress` is the model.
    """
    studies = as_studies(yi, vi, slab)
    within = list(range(len(studies.yi))) if effect is None else list(effect)
    levels = {"study": list(study), "effect": within}
    return nested(studies, levels, v=v, mods=mods, method=method, test=test, level=level)


def correlated_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[object],
    *,
    rho: float | Mapping[str, float] = 0.6,
    mods: Moderators | None = None,
    method: LikelihoodMethod = "REML",
    test: MultilevelTest = "z",
    level: float = 0.95,
    slab: Sequence[str] | None = None,
) -> Multilevel:
    """Pool k effects whose sampling errors are correlated within studies (CHE: Pustejovsky & Tipton 2022).

    The covariance of two effects of one study is rho sqrt(v_i v_j); effects vary between and within studies.
    Follow it by `synthesis.robust`: rho is a guess.

    Parameters
    ----------
    yi, vi, study
        Effects, sampling variances, and each effect's study.
    rho
        Correlation of sampling errors within a study; a mapping gives each study of several effects its own.
    mods, method, test, level, slab
        As in `three_level`.

    Raises
    ------
    ValueError
        As `three_level`; and for a correlation that cannot be, or a study that the mapping lacks.
    """
    studies = as_studies(yi, vi, slab)
    v = _correlated(studies, study, rho)
    levels: dict[str, Sequence[object]] = {"study": study, "effect": range(len(studies.yi))}
    return nested(studies, levels, v=v, mods=mods, method=method, test=test, level=level)


def nested(
    studies: Studies,
    levels: Mapping[str, Sequence[object]],
    *,
    v: ArrayLike | Layout | None = None,
    mods: Moderators | None = None,
    method: LikelihoodMethod = "REML",
    test: MultilevelTest = "z",
    level: float = 0.95,
) -> Multilevel:
    """Return a model with a random intercept for each level, one nested in the other.

    Parameters
    ----------
    studies
        Effects, sampling variances, labels (`synthesis.arrays.as_studies`).
    levels
        Each level's labels by its name, outermost first; an inner label counts within the outer ones.
    v
        Sampling covariances, shape (k, k) or laid out; independent errors where not given.
    mods, method, test, level
        As in `three_level`.

    Raises
    ------
    ValueError
        As `three_level`.
    """
    check_options(method, test, level)
    check_units(studies)
    paths = paths_of(levels, studies)
    outer = places_by_label(paths[0])
    check_levels(tuple(levels), paths, len(outer))
    layout = v if isinstance(v, Layout) else lay_out(outer, _sampling(studies, v, outer))
    design = design_matrix({} if mods is None else mods, studies.slab)
    check_free(design)
    problem = Problem(
        y=studies.yi,
        x=orthonormal(design.x)[0],
        layout=layout,
        patterns=kernels(layout, [_same(path) for path in paths]),
        restricted=method == "REML",
    )
    theta = highest(problem)
    return finish(
        problem,
        design,
        theta,
        test=test,
        level=level,
        notes=(*few_studies(design, layout.blocks), *_notes(problem, theta)),
        levels=tuple(levels),
        sigma2=theta,
    )


def _sampling(studies: Studies, v: ArrayLike | None, outer: dict[str, Indices]) -> Covariance:
    if v is None:
        return lambda _, rows: np.diag(studies.vi[rows])
    matrix, k = np.asarray(v, dtype=np.float64), len(studies.yi)
    if matrix.shape != (k, k):
        raise ValueError(f"v: found shape {matrix.shape}; expected ({k}, {k}), a row and a column an effect")
    if not np.allclose(np.diag(matrix), studies.vi, rtol=1e-10, atol=0):
        raise ValueError("v: found another diagonal than vi; expected the same sampling variances")
    return split_matrix(matrix, outer)


def _correlated(studies: Studies, study: Sequence[object], rho: float | Mapping[str, float]) -> Layout:
    if len(study) != len(studies.yi):
        raise ValueError(f"study: found {len(study)} labels for {len(studies.yi)} effects; expected one each")
    outer = places_by_label(study)

    def covariance(name: str, rows: Indices) -> Numbers:
        root, r = np.sqrt(studies.vi[rows]), _of(name, rho) if len(rows) > 1 else 0.0
        return np.asarray(np.outer(root, root) * (r + (1 - r) * np.eye(len(rows))))

    return lay_out(outer, covariance)


def _of(name: str, rho: float | Mapping[str, float]) -> float:
    if isinstance(rho, Mapping):
        if name not in rho:
            raise ValueError(f"{name}: found no rho for its effects; expected a correlation")
        rho = rho[name]
    if not -1 < rho < 1:
        raise ValueError(f"{name}: found rho = {rho}; expected a correlation above -1 and below 1")
    return float(rho)


def _same(path: list[str]) -> Callable[[Indices], Numbers]:
    codes = np.unique(path, return_inverse=True)[1]
    return lambda rows: np.equal.outer(codes[rows], codes[rows]).astype(np.float64)


def _notes(problem: Problem, theta: Numbers) -> tuple[str, ...]:
    steep = slack(problem, theta)
    if steep <= _STEEP:
        return ()
    return (f"The likelihood still rises by {steep:.2g} standard errors: treat sigma2 with caution",)
