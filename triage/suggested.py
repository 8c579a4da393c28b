"""What the ranking said of a report, which model said it, and where in the text its terms stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from classifier.text import words
from review.decision import Stage
from review.in_force import model_in_force
from review.record import Record, Report
from review.suggestion import Model, Suggestion, TermWeight
from triage.access import can_vote
from triage.desk import Seat, Snapshot
from triage.highlight import Kind, Place

__all__ = ["BETWEEN_WORDS", "Suggested", "index_places", "reason_places", "suggested", "suggestion_json"]

BETWEEN_WORDS = " · "
"""What stands between the words of an index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A suggestion that this person may see.

    Parameters
    ----------
    said
        The spans of its terms are those that still fit the text shown: a report may have got a fuller record.
    model
        The model that said it.
    in_force
        The model in force, where it is another one; it has not ranked this report.
    """

    said: Suggestion
    model: Model | None
    in_force: Model | None

    @property
    def upward(self) -> tuple[TermWeight, ...]:
        """Terms that moved the score towards inclusion."""
        return tuple(one for one in self.said.terms if one.weight > 0)

    @property
    def downward(self) -> tuple[TermWeight, ...]:
        """Terms that moved the score away from inclusion."""
        return tuple(one for one in self.said.terms if one.weight < 0)


def suggested(seat: Seat, snapshot: Snapshot, report: Report, voting: Stage | None) -> Suggested | None:
    """Return the latest suggestion; None where there is none, or the protocol hides it until the vote.

    Parameters
    ----------
    voting
        The stage at which this person is asked for a vote.
    """
    hides = seat.desk.protocol.classifier.hide_score_until_voted
    if hides and voting is not None and can_vote(seat.account):
        return None
    said = seat.desk.store.latest_of([report.id]).get(report.id)
    if said is None:
        return None
    models = snapshot.ledger.models
    present = model_in_force(snapshot.ledger)
    return Suggested(
        said=replace(said, terms=tuple(_fitting(term, report.record) for term in said.terms)),
        model=next((one for one in models if one.id == said.model), None),
        in_force=present if present and present.id != said.model else None,
    )


def reason_places(terms: Sequence[TermWeight], field: Literal["title", "abstract"]) -> Iterator[Place]:
    """Yield where the terms of a suggestion stand in a field."""
    for term in terms:
        for span in term.spans:
            if span.field == field:
                yield Place(span.start, span.end, _kind(term), term.weight)


def index_places(index: Sequence[str], terms: Sequence[TermWeight]) -> Iterator[Place]:
    """Yield where the terms of one word stand in an index joined by `BETWEEN_WORDS`."""
    known = {one.term: one for one in terms}
    starts = accumulate((len(word) + len(BETWEEN_WORDS) for word in index), initial=0)
    for start, word in zip(starts, index, strict=False):
        if term := known.get(word.casefold()):
            yield Place(start, start + len(word), _kind(term), term.weight)


def suggestion_json(one: Suggested | None) -> dict[str, object] | None:
    """Return a suggestion as programs read it; None where there is none to see."""
    if one is None:
        return None
    said, model = one.said, one.model
    return {
        "score": said.score,
        "triage": said.triage,
        "probability": said.probability,
        "trial_likelihood": said.trial_likelihood,
        "rank": said.rank,
        "of": said.of,
        "flagged": said.flagged,
        "at": said.at,
        "terms": [_term_json(term) for term in said.terms],
        "nearest_included": said.nearest_included,
        "nearest_excluded": said.nearest_excluded,
        "model": said.model,
        "training_digest": model.training_digest if model else None,
        "threshold": model.threshold if model else None,
        "threshold_version": model.threshold_version if model else None,
        "by_newest_model": one.in_force is None,
    }


def _term_json(term: TermWeight) -> dict[str, object]:
    spans = [{"field": one.field, "start": one.start, "end": one.end} for one in term.spans]
    return {"term": term.term, "weight": term.weight, "spans": spans}


def _kind(term: TermWeight) -> Kind:
    return Kind.UP if term.weight > 0 else Kind.DOWN


def _fitting(term: TermWeight, record: Record) -> TermWeight:
    texts = {"title": record.title, "abstract": record.abstract}
    wanted = term.term.split()
    fit = (one for one in term.spans if words(texts[one.field][one.start : one.end]) == wanted)
    return replace(term, spans=tuple(fit))
