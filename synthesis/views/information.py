"""How much information a conclusion needs: the required information size, and diversity."""

import numpy as np
from scipy.special import ndtri

from synthesis.arrays import Numbers

__all__ = ["check_errors", "diversity", "required_information", "required_participants"]


def diversity(vi: Numbers, tau2: float) -> float:
    """Return D2 in percent: how much less precise the random-effects pool is (Wetterslev et al. 2009).

    D2 = 1 - v_F / v_R, the variances of the fixed-effect and of the random-effects pool.

    Parameters
    ----------
    vi
        Sampling variances, shape (k,).
    tau2
        Between-study variance.
    """
    fixed, random = (1 / vi).sum(), (1 / (vi + tau2)).sum()
    return float(100 * (1 - random / fixed)) if tau2 > 0 else 0.0


def required_information(
    difference: float, *, alpha: float = 0.05, beta: float = 0.1, side: int = 2, d2: float = 0.0
) -> float:
    """Return the information, in inverse variances of the effect, that a conclusion needs.

    (z_(1-alpha/side) + z_(1-beta))^2 / difference^2 / (1 - D2): what one trial would need, adjusted for
    diversity (Wetterslev et al. 2009, BMC Med Res Methodol 9: 86).

    Parameters
    ----------
    difference
        The smallest effect worth finding, on the scale of the effects, not 0.
    alpha, beta, side
        Errors of first and second kind, and of how many sides.
    d2
        Diversity in percent, from 0 to below 100.

    Raises
    ------
    ValueError
        For a number out of its range.
    """
    check_errors(alpha, beta, side)
    if not np.isfinite(difference) or difference == 0:
        raise ValueError(f"difference: found {difference}; expected the smallest effect worth finding, not 0")
    if not 0 <= d2 < 100:
        raise ValueError(f"d2: found {d2}; expected percent, from 0 to below 100")
    return float((ndtri(alpha / side) + ndtri(beta)) ** 2 / difference**2 / (1 - d2 / 100))


def required_participants(
    difference: float,
    variance: float,
    *,
    alpha: float = 0.05,
    beta: float = 0.1,
    side: int = 2,
    d2: float = 0.0,
) -> int:
    """Return the participants, half of them in each arm, that a conclusion needs: an even number.

    4 variance times the required information without diversity, rounded up; then the same for diversity
    (Wetterslev et al. 2008, J Clin Epidemiol 61: 64-75; 2009).

    Parameters
    ----------
    difference, alpha, beta, side, d2
        As in `required_information`.
    variance
        Of one participant's outcome: SD squared, or p (1 - p) with p the mean of both arms' risks.

    Raises
    ------
    ValueError
        For a number out of its range.
    """
    if not 0 < variance < np.inf:
        raise ValueError(f"variance: found {variance}; expected a number above 0")
    plain = _even(4 * variance * required_information(difference, alpha=alpha, beta=beta, side=side))
    required_information(difference, alpha=alpha, beta=beta, side=side, d2=d2)
    return _even(plain / (1 - d2 / 100))


def check_errors(alpha: float, beta: float, side: int) -> None:
    """Refuse errors that are no fractions or too large together, and sides other than 1 and 2.

    Parameters
    ----------
    alpha, beta, side
        As in `required_information`.

    Raises
    ------
    ValueError
        For a number out of its range.
    """
    for name, value in (("alpha", alpha), ("beta", beta)):
        if not 0 < value < 1:
            raise ValueError(f"{name}: found {value}; expected a fraction between 0 and 1, such as 0.05")
    if alpha + beta >= 1:
        raise ValueError(f"alpha and beta: found {alpha} and {beta}; expected a sum below 1")
    if side not in (1, 2):
        raise ValueError(f"side: found {side}; expected 1 or 2")


def _even(number: float) -> int:
    whole = int(np.ceil(number))
    return whole + whole % 2
