"""Cluster-robust standard errors: right even where the assumed correlations within clusters are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy.special import stdtrit

from synthesis.arrays import Numbers, ratios
from synthesis.multilevel.clusters import Cluster, Fitted, Working, working
from synthesis.multilevel.small_sample import Pieces, expected_variances, joint_df, satterthwaite
from synthesis.regression.fitting import two_sided_ps, wald_p

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Kind", "Robust", "robust"]

Kind = Literal["CR0", "CR1", "CR2"]

# A coefficient's robust variance is expected to be below this share of the model's: it is 0.
_ALONE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Robust:
    """Cluster-robust tests of a fit's coefficients.

    Parameters
    ----------
    names, beta
        The coefficients, as fitted, shape (p,).
    se, stat, df, pval, ci_lb, ci_ub
        Robust, shape (p,); `stat` is t on `df`.
    vcov
        Robust covariance, shape (p, p).
    qm, qm_df, qm_pval
        F test of all coefficients but the intercept; None where it has no degrees of freedom.
    kind, clusters
        Which correction, and how many clusters.
    """

    names: tuple[str, ...]
    beta: Numbers
    se: Numbers
    stat: Numbers
    df: Numbers
    pval: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    vcov: Numbers
    qm: float | None
    qm_df: tuple[int, float | None]
    qm_pval: float | None
    kind: Kind
    clusters: int
    level: float

    def __repr__(self) -> str:
        lines = [
            f"{name:>24} {self.beta[i]:9.4f} [{self.ci_lb[i]:.4f}, {self.ci_ub[i]:.4f}] "
            f"p {self.pval[i]:.4g} (df {self.df[i]:.1f})"
            for i, name in enumerate(self.names)
        ]
        return "\n".join([f"{self.kind}, {self.clusters} clusters", *lines])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table, one row per coefficient."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        columns = ("beta", "se", "stat", "df", "pval", "ci_lb", "ci_ub")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=list(self.names))


def robust(fit: Fitted, cluster: Sequence[object], *, kind: Kind = "CR2") -> Robust:
    """Return cluster-robust tests of a fit.

    ``CR0`` is the plain sandwich (Hedges, Tipton & Johnson 2010, eq. 6); ``CR1`` is J / (J - p) times that,
    both with t on J - p for J clusters; ``CR2`` corrects each cluster's residuals so that the covariance is
    unbiased under the model, with Satterthwaite's degrees of freedom and the HTZ test of several
    coefficients (Tipton 2015; Tipton & Pustejovsky 2015; Pustejovsky & Tipton 2018). Below about four
    degrees of freedom p-values are not to be relied on.

    Parameters
    ----------
    fit
        From `synthesis.pool`, `synthesis.regress` or a multilevel model.
    cluster
        Each effect's cluster, in the order in which the effects were given.
    kind
        Correction.

    Raises
    ------
    ValueError
        For an unknown kind, no more clusters than coefficients, or labels that `working` refuses.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"kind: found {kind!r}; expected {', '.join(get_args(Kind))}")
    model = working(fit, cluster)
    count, p = len(model.clusters), len(model.beta)
    if count <= p:
        raise ValueError(f"cluster: found {count} for {p} coefficients; expected more clusters")
    pieces = _pieces(model, adjust=kind == "CR2")
    _check_told(model, pieces)
    spread = np.einsum("jp,jq->pq", pieces.scores, pieces.scores)
    vcov = spread * (count / (count - p) if kind == "CR1" else 1.0)
    df = satterthwaite(pieces) if kind == "CR2" else np.full(p, float(count - p))
    se = np.sqrt(np.diag(vcov))
    stat, half = ratios(model.beta, se), stdtrit(df, 0.5 + model.level / 2) * se
    qm, qm_df, qm_pval = _joint(model, pieces, vcov, kind)
    return Robust(
        names=model.names,
        beta=model.beta,
        se=se,
        stat=stat,
        df=df,
        pval=two_sided_ps(stat, df),
        ci_lb=model.beta - half,
        ci_ub=model.beta + half,
        vcov=vcov,
        qm=qm,
        qm_df=qm_df,
        qm_pval=qm_pval,
        kind=kind,
        clusters=count,
        level=model.level,
    )


def _pieces(model: Working, *, adjust: bool) -> Pieces:
    inverses = [np.linalg.inv(one.covariance) for one in model.clusters]
    parts = [model.x[one.rows] for one in model.clusters]
    information = [x.T @ w @ x for x, w in zip(parts, inverses, strict=True)]
    bread = np.asarray(np.linalg.inv(np.sum(information, axis=0)))
    scores, spreads, links = [], [], []
    for one, x, w in zip(model.clusters, parts, inverses, strict=True):
        weighted = w @ x @ bread @ model.back.T
        pull = _adjustment(one, x, bread) @ weighted if adjust else weighted
        scores.append(pull.T @ model.residuals[one.rows])
        spreads.append(pull.T @ one.covariance @ pull)
        links.append(x.T @ pull)
    return Pieces(np.array(scores), np.array(spreads), np.array(links), bread)


def _check_told(model: Working, pieces: Pieces) -> None:
    model_based = np.diag(model.back @ pieces.bread @ model.back.T)
    alone = expected_variances(pieces) <= _ALONE * model_based
    if alone.any():
        raise ValueError(
            f"cluster: found that one cluster alone tells {model.names[int(np.argmax(alone))]}; expected "
            "several, or there is no variation between clusters to go by"
        )


def _adjustment(one: Cluster, x: Numbers, bread: Numbers) -> Numbers:
    """Return A with A (covariance of the residuals) A' = covariance: D'(D S D')^(-1/2) D, D'D the covariance.

    Pustejovsky & Tipton 2018, eq. 11; the inverse root is Moore and Penrose's where the cluster alone tells
    a coefficient.
    """
    d = np.linalg.cholesky(one.covariance).T
    values, vectors = np.linalg.eigh(d @ (one.covariance - x @ bread @ x.T) @ d.T)
    largest = float(np.linalg.norm(one.covariance, 2)) ** 2
    kept = values > 1e-12 * largest
    root = vectors[:, kept] / np.sqrt(values[kept]) @ vectors[:, kept].T
    return np.asarray(d.T @ root @ d)


def _joint(
    model: Working, pieces: Pieces, vcov: Numbers, kind: Kind
) -> tuple[float | None, tuple[int, float | None], float | None]:
    part = list(model.tested)
    m, p = len(part), len(model.beta)
    inner = vcov[np.ix_(part, part)]
    if np.linalg.matrix_rank(inner, hermitian=True) < m:
        return None, (m, None), None
    wald = float(model.beta[part] @ np.linalg.solve(inner, model.beta[part]))
    if kind != "CR2":
        df = float(len(model.clusters) - p)
        return wald / m, (m, df), wald_p(wald / m, m, df)
    eta = joint_df(pieces, part)
    df = eta - m + 1
    if df <= 0:
        return None, (m, None), None
    qm = df / (eta * m) * wald
    return qm, (m, df), wald_p(qm, m, df)
