"""A pooled SMD told in a scale's points, where the protocol declares the scale's SD and its source."""

from review.protocol_synthesis import Outcome
from review.result import PooledNumbers
from synthesis.conversion.reexpress import smd_to_units

__all__ = ["reexpressed"]


def reexpressed(numbers: PooledNumbers, outcome: Outcome, measure: str) -> tuple[str, ...]:
    """Return the estimate and its interval in points as a sentence; nothing without an SMD and a sourced SD.

    Parameters
    ----------
    numbers
        What was pooled.
    outcome
        May declare instrument, SD and source.
    measure
        Of what was pooled: a stratum may have another than its outcome.
    """
    found = outcome.reexpress
    if found is None or measure != "SMD":
        return ()
    told = (numbers.estimate, numbers.ci_lb, numbers.ci_ub)
    points = smd_to_units(told, [numbers.se] * 3, sd=found.sd, source=found.source).yi
    sentence = (
        f"In points of the {found.instrument}: {points[0]:.1f} [{points[1]:.1f}, {points[2]:.1f}], "
        f"taking a standard deviation of {found.sd:g} ({found.source}); the sign is that of the estimate."
    )
    return (sentence,)
