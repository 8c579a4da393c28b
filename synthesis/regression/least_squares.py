"""Weighted least squares by orthogonal projection, and the traces that the estimators of tau2 need."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Projection", "project"]

_EPS = float(np.finfo(np.float64).eps)
# A residual sum of squares below this share of the whole is rounding: the fit is perfect.
_ROUNDING = (64 * _EPS) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """A weighted fit of y on the columns of x.

    With P = W - W x (x'Wx)^-1 x'W = sqrt(W) (I - uu') sqrt(W); nothing of size k x k is formed.

    Parameters
    ----------
    w
        Weights above 0, shape (k,).
    u
        Orthonormal columns that span sqrt(w) x, shape (k, p).
    r
        Upper triangle with u r = sqrt(w) x, shape (p, p).
    along
        u' sqrt(w) y, shape (p,).
    e
        Weighted residuals (I - uu') sqrt(w) y, shape (k,).
    """

    w: Numbers
    u: Numbers
    r: Numbers
    along: Numbers
    e: Numbers

    @property
    def coefficients(self) -> Numbers:
        """Return (x'Wx)^-1 x'W y, shape (p,)."""
        return np.asarray(np.linalg.solve(self.r, self.along))

    @property
    def q(self) -> float:
        """Return the weighted residual sum of squares, y'Py."""
        return float(self.e @ self.e)

    @property
    def slope(self) -> float:
        """Return y'PPy, the data's part of the likelihood's score."""
        return float(self.w @ (self.e * self.e))

    @property
    def hat(self) -> Numbers:
        """Return the diagonal of the hat matrix x (x'Wx)^-1 x'W, shape (k,)."""
        return np.asarray((self.u * self.u).sum(axis=1))

    @property
    def log_det(self) -> float:
        """Return log |x'Wx|."""
        return float(2 * np.log(np.abs(np.diag(self.r))).sum())

    def covariance(self, back: Numbers) -> Numbers:
        """Return B (x'Wx)^-1 B', shape (p, p), whose diagonal is a sum of squares: never below 0.

        Parameters
        ----------
        back
            B, shape (p, p), from the coefficients of x to others.
        """
        half = back @ np.linalg.inv(self.r)
        return np.asarray(half @ half.T)

    def trace(self, a: Numbers | float = 1.0) -> float:
        """Return tr(P A).

        Parameters
        ----------
        a
            The diagonal of A, shape (k,); the identity where not given.
        """
        return float((self.w * a * self._left).sum())

    def trace2(self, a: Numbers | float = 1.0, b: Numbers | float = 1.0) -> float:
        """Return tr(P A P B).

        Parameters
        ----------
        a, b
            Diagonals of A and B, shape (k,); the identity where not given.
        """
        wa, wb = self.w * a, self.w * b
        inner_a, inner_b = ((self.u.T * one) @ self.u for one in (wa, wb))
        whole = float((wa * wb * (1 - 2 * self.hat)).sum() + (inner_a * inner_b).sum())
        # The diagonal's part alone: no less than this, whatever wildly unequal weights cancel.
        return max(whole, float((wa * wb * self._left**2).sum()))

    @property
    def _left(self) -> Numbers:
        return np.maximum(1 - self.hat, _EPS)


def project(y: Numbers, x: Numbers, w: Numbers) -> Projection:
    """Return the weighted fit of y on the columns of x.

    Parameters
    ----------
    y
        Shape (k,).
    x
        Shape (k, p), of full rank.
    w
        Weights above 0, shape (k,).
    """
    root = np.sqrt(w)
    u, r = np.linalg.qr(root[:, None] * x)
    z = root * y
    along = u.T @ z
    e = z - u @ along
    # A second pass takes out what rounding left of x in the residuals.
    e = e - u @ (u.T @ e)
    if e @ e <= _ROUNDING * (z @ z):
        e = np.zeros_like(e)
    return Projection(w, u, r, along, e)
