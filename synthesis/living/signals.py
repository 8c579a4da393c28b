"""Signals that a review's conclusions may need updating: published criteria, most telling first."""

from review.protocol import Protocol
from review.result import PooledNumbers, Signal, Synthesis

__all__ = [
    "certainty",
    "minimal_important_difference",
    "participants",
    "prediction_interval",
    "relative_change",
    "signals",
    "significance",
]

_GARNER = "Garner et al. 2016, BMJ 354:i3507"
_SHOJANIA = "Shojania et al. 2007, Ann Intern Med 147:224-233"
_INTHOUT = "IntHout et al. 2016, BMJ Open 6:e010247"
_NOTHING_BEFORE = "Not computable: there is no earlier synthesis to compare with."


def signals(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> tuple[Signal, ...]:
    """Return every signal in its order: what matters to patients first, significance last.

    Parameters
    ----------
    before
        What the last edition says; None where nothing was published, then nothing can be computed.
    after
        The candidate.
    protocol
        Declares the minimal important difference and the thresholds.
    """
    return (
        minimal_important_difference(before, after, protocol),
        certainty(),
        participants(before, after, protocol),
        relative_change(before, after, protocol),
        prediction_interval(before, after),
        significance(before, after),
    )


def minimal_important_difference(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether the estimate moved across the minimal important difference, in either direction.

    Garner et al. 2016: would the new evidence change the review's findings?

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Declares the difference on the pooled scale, or that there is none.
    """
    name, source = "minimal important difference crossed", f"{_GARNER}; the difference is the protocol's"
    mid = protocol.find_outcome(after.key.outcome).mid
    if isinstance(mid, str):
        detail = "Not computable: the protocol declares no minimal important difference."
        return Signal(name=name, fired=None, detail=detail, source=source)
    if before is None:
        return Signal(name=name, fired=None, detail=_NOTHING_BEFORE, source=source)
    then, now = _zone(before.numbers.estimate, mid), _zone(after.numbers.estimate, mid)
    detail = (
        f"The estimate was {then} ({before.numbers.estimate:.3f}) and is {now} "
        f"({after.numbers.estimate:.3f}); the difference is {abs(mid):g}."
    )
    return Signal(name=name, fired=then != now, detail=detail, source=source)


def certainty() -> Signal:
    """Tell whether the certainty of the evidence changed: not computable, as it is not recorded.

    Garner et al. 2016: would the new evidence change the review's credibility?
    """
    return Signal(
        name="certainty changed",
        fired=None,
        detail="Not computable: the certainty of the evidence is not recorded.",
        source=_GARNER,
    )


def participants(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether participants grew by the protocol's fraction; computable where all studies state them.

    Garner et al. 2016: is there much new information?

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Its `signals.participants_added` is a fraction of the earlier number.
    """
    name, source = "participants added", f"{_GARNER}; the fraction is the protocol's"
    if before is None:
        return Signal(name=name, fired=None, detail=_NOTHING_BEFORE, source=source)
    then, now = before.numbers, after.numbers
    if then.participants_stated < then.k or now.participants_stated < now.k:
        missing = now.k - now.participants_stated or then.k - then.participants_stated
        detail = f"Not computable: participants are not stated for {missing} studies."
        return Signal(name=name, fired=None, detail=detail, source=source)
    grown = (now.participants - then.participants) / then.participants
    detail = f"{then.participants} participants before, {now.participants} now ({grown:+.0%})."
    threshold = protocol.signals.participants_added
    return Signal(name=name, fired=grown >= threshold, detail=detail, source=source)


def relative_change(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether the estimate changed by the protocol's fraction of itself (log scale for RR and OR).

    Shojania et al. 2007: a relative change of at least 50%.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Its `signals.relative_change` is the fraction.
    """
    threshold = protocol.signals.relative_change
    name = f"relative change of {threshold:.0%} or more"
    if before is None:
        return Signal(name=name, fired=None, detail=_NOTHING_BEFORE, source=_SHOJANIA)
    then, now = before.numbers.estimate, after.numbers.estimate
    if then == 0:
        detail = "Not computable: the earlier estimate is 0."
        return Signal(name=name, fired=None, detail=detail, source=_SHOJANIA)
    change = abs(now - then) / abs(then)
    detail = f"The estimate went from {then:.3f} to {now:.3f}, by {change:.0%} of what it was."
    return Signal(name=name, fired=change >= threshold, detail=detail, source=_SHOJANIA)


def prediction_interval(before: Synthesis | None, after: Synthesis) -> Signal:
    """Tell whether the prediction interval newly excludes, or newly includes, no effect.

    IntHout et al. 2016: what a new setting may expect.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    """
    name = "prediction interval"
    if before is None:
        return Signal(name=name, fired=None, detail=_NOTHING_BEFORE, source=_INTHOUT)
    then, now = _excludes_no_effect(before.numbers), _excludes_no_effect(after.numbers)
    if then is None or now is None:
        detail = "Not computable: too few studies for a prediction interval."
        return Signal(name=name, fired=None, detail=detail, source=_INTHOUT)
    says = {True: "excluded", False: "included"}
    detail = f"No effect was {says[then]} before and is {says[now]} now."
    return Signal(name=name, fired=then != now, detail=detail, source=_INTHOUT)


def significance(before: Synthesis | None, after: Synthesis) -> Signal:
    """Tell whether the result turned significant or ceased to be; last, for it says least.

    Shojania et al. 2007: a change in statistical significance.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis, each at its own confidence level.
    """
    name = "statistical significance changed"
    if before is None:
        return Signal(name=name, fired=None, detail=_NOTHING_BEFORE, source=_SHOJANIA)
    then, now = before.numbers, after.numbers
    flipped = (then.pval < 1 - then.level) != (now.pval < 1 - now.level)
    detail = f"p was {then.pval:.3g} and is {now.pval:.3g}."
    return Signal(name=name, fired=flipped, detail=detail, source=_SHOJANIA)


def _zone(estimate: float, mid: float) -> str:
    if abs(estimate) < abs(mid):
        return "below it"
    return "beyond it upwards" if estimate > 0 else "beyond it downwards"


def _excludes_no_effect(numbers: PooledNumbers) -> bool | None:
    if numbers.pi_lb is None or numbers.pi_ub is None:
        return None
    return numbers.pi_lb > 0 or numbers.pi_ub < 0
