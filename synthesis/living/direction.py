"""Which way of a number is good: the one place where a sign is turned."""

from review.effect import Better, Estimate
from review.protocol_synthesis import Outcome, SynthesisPlan

__all__ = ["RATIOS_AND_RISKS", "turn"]

RATIOS_AND_RISKS = frozenset({"RR", "OR", "RD"})
"""Measures that compare one event in two groups: their direction is that of the event, never turned."""


def turn(estimate: Estimate, outcome: Outcome, plan: SynthesisPlan) -> tuple[int, str]:
    """Return +1 or -1 for a row, and the note that a turned row leaves (empty otherwise).

    Parameters
    ----------
    estimate
        A row with its declared direction.
    outcome
        The outcome's own direction counts where the protocol pools *as measured*.
    plan
        Its `sign` says which way values are to point.
    """
    if estimate.measure in RATIOS_AND_RISKS:
        return 1, ""
    if plan.sign == "positive = benefit":
        wanted, why = Better.HIGHER, "positive means benefit in this review"
    else:
        wanted, why = outcome.better, f"{outcome.better} is better for the outcome {outcome.id}"
    if estimate.better == wanted:
        return 1, ""
    return -1, f"{estimate.label}: sign turned, because {estimate.better} is better there and {why}."
