"""From what a person reads in a report to an `Estimate` on the scale on which it is pooled."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from review.effect import NOT_STATED, AnalysisKey, ArmCounts, ArmMeans, Better, Estimate, SharedControl
from review.ids import StudyId
from review.protocol import Protocol
from review.protocol_synthesis import Outcome
from triage.arms import COUNTED, read_arms, standardised
from triage.errors import WrongError
from triage.forms import LONGEST_ID, Fields

__all__ = ["OTHER", "SuspiciousError", "doubts", "read_estimate", "read_key"]

OTHER = "other"
"""The instrument that the protocol does not list; its direction must be declared with it."""

_LOGGED = {"RR", "OR"}
_Z = NormalDist().inv_cdf(0.975)
_LARGE_EFFECT, _LARGE_SE = 3.0, 1.0


class SuspiciousError(WrongError):
    """The entry can be right but looks like a slip: it passes once the person confirms it."""


@dataclass(frozen=True, slots=True)
class _Measured:
    value: float
    se: float


def read_key(fields: Fields, protocol: Protocol) -> AnalysisKey:
    """Return the analysis key chosen among the ids that the protocol declares."""
    return AnalysisKey(
        comparison=fields.choice("comparison", [one.id for one in protocol.comparison]),
        outcome=fields.choice("outcome", [one.id for one in protocol.outcome]),
        timepoint=fields.choice("timepoint", [one.id for one in protocol.timepoint]),
        stratum=fields.choice("stratum", [one.id for one in protocol.stratum]),
    )


def read_estimate(fields: Fields, study: StudyId, key: AnalysisKey, protocol: Protocol) -> Estimate:
    """Return the result that the form describes.

    Ratios are entered as printed and kept as logarithms. Limits of a 95% interval become a standard error
    by dividing their distance by 2 x 1.96 (Cochrane Handbook, 6.3.1 and 6.3.2).

    A scale's direction is taken from the protocol. Where a stratum is measured otherwise than the outcome
    (a ratio of responders instead of points), the scale's direction says nothing: it is declared.

    Raises
    ------
    WrongError
        When something is missing or cannot be.
    SuspiciousError
        When a standard error looks like a standard deviation and nobody confirmed it.
    """
    outcome = protocol.find_outcome(key.outcome)
    measure = protocol.measure_of(key.outcome, key.stratum)
    instrument, better = _instrument(fields, outcome, own_measure=measure == outcome.measure)
    arms = read_arms(fields, measure)
    if arms and any(fields.text(name) for name in ("value", "se", "ci_lb", "ci_ub")):
        raise WrongError("Give either the value with its error or what the arms show, and not both.")
    measured = None if arms else _measured(fields, measure)
    estimate = Estimate(
        study=study,
        label=fields.text("label", LONGEST_ID) or study,
        key=key,
        measure=measure,
        better=better,
        value=measured.value if measured else None,
        se=measured.se if measured else None,
        arms=arms,
        instrument=instrument,
        shared_control=fields.choice("shared_control", SharedControl, empty=SharedControl.NONE),
        n=_participants(fields, arms),
        locator=fields.required(
            "locator", "Say where in the report it stands, for example “Table 3, page 8”.", 300
        ),
        subgroups=_subgroups(fields, protocol),
        moderators=_moderators(fields, protocol),
        values=fields.choice("values", outcome.values, empty=NOT_STATED),
        months=_months(fields),
    )
    _confirm(fields, doubts(estimate))
    return estimate


def _months(fields: Fields) -> float | None:
    months = fields.number("months")
    if months is not None and months < 0:
        raise WrongError(f"months: found {months:g}; expected a follow-up of 0 or more")
    return months


def _participants(fields: Fields, arms: ArmCounts | ArmMeans | None) -> int | None:
    stated, measured = fields.count("n"), arms.n1i + arms.n2i if arms else 0
    if stated and stated < measured:
        raise WrongError(f"n: found {stated}; expected {measured} or more, the participants of both arms")
    return stated or measured or None


def doubts(estimate: Estimate) -> tuple[str, ...]:
    """Return what looks like a slip, in sentences.

    A standard deviation entered as a standard error is the commonest error of extraction. A mean difference
    is in the scale's own points, so nothing can be said of its size.
    """
    if isinstance(estimate.arms, ArmMeans):
        return _doubts_of_means(estimate.arms)
    if estimate.value is None or estimate.se is None or estimate.measure == "MD":
        return ()
    found = []
    if abs(estimate.value) > _LARGE_EFFECT:
        found.append(f"The effect is {estimate.value:.2f}: larger than {_LARGE_EFFECT:g} is rare.")
    if estimate.se > _LARGE_SE:
        found.append(f"The standard error is {estimate.se:.2f}: is it a standard deviation?")
    return tuple(found)


def _doubts_of_means(arms: ArmMeans) -> tuple[str, ...]:
    d = standardised(arms)
    if abs(d) <= _LARGE_EFFECT:
        return ()
    sentence = (
        f"The means lie {abs(d):.1f} standard deviations apart: is a standard error entered as a standard "
        "deviation?"
    )
    return (sentence,)


def _confirm(fields: Fields, found: tuple[str, ...]) -> None:
    if found and not fields.ticked("confirmed"):
        raise SuspiciousError(
            " ".join(found) + " Look again; if it stands so in the report, confirm it below."
        )


def _instrument(fields: Fields, outcome: Outcome, *, own_measure: bool) -> tuple[str, Better]:
    listed = {one.name: one.better for one in outcome.instruments}
    if not listed and not fields.text("instrument"):
        return "not stated", outcome.better if own_measure else _declared(fields, outcome.label)
    name = fields.choice("instrument", [*listed, OTHER])
    if name in listed:
        return name, listed[name] if own_measure else _declared(fields, name)
    other = fields.required("other_instrument", "Name the instrument.", 100)
    return other, _declared(fields, other)


def _declared(fields: Fields, what: str) -> Better:
    if not fields.text("other_better"):
        raise WrongError(f"Say which way of {what} is good for the patient; it is never assumed.")
    return fields.choice("other_better", Better)


def _measured(fields: Fields, measure: str) -> _Measured:
    se = fields.number("se")
    value, low, high = (_scaled(fields.number(name), measure) for name in ("value", "ci_lb", "ci_ub"))
    if value is None:
        arms = ", or events and participants per arm" if measure in COUNTED else ", or means per arm"
        raise WrongError(f"Give the value with its standard error or its 95% interval{arms}.")
    if se is None and low is not None and high is not None:
        return _Measured(value, _se_of(low, value, high))
    if se is None or low is not None or high is not None:
        raise WrongError("Give either the standard error, or both limits of the 95% interval, and not both.")
    if not se > 0:
        raise WrongError(f"standard error: found {se:g}; expected more than 0")
    return _Measured(value, se)


def _se_of(low: float, value: float, high: float) -> float:
    if not low < value < high:
        raise WrongError(
            "95% interval: expected the lower limit below the value and the upper limit above it; "
            "check the three numbers and their signs"
        )
    return (high - low) / (2 * _Z)


def _scaled(number: float | None, measure: str) -> float | None:
    if number is None or measure not in _LOGGED:
        return number
    if number <= 0:
        raise WrongError(
            f"{measure}: found {number:g}; enter the ratio as printed, which is above 0, not its logarithm"
        )
    return math.log(number)


def _moderators(fields: Fields, protocol: Protocol) -> tuple[tuple[str, float], ...]:
    stated = ((name, fields.number(f"moderator-{name}")) for name in protocol.moderator)
    return tuple((name, value) for name, value in stated if value is not None)


def _subgroups(fields: Fields, protocol: Protocol) -> tuple[tuple[str, str], ...]:
    chosen = (
        (name, fields.choice(f"subgroup-{name}", ["", *subgroup.levels], empty=""))
        for name, subgroup in protocol.subgroup.items()
    )
    return tuple((name, level) for name, level in chosen if level)
