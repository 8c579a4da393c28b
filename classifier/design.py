"""Does it read like a report of a randomised trial? A tag beside the ranking that hides and ranks nothing.

Two steps: `text_likelihood` reads title and abstract, `trial_likelihood` adds what indexers and registers
say of the record. What the weights were learned from, and how far they can be trusted, stands in
docs/reference/design-tag.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.design_metadata import said_elsewhere
from classifier.design_rules import START, Rule, rules, spoken
from review.record import Record

__all__ = [
    "BALANCED",
    "MOST",
    "SENSITIVE",
    "Design",
    "OperatingPoint",
    "Reason",
    "design_at",
    "text_likelihood",
    "trial_likelihood",
    "why",
]

MOST = 6.0
"""What all that speaks for a trial can be worth, in logits: the tenth such phrase adds less than the first.

Without it, the protocol of a trial, which says everything that a report says, outweighed any warning.
"""


class Design(StrEnum):
    """What a record's likelihood makes of it; a tag to look at and to filter by, never a decision."""

    LIKELY = "likely"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A likelihood from which a record counts as likely a trial, and what was measured there.

    Parameters
    ----------
    threshold
        Records at or above it are likely trials.
    sensitivity, specificity
        Of the text alone, on the sample of `measured_on`.
    """

    threshold: float
    sensitivity: float
    specificity: float
    measured_on: str


_READ = "185 records of drug reviews and trials, 92 trials, labelled once, unchecked: no gold standard"
SENSITIVE = OperatingPoint(0.15, 1.0, 0.667, _READ)
BALANCED = OperatingPoint(0.5, 0.978, 0.957, _READ)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that spoke for a trial (positive) or against it, in logits, and the words that said so.

    `words` are as they were read: lower case, without punctuation, in American spelling where the two differ;
    empty where the reason is no phrase.
    """

    rule: str
    words: str
    weight: float


def text_likelihood(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return how much title and abstract read like a report of a randomised trial, shape (n,), in (0, 1).

    A likelihood of 0.5 stands for even odds where one record in five is a trial. No publication type,
    registration field or heading is read. Where a source serves an index of words instead of the abstract,
    its words are read; without either, the title alone, which tells much less.
    """
    return _squashed([_of_text(_weights(record)) for record in records])


def trial_likelihood(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return `text_likelihood`, corrected by what indexers and registers say of each record, shape (n,).

    Publication types and headings arrive weeks or months after the citation, so that most new records are
    judged on their text. The order of precedence is that of `classifier.design_metadata.said_elsewhere`.
    """
    return _squashed([said_elsewhere(record, _of_text(_weights(record))).logit for record in records])


def design_at(likelihood: float) -> Design:
    """Return the tag of a likelihood, at the sensitive operating point: what is unclear counts as likely."""
    return Design.LIKELY if likelihood >= SENSITIVE.threshold else Design.UNLIKELY


def why(record: Record) -> tuple[Reason, ...]:
    """Return what made `trial_likelihood` of a record, the weightiest first; the logits add up to it.

    Where much speaks for a trial its weights are scaled down together, so that their sum keeps below `MOST`.
    """
    known = rules()
    told = spoken(record)
    scale = _scale(sum(known[one.rule].weight for one in told if known[one.rule].speaks_for))
    reasons = [Reason(known[one.rule].name, one.quote, _scaled(known[one.rule], scale)) for one in told]
    reasons.append(Reason(START, "", _start()))
    said = said_elsewhere(record, sum(reason.weight for reason in reasons))
    reasons += [Reason(rule, "", weight) for rule, weight in said.reasons]
    return tuple(sorted((one for one in reasons if one.weight), key=lambda one: -abs(one.weight)))


def _scaled(rule: Rule, scale: float) -> float:
    return rule.weight * scale if rule.speaks_for else rule.weight


def _weights(record: Record) -> list[float]:
    weights = _all_weights()
    return [weights[one.rule] for one in spoken(record)]


def _of_text(weights: Sequence[float]) -> float:
    speaks_for = sum(weight for weight in weights if weight > 0)
    against = sum(weight for weight in weights if weight < 0)
    return _start() + speaks_for * _scale(speaks_for) + against


def _scale(speaks_for: float) -> float:
    """Return what each weight is multiplied by, so that their sum s becomes MOST * (1 - exp(-s / MOST))."""
    return float(-np.expm1(-speaks_for / MOST) * MOST / speaks_for) if speaks_for else 1.0


@cache
def _all_weights() -> tuple[float, ...]:
    return tuple(rule.weight for rule in rules())


def _start() -> float:
    return next(rule.weight for rule in rules() if rule.name == START)


def _squashed(logits: Sequence[float]) -> NDArray[np.float64]:
    likelihoods: NDArray[np.float64] = 1 / (1 + np.exp(-np.array(logits, dtype=float)))
    return likelihoods
