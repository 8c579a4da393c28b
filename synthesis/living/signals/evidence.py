"""Signals that speak of numbers: participants, relative change, prediction interval, significance."""

from review.protocol import Protocol
from review.result import PooledNumbers, Signal, Synthesis
from synthesis.living.scale import on_log_scale
from synthesis.living.signals.comparable import comparable, not_computable

__all__ = ["participants", "prediction_interval", "relative_change", "significance"]

_GARNER = "Garner et al. 2016, BMJ 354:i3507"
_SHOJANIA = "Shojania et al. 2007, Ann Intern Med 147:224-233"
_INTHOUT = "IntHout et al. 2016, BMJ Open 6:e010247"


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
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, source)
    then, now = earlier.numbers, after.numbers
    if missing := now.k - now.participants_stated or then.k - then.participants_stated:
        studies = "1 study" if missing == 1 else f"{missing} studies"
        return not_computable(name, f"participants are not stated for {studies}", source)
    if then.participants == 0:
        return not_computable(name, "there were no participants before", source)
    grown = (now.participants - then.participants) / then.participants
    detail = f"{then.participants} participants before, {now.participants} now ({grown:+.0%})."
    threshold = protocol.signals.participants_added
    return Signal(name=name, fired=grown >= threshold, detail=detail, source=source)


def relative_change(before: Synthesis | None, after: Synthesis, protocol: Protocol) -> Signal:
    """Tell whether the estimate changed by the protocol's fraction of itself (log scale for RR and OR).

    Shojania et al. 2007: a relative change in effect magnitude of at least 50%.

    Parameters
    ----------
    before, after
        Two syntheses of one analysis.
    protocol
        Its `signals.relative_change` is the fraction.
    """
    threshold = protocol.signals.relative_change
    name = f"relative change of {threshold:.0%} or more"
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, _SHOJANIA)
    then, now = earlier.numbers.estimate, after.numbers.estimate
    if then == 0:
        return not_computable(name, "the earlier estimate is 0", _SHOJANIA)
    change = abs(now - then) / abs(then)
    scale = on_log_scale(after.measure)
    detail = f"The estimate went from {then:.3f} to {now:.3f}{scale}, by {change:.0%} of what it was."
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
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, _INTHOUT)
    then, now = _excludes_no_effect(earlier.numbers), _excludes_no_effect(after.numbers)
    if then is None or now is None:
        return not_computable(name, "too few studies for a prediction interval", _INTHOUT)
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
    earlier = comparable(before, after)
    if isinstance(earlier, str):
        return not_computable(name, earlier, _SHOJANIA)
    then, now = earlier.numbers, after.numbers
    flipped = (then.pval < 1 - then.level) != (now.pval < 1 - now.level)
    detail = f"p was {then.pval:.3g} and is {now.pval:.3g}."
    return Signal(name=name, fired=flipped, detail=detail, source=_SHOJANIA)


def _excludes_no_effect(numbers: PooledNumbers) -> bool | None:
    if numbers.pi_lb is None or numbers.pi_ub is None:
        return None
    return numbers.pi_lb > 0 or numbers.pi_ub < 0
