"""What a ratio makes of an assumed control risk (Cochrane Handbook 6.4.1.5, 15.4.4)."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers
from synthesis.conversion.inputs import aligned, between, fraction, one_of

__all__ = ["RISK_MEASURES", "RiskMeasure", "log_or_to_log_rr", "log_rr_to_log_or", "risk_change"]

RiskMeasure = Literal["OR", "RR", "RD"]
RISK_MEASURES = ("OR", "RR", "RD")


def risk_change(measure: RiskMeasure, effect: ArrayLike, control_risk: ArrayLike) -> Numbers:
    """Return by how much an effect changes a control risk, exactly 0 for no effect; shape (k,).

    A risk ratio or difference can ask for a risk above 1 or below 0: the change stops there.

    Parameters
    ----------
    measure
        ``OR``, ``RR`` or ``RD``.
    effect
        Log odds ratios, log risk ratios or risk differences, shape (k,).
    control_risk
        The risk that is assumed without treatment, between 0 and 1, shape (k,).
    """
    one_of("measure", measure, RISK_MEASURES)
    value, risk = aligned(effect=effect, control_risk=control_risk)
    fraction(control_risk=risk)
    if measure == "OR":
        # Beyond 700 the risk is 0 or 1 to the last digit, and the exponential not a number.
        more = np.expm1(np.clip(value, -700, 700))
        return np.asarray(risk * (1 - risk) * more / (1 + risk * more))
    if measure == "RR":
        return np.asarray(risk * np.expm1(np.minimum(value, -np.log(risk))))
    between(-1, 1, effect=value)
    return np.clip(value, -risk, 1 - risk)


def log_or_to_log_rr(log_or: ArrayLike, control_risk: ArrayLike) -> Numbers:
    """Return log risk ratios: RR = OR / (1 - ACR (1 - OR)) (Cochrane Handbook 15.4.4.4).

    Take interval bounds over alike; a standard error cannot be.

    Parameters
    ----------
    log_or
        Log odds ratios, or bounds of their intervals, shape (k,).
    control_risk
        Assumed control risk ACR, between 0 and 1, shape (k,).
    """
    value, risk = aligned(log_or=log_or, control_risk=control_risk)
    fraction(control_risk=risk)
    return np.asarray(value - np.logaddexp(np.log1p(-risk), np.log(risk) + value))


def log_rr_to_log_or(log_rr: ArrayLike, control_risk: ArrayLike) -> Numbers:
    """Return log odds ratios: OR = RR (1 - ACR) / (1 - RR ACR), the inverse of `log_or_to_log_rr`.

    Parameters
    ----------
    log_rr
        Log risk ratios, or bounds of their intervals, shape (k,).
    control_risk
        Assumed control risk ACR, between 0 and 1, shape (k,).

    Raises
    ------
    ValueError
        Where the risk under treatment would be 1 or more.
    """
    value, risk = aligned(log_rr=log_rr, control_risk=control_risk)
    fraction(control_risk=risk)
    treated = np.exp(value) * risk
    above = treated >= 1
    if above.any():
        place = int(np.argmax(above))
        raise ValueError(
            f"study {place + 1}: found a risk ratio of {np.exp(value[place]):g} at a control risk of "
            f"{risk[place]:g}; expected a product below 1, as no risk exceeds it"
        )
    return np.asarray(value + np.log1p(-risk) - np.log1p(-treated))
