"""Signals that speak of patients: an important difference, how certain it is, a harm."""

from collections.abc import Iterator

from review.certainty import Certainty
from review.effect import Better
from review.protocol import Protocol
from review.protocol_synthesis import Outcome
from review.result import PooledNumbers, Signal, Synthesis
from synthesis.living.direction import RATIOS_AND_RISKS
from synthesis.living.scale import on_log_scale
from synthesis.living.signals.comparable import comparable, not_computable

__all__ = ["certainty", "harmful_sign", "minimal_important_difference", "new_harm"]

_GARNER = "Garner et al. 2016, BMJ 354:i3507"
_GRADE = f"{_GARNER}; levels of GRADE, Balshem et al. 2011, J Clin Epidemiol 64:401-406"
_HARM = "Shojania et al. 2007, Ann Intern Med 147:224-233 (new information about harm)"


def minimal_important_difference(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether the estimate moved across the minimal important difference, in either direction.

    Garner et al. 2016: would the new evidence change the review's findings?

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Declares the difference on the outcome's own scale, or that there is none.
    """
    name, source = "minimal important difference crossed", f"{_GARNER}; the difference is the protocol's"
    mid = protocol.mid_of(after.key.outcome, after.key.stratum)
    if isinstance(mid, str):
        return not_computable(name, "the protocol declares no minimal important difference", source)
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, source)
    then, now = _zone(earlier.numbers.estimate, mid), _zone(after.numbers.estimate, mid)
    detail = (
        f"The estimate was {then} ({earlier.numbers.estimate:.3f}) and is {now} "
        f"({after.numbers.estimate:.3f}); the difference is {abs(mid):g}{on_log_scale(after.measure)}."
    )
    return Signal(name=name, fired=then != now, detail=detail, source=source)


def certainty(before: Certainty | None, after: Certainty | None) -> Signal:
    """Tell whether the certainty of the evidence changed; computable once people record it for both.

    Garner et al. 2016: would the new evidence change the review's credibility?

    Parameters
    ----------
    before, after
        GRADE's level in the last edition and of the candidate; None where it is not recorded.
    """
    name = "certainty changed"
    if before is None and after is None:
        return not_computable(name, "the certainty of the evidence is not recorded", _GRADE)
    if before is None or after is None:
        which = "the last edition" if before is None else "the candidate"
        return not_computable(name, f"the certainty of {which} is not recorded", _GRADE)
    detail = f"The certainty was {before} and is {after}."
    return Signal(name=name, fired=before is not after, detail=detail, source=_GRADE)


def new_harm(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether a harm shows that did not show before; computable for outcomes marked as harms.

    It fires where a harm has results for the first time; where the confidence interval excludes no effect on
    the harmful side and did not before; and where the estimate came to lie beyond the minimal important
    difference on that side, if one is declared. Shojania et al. 2007 name new information about harm among
    the qualitative signals; that these three are such information is this review's reading.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Marks the outcome as a harm, or does not.
    """
    name, outcome = "new harm", protocol.find_outcome(after.key.outcome)
    if not outcome.harm:
        return not_computable(name, _no_harm(protocol), _HARM)
    if after.measure != outcome.measure:
        why = f"the harmful side is declared for {outcome.measure}, not for {after.measure}"
        return not_computable(name, why, _HARM)
    sign = harmful_sign(outcome, after.measure, protocol.synthesis.sign)
    now = tuple(_harms(after.numbers, outcome, sign))
    interval = f"[{after.numbers.ci_lb:.3f}, {after.numbers.ci_ub:.3f}]"
    shown = f"{after.numbers.estimate:.3f} {interval}{on_log_scale(after.measure)}"
    if before is None:
        said = "; ".join(now) or "no harm shows"
        detail = f"This harm has results for the first time: {shown}; {said}."
        return Signal(name=name, fired=True, detail=detail, source=_HARM)
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, _HARM)
    then = set(_harms(earlier.numbers, outcome, sign))
    new = [one for one in now if one not in then]
    said = "; ".join(f"{one}, as it did not before" for one in new) or "no harm shows that did not before"
    return Signal(name=name, fired=bool(new), detail=f"{shown}: {said}.", source=_HARM)


def harmful_sign(outcome: Outcome, measure: str, sign: str) -> int:
    """Return +1 where larger pooled values are worse for patients, -1 where smaller ones are.

    Parameters
    ----------
    outcome
        Declares which way is better.
    measure
        Ratios and risk differences are never turned.
    sign
        The protocol's sign of pooled differences.
    """
    if sign == "positive = benefit" and measure not in RATIOS_AND_RISKS:
        return -1
    return 1 if outcome.better is Better.LOWER else -1


def _no_harm(protocol: Protocol) -> str:
    if any(one.harm for one in protocol.outcome):
        return "the protocol does not mark this outcome as a harm"
    return "the protocol marks no outcome as a harm"


def _harms(numbers: PooledNumbers, outcome: Outcome, sign: int) -> Iterator[str]:
    if (numbers.ci_lb if sign > 0 else -numbers.ci_ub) > 0:
        yield "the confidence interval excludes no effect on the harmful side"
    if not isinstance(outcome.mid, str) and sign * numbers.estimate >= abs(outcome.mid):
        yield f"the estimate lies beyond the minimal important difference of {abs(outcome.mid):g}"


def _zone(estimate: float, mid: float) -> str:
    if abs(estimate) < abs(mid):
        return "below it"
    return "beyond it upwards" if estimate > 0 else "beyond it downwards"
