"""The certainty of the evidence behind one result, as GRADE words it."""

from enum import StrEnum

__all__ = ["Certainty"]


class Certainty(StrEnum):
    """GRADE's four levels, the best first (Balshem et al. 2011, J Clin Epidemiol 64:401-406)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"
