"""Degrees of freedom of cluster-robust tests, from how the robust variance varies under the model."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Pieces", "expected_variances", "joint_df", "satterthwaite"]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What each of J clusters gives to a sandwich, for p coefficients.

    A coefficient's robust variance is a sum of squares of z_i'y over clusters i. Under the model
    z_si' Cov(y) z_tj = [i = j] spreads_i[s, t] - links_i[:, s]' bread links_j[:, t].

    Parameters
    ----------
    scores
        z_i'y, shape (J, p).
    spreads, links
        Shape (J, p, p).
    bread
        Shape (p, p).
    """

    scores: Numbers
    spreads: Numbers
    links: Numbers
    bread: Numbers


def satterthwaite(pieces: Pieces) -> Numbers:
    """Return each coefficient's degrees of freedom, shape (p,).

    (sum_i P_ii)^2 / sum_ij P_ij^2 with P_ij = z_i' Cov(y) z_j (Pustejovsky & Tipton 2018, eq. 12).

    Parameters
    ----------
    pieces
        Of the CR2 sandwich.
    """
    p = pieces.scores.shape[1]
    expected = expected_variances(pieces)
    squares = np.array([_products(pieces, *(np.eye(p)[c],) * 4) for c in range(p)])
    # One cluster that outweighs all others leaves rounding only: J clusters have J degrees at most.
    return np.asarray(expected**2 / np.maximum(squares, expected**2 / len(pieces.scores)))


def expected_variances(pieces: Pieces) -> Numbers:
    """Return each coefficient's expected robust variance under the model, shape (p,).

    Parameters
    ----------
    pieces
        Of a sandwich.
    """
    return np.asarray(np.diag(_expected(pieces, np.eye(pieces.scores.shape[1]))))


def joint_df(pieces: Pieces, part: list[int]) -> float:
    """Return eta of the HTZ test of m coefficients: their F has m and eta - m + 1 degrees of freedom.

    eta = m (m + 1) / sum_st Var(D_st), where D is the robust covariance in units of its expectation
    (Tipton & Pustejovsky 2015, eqs. 12-15).

    Parameters
    ----------
    pieces
        Of the CR2 sandwich.
    part
        Places of the coefficients.
    """
    m = len(part)
    choose = np.eye(pieces.scores.shape[1])[part]
    values, vectors = np.linalg.eigh(_expected(pieces, choose))
    units = vectors / np.sqrt(values) @ vectors.T @ choose
    total = 0.0
    for s in units:
        for t in units:
            total += _products(pieces, s, s, t, t) + _products(pieces, s, t, t, s)
    return m * (m + 1) / max(total, m * (m + 1) / len(pieces.scores))


def _expected(pieces: Pieces, contrasts: Numbers) -> Numbers:
    """Return the expected robust covariance of contrasts (m, p), shape (m, m)."""
    spread = pieces.spreads.sum(axis=0)
    taken = np.einsum("jps,pq,jqt->st", pieces.links, pieces.bread, pieces.links, optimize=True)
    return np.asarray(contrasts @ (spread - taken) @ contrasts.T)


def _products(pieces: Pieces, a: Numbers, b: Numbers, c: Numbers, d: Numbers) -> float:
    """Return sum_ij P(a, b)_ij P(c, d)_ij, without forming a matrix of clusters by clusters."""
    ab, cd = (np.einsum("p,jpq,q->j", one, pieces.spreads, two) for one, two in ((a, b), (c, d)))
    la, lb, lc, ld = (pieces.links @ one for one in (a, b, c, d))
    m = pieces.bread
    crossed_ab, crossed_cd = (((one @ m) * two).sum(axis=1) for one, two in ((la, lb), (lc, ld)))
    both = np.trace(m @ (lb.T @ ld) @ m @ (lc.T @ la))
    return float(ab @ cd - ab @ crossed_cd - cd @ crossed_ab + both)
