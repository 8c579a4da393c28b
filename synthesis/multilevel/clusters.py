"""A fitted model cut into clusters: what each contributes to a cluster-robust covariance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Indices, Numbers
from synthesis.multilevel.blocks import places_by_label
from synthesis.multilevel.fitting import Multilevel
from synthesis.random_effects.pooling import Pooled
from synthesis.regression.core import orthonormal
from synthesis.regression.model import MetaRegression

__all__ = ["Cluster", "Fitted", "Working", "working"]

Fitted = Pooled | MetaRegression | Multilevel


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """One cluster: its rows (n,), and the covariance of its effects under the model (n, n)."""

    rows: Indices
    covariance: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Working:
    """What a sandwich needs of a fit.

    Parameters
    ----------
    names, tested
        The coefficients, and the places of those that are tested together.
    beta, residuals
        Shapes (p,) and (k,).
    x
        Orthonormal basis of the design, shape (k, p).
    back
        Takes coefficients in that basis to those of the design, shape (p, p).
    clusters
        Independent of each other under the model.
    level
        Confidence level, a fraction.
    """

    names: tuple[str, ...]
    tested: tuple[int, ...]
    beta: Numbers
    residuals: Numbers
    x: Numbers
    back: Numbers
    clusters: tuple[Cluster, ...]
    level: float


def working(fit: Fitted, cluster: Sequence[object]) -> Working:
    """Return a fit in clusters.

    Parameters
    ----------
    fit
        By inverse variances.
    cluster
        Each effect's cluster, in the order in which the effects were given.

    Raises
    ------
    ValueError
        Where there is not a label for each effect, a label is missing, a study of a multilevel model is cut,
        or the pool has weights of its own.
    """
    labels = _checked(cluster, fit.k)
    if isinstance(fit, Multilevel):
        return _of_multilevel(fit, labels)
    if isinstance(fit, MetaRegression):
        return _independent(fit, fit.design.x, (fit.names, fit.design.tested), fit.beta, labels)
    if fit.studies.weights is not None:
        raise ValueError("robust: found a pool with its own weights; expected inverse variances")
    return _independent(fit, np.ones((fit.k, 1)), (("intrcpt",), (0,)), np.array([fit.estimate]), labels)


def _checked(cluster: Sequence[object], k: int) -> list[str]:
    if len(cluster) != k:
        raise ValueError(f"cluster: found {len(cluster)} labels for {k} effects; expected one each")
    for i, one in enumerate(cluster):
        if one is None or one != one:  # noqa: PLR0124 - only NaN differs from itself
            raise ValueError(f"cluster: found none for effect {i + 1}; expected a label")
    return [str(one) for one in cluster]


def _independent(
    fit: Pooled | MetaRegression,
    x: Numbers,
    named: tuple[tuple[str, ...], tuple[int, ...]],
    beta: Numbers,
    labels: list[str],
) -> Working:
    total = fit.studies.vi + fit.tau2
    clusters = tuple(Cluster(rows, np.diag(total[rows])) for rows in places_by_label(labels).values())
    basis, triangle = orthonormal(x)
    back = np.asarray(np.linalg.inv(triangle))
    return Working(*named, beta, fit.studies.yi - x @ beta, basis, back, clusters, fit.level)


def _of_multilevel(fit: Multilevel, labels: list[str]) -> Working:
    of_row = np.unique(labels, return_inverse=True)[1]
    members: dict[int, list[tuple[Indices, Numbers]]] = {}
    for stack, covariances in zip(fit.problem.layout.stacks, fit.solution.covariances, strict=True):
        for rows, one in zip(stack.rows, covariances, strict=True):
            found = np.unique(of_row[rows])
            if len(found) > 1:
                names = " and ".join(sorted({labels[i] for i in rows})[:2])
                raise ValueError(f"cluster: found {names} in one study; expected studies to stay whole")
            members.setdefault(int(found[0]), []).append((rows, one))
    back = np.asarray(np.linalg.inv(fit.problem.x.T @ fit.design.x))
    clusters = tuple(_joined(blocks) for blocks in members.values())
    residuals, x = fit.solution.residuals, fit.problem.x
    return Working(fit.names, fit.design.tested, fit.beta, residuals, x, back, clusters, fit.level)


def _joined(blocks: list[tuple[Indices, Numbers]]) -> Cluster:
    from scipy.linalg import block_diag  # noqa: PLC0415 - importing synthesis must stay light

    covariance = np.asarray(block_diag(*[one for _, one in blocks]), dtype=np.float64)
    return Cluster(np.concatenate([rows for rows, _ in blocks]), covariance)
