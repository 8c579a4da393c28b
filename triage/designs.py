"""The tag "reads like a randomised trial": beside an entry, with its reasons, and as a filter of a list.

A filter narrows what one page lists. It takes nothing out of the queue, ranks nothing and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from classifier.design import Design, Reason, design_at, trial_likelihood, why
from review.record import Record, Report

__all__ = ["Listed", "Tag", "Tagged", "Wanted", "listed", "tag_of"]


class Wanted(StrEnum):
    """Which reports a page lists."""

    ALL = "all"
    LIKELY = Design.LIKELY.value
    UNLIKELY = Design.UNLIKELY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """How much a record reads like a randomised trial (0 to 1), what that makes it, and why."""

    likelihood: float
    design: Design
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """A report with its tag."""

    report: Report
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a page lists, how many it looked at, and how many of those the filter left out."""

    rows: tuple[Tagged, ...]
    looked_at: int
    left_out: int


def listed(reports: Sequence[Report], wanted: Wanted, limit: int) -> Listed:
    """Return the first `limit` of the reports that are wanted, in their order."""
    likelihoods = trial_likelihood([report.record for report in reports])
    tagged = [
        Tagged(report=report, tag=Tag(likelihood=float(value), design=design_at(value)))
        for report, value in zip(reports, likelihoods, strict=True)
    ]
    kept = [one for one in tagged if wanted is Wanted.ALL or one.tag.design.value == wanted.value]
    return Listed(rows=tuple(kept[:limit]), looked_at=len(tagged), left_out=len(tagged) - len(kept))


def tag_of(record: Record) -> Tag:
    """Return a record's tag with its reasons, the weightiest first."""
    likelihood = float(trial_likelihood([record])[0])
    return Tag(likelihood=likelihood, design=design_at(likelihood), reasons=why(record))
