"""All signals in their order."""

from dataclasses import replace

from review.certainty import Certainty
from review.protocol import Protocol
from review.result import Signal, Synthesis
from synthesis.living.signals.comparable import other_method
from synthesis.living.signals.evidence import (
    participants,
    prediction_interval,
    relative_change,
    significance,
)
from synthesis.living.signals.patients import certainty, minimal_important_difference, new_harm

__all__ = ["signals"]


def signals(
    before: Synthesis | None,
    after: Synthesis,
    protocol: Protocol,
    *,
    certainty_before: Certainty | None = None,
    certainty_after: Certainty | None = None,
) -> tuple[Signal, ...]:
    """Return every signal in its order: what matters to patients first, significance last.

    Where the method or the protocol changed between the two, each computed signal says so: what it tells
    is then not the studies' doing alone (`synthesis.living.impact.impact` tells them apart).

    Parameters
    ----------
    before
        What the last edition says; None where nothing was published, then nothing can be compared.
    after
        The candidate.
    protocol
        Declares the minimal important difference, the harms and the thresholds.
    certainty_before, certainty_after
        GRADE's level of the last edition and of the candidate; None where it is not recorded.
    """
    found = (
        minimal_important_difference(before, after, protocol),
        certainty(certainty_before, certainty_after),
        new_harm(before, after, protocol),
        participants(before, after, protocol),
        relative_change(before, after, protocol),
        prediction_interval(before, after),
        significance(before, after),
    )
    return tuple(_with(other_method(before, after), one) for one in found)


def _with(note: str, signal: Signal) -> Signal:
    # Participants and a person's judgement do not depend on how results are pooled.
    if not note or signal.fired is None or signal.name in _WHATEVER_METHOD:
        return signal
    return replace(signal, detail=f"{signal.detail} {note}")


_WHATEVER_METHOD = {"participants added", "certainty changed"}
