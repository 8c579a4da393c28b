"""Which of a study's results is taken: instrument, follow-up and kind of value, in the protocol's order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from review.effect import NOT_STATED, AnalysisKey, Estimate
from review.protocol import Protocol
from review.protocol_limits import CHOICE
from review.protocol_synthesis import Outcome, TimePoint

__all__ = ["Choice", "choose"]

_Rank = Callable[[Estimate], tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The results that are taken, and a sentence for each that is not, and for each doubt."""

    estimates: tuple[Estimate, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule: the lower a result ranks the sooner it is taken; `of` tells what it goes by."""

    name: str
    rank: _Rank
    of: Callable[[Estimate], str]


def choose(estimates: Sequence[Estimate], key: AnalysisKey, protocol: Protocol) -> Choice:
    """Return the results of one analysis key that the protocol takes, in the order given.

    Of one study the first listed instrument is taken, then the follow-up that the time point asks for, then
    the first listed kind of value. What still stands side by side are arms of one trial. The rules are tried
    in this order and fixed before results are seen (Cochrane Handbook, 5.4.1 and 9.3.3).

    Parameters
    ----------
    estimates
        Results of one key, each study's side by side.
    key
        The analysis.
    protocol
        Its outcome lists instruments and kinds of values; its time point has the window and the choice.

    Raises
    ------
    ValueError
        Where a study gives two instruments of which the protocol lists neither: which one counts must not
        be decided after seeing them.
    """
    outcome = protocol.find_outcome(key.outcome)
    point = next((one for one in protocol.timepoint if one.id == key.timepoint), None)
    inside = [one for one in estimates if point is None or _inside(one, point)]
    notes = [_outside(one, point) for one in estimates if point and not _inside(one, point)]
    taken: list[Estimate] = []
    for study, rows in groupby(inside, key=lambda one: one.study):
        kept, said = _of_study(list(rows), _rules(outcome, point))
        _check_instruments(study, kept, outcome)
        taken += kept
        notes += said
    return Choice(estimates=tuple(taken), notes=(*notes, *_mixed(taken)))


def _rules(outcome: Outcome, point: TimePoint | None) -> tuple[_Rule, ...]:
    instruments = [one.name for one in outcome.instruments]
    return (
        _Rule("instrument", lambda one: _place(one.instrument, instruments), lambda one: one.instrument),
        _Rule("follow-up", _follow_up(point), lambda one: _months(one.months)),
        _Rule("kind of value", lambda one: _place(one.values, outcome.values), lambda one: one.values),
    )


def _of_study(rows: list[Estimate], rules: Sequence[_Rule]) -> tuple[list[Estimate], list[str]]:
    notes = []
    for rule in rules:
        best = min(rule.rank(one) for one in rows)
        kept = [one for one in rows if rule.rank(one) == best]
        notes += [_not_taken(one, rule, kept[0]) for one in rows if one not in kept]
        rows = kept
    return rows, notes


def _place(name: str, ordered: Sequence[str]) -> tuple[float, ...]:
    if name in ordered:
        return (ordered.index(name),)
    return (len(ordered) + (1 if name == NOT_STATED else 0),)


def _follow_up(point: TimePoint | None) -> _Rank:
    asked = CHOICE.match(point.choose) if point else None
    if asked is None:
        return lambda _: (0.0,)
    if asked["months"]:
        return lambda one: _LAST if one.months is None else _apart(one.months, int(asked["months"]))
    sign = -1 if asked["which"].lower() == "longest" else 1
    return lambda one: _LAST if one.months is None else (sign * one.months,)


_LAST = (float("inf"),)


def _apart(months: float, asked: int) -> tuple[float, ...]:
    # Of two equally close the longer one: kept side by side, the same people would count twice.
    return abs(months - asked), -months


def _inside(one: Estimate, point: TimePoint) -> bool:
    if point.window_months is None or one.months is None:
        return True
    first, last = point.window_months
    return first <= one.months <= last


def _outside(one: Estimate, point: TimePoint) -> str:
    first, last = point.window_months or (0, 0)
    return (
        f"{one.label}: measured at {_months(one.months)}, outside the {first} to {last} months of "
        f"{point.label}; not pooled."
    )


def _not_taken(one: Estimate, rule: _Rule, taken: Estimate) -> str:
    return (
        f"{one.label}: not pooled; by the protocol's order of {rule.name}, {rule.of(taken)} ({taken.label}) "
        f"is taken before {rule.of(one)}."
    )


def _months(months: float | None) -> str:
    return "a time that is not stated" if months is None else f"{months:g} months"


def _check_instruments(study: str, kept: Sequence[Estimate], outcome: Outcome) -> None:
    listed = {one.name for one in outcome.instruments}
    unlisted = sorted({one.instrument for one in kept} - listed - {NOT_STATED})
    if len(unlisted) > 1:
        raise ValueError(
            f"{study}: found results by {' and '.join(unlisted)}, none of which the protocol lists for "
            f"{outcome.id}; expected one instrument (add them to outcome.{outcome.id}.instruments, in order)"
        )


def _mixed(taken: Sequence[Estimate]) -> tuple[str, ...]:
    """Warn where a standardised difference mixes final values and changes (Cochrane Handbook, 10.5.2)."""
    kinds = {
        kind: sorted({one.study for one in taken if one.measure == "SMD" and one.values.startswith(kind)})
        for kind in ("final", "change")
    }
    if not all(kinds.values()):
        return ()
    warning = (
        f"Final values ({len(kinds['final'])} studies) and changes from baseline "
        f"({', '.join(kinds['change'])}) are standardised by different standard deviations: "
        "the pooled SMD mixes them."
    )
    return (warning,)
