"""Whether two syntheses can be compared at all, and what besides the studies sets them apart."""

from review.result import Signal, Synthesis
from synthesis.living.impact.steps import method_name

__all__ = ["comparable", "not_computable", "other_method"]


def comparable(before: Synthesis | None, after: Synthesis) -> Synthesis | str:
    """Return the earlier synthesis where the later one can be compared with it, otherwise a clause why not.

    Parameters
    ----------
    before, after
        The last edition's synthesis, if any, and the candidate.
    """
    if before is None:
        return "there is no earlier synthesis to compare with"
    if before.measure != after.measure:
        return f"the measure changed from {before.measure} to {after.measure}"
    return before


def not_computable(name: str, why: str, source: str) -> Signal:
    """Return a signal that cannot be computed.

    Parameters
    ----------
    name, source
        The signal's.
    why
        A clause without a full stop.
    """
    return Signal(name=name, fired=None, detail=f"Not computable: {why}.", source=source)


def other_method(before: Synthesis | None, after: Synthesis) -> str:
    """Return a sentence where the method or the protocol changed as well; empty otherwise.

    Parameters
    ----------
    before, after
        The last edition's synthesis, if any, and the candidate.
    """
    if before is None:
        return ""
    then, now = method_name(before.numbers), method_name(after.numbers)
    changes = [f"{then} became {now}"] if then != now else []
    if before.protocol_version != after.protocol_version:
        changes.append(f"version {after.protocol_version} of the protocol followed {before.protocol_version}")
    return f"The method changed as well: {'; '.join(changes)}." if changes else ""
