"""Signals that a review's conclusions may need updating: published criteria, most telling first."""

from synthesis.living.signals.all_criteria import signals
from synthesis.living.signals.evidence import (
    participants,
    prediction_interval,
    relative_change,
    significance,
)
from synthesis.living.signals.patients import certainty, minimal_important_difference, new_harm

__all__ = [
    "certainty",
    "minimal_important_difference",
    "new_harm",
    "participants",
    "prediction_interval",
    "relative_change",
    "signals",
    "significance",
]
