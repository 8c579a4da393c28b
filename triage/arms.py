"""What both arms of a trial show, as a form gives it: counts of events, or means and standard deviations."""

from review.effect import ArmCounts, ArmMeans
from triage.errors import WrongError
from triage.forms import Fields

__all__ = ["COUNTED", "read_arms", "standardised"]

COUNTED = {"RR", "OR", "RD"}
"""Measures of counts; the others are of means."""


def read_arms(fields: Fields, measure: str) -> ArmCounts | ArmMeans | None:
    """Return what the arms show; None where all fields of the measure's kind are empty.

    Raises
    ------
    WrongError
        Where some are filled in and some are not, or a number cannot be.
    """
    try:
        return _counts(fields) if measure in COUNTED else _means(fields)
    except ValueError as error:
        raise WrongError(str(error)) from None


def standardised(arms: ArmMeans) -> float:
    """Return the difference of means in pooled standard deviations, for a first look (Cohen's d)."""
    weighted = (arms.n1i - 1) * arms.sd1i**2 + (arms.n2i - 1) * arms.sd2i**2
    return float((arms.m1i - arms.m2i) / (weighted / (arms.n1i + arms.n2i - 2)) ** 0.5)


def _counts(fields: Fields) -> ArmCounts | None:
    ai, n1i, ci, n2i = (fields.count(name) for name in ("ai", "n1i", "ci", "n2i"))
    if ai is n1i is ci is n2i is None:
        return None
    if ai is None or n1i is None or ci is None or n2i is None:
        raise WrongError("Give events and participants of both arms, or leave all four empty.")
    return ArmCounts(ai=ai, n1i=n1i, ci=ci, n2i=n2i)


def _means(fields: Fields) -> ArmMeans | None:
    m1i, sd1i, m2i, sd2i = (fields.number(name) for name in ("m1i", "sd1i", "m2i", "sd2i"))
    n1i, n2i = fields.count("n1i"), fields.count("n2i")
    if m1i is sd1i is n1i is m2i is sd2i is n2i is None:
        return None
    if m1i is None or sd1i is None or n1i is None or m2i is None or sd2i is None or n2i is None:
        raise WrongError(
            "Give mean, standard deviation and participants of both arms, or leave all six empty."
        )
    return ArmMeans(m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)
