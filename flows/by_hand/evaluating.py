"""How well the ranking did on the review's own history, and would do: what `living-review evaluate` tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from classifier.evaluation.history import look_back
from classifier.evaluation.judged import Judged, judge
from classifier.grade import Grade
from classifier.training import TrainingSetError
from flows.by_hand.evaluating_years import Years, by_years
from flows.errors import Refused
from flows.steps.labels import graded
from flows.steps.ranking import evaluate_model
from review.ids import ReportId
from review.protocol import Protocol
from review.screening import settle
from review.suggestion import Model, Suggestion
from store.store import Store

__all__ = ["ALL", "CROSS_VALIDATED", "HISTORY", "PROTOCOLS", "TIME_SPLIT", "Evaluation", "Past", "evaluate"]

HISTORY, TIME_SPLIT, CROSS_VALIDATED, ALL = "history", "time-split", "cross-validated", "all"
PROTOCOLS = (HISTORY, TIME_SPLIT, CROSS_VALIDATED, ALL)

Advance = Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the stored models said before anybody decided, beside what was decided.

    Parameters
    ----------
    models
        How many models were ever stored.
    judged
        None where no report was ranked before it was decided.
    too_late, never_ranked
        As `classifier.evaluation.history.History`.
    """

    models: int
    judged: Judged | None
    too_late: int
    never_ranked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The answer, by the protocols that were asked for; None for those that were not, or cannot be told.

    Parameters
    ----------
    names
        What people call the included reports that were ranked: their study, or their title.
    cannot_say
        Why a protocol that was asked for has no answer.
    """

    review: str
    protocols: tuple[str, ...]
    history: Past | None
    time_split: Years | None
    cross_validated: Model | None
    names: dict[ReportId, str]
    cannot_say: tuple[str, ...]
    sentence: str


def evaluate(
    protocol: Protocol,
    store: Store,
    now: datetime,
    which: str = ALL,
    *,
    advance: Advance = lambda _done, _what: None,
) -> Evaluation:
    """Evaluate the ranking; nothing is written.

    Parameters
    ----------
    which
        One of `PROTOCOLS`.
    advance
        Told what is at work.

    Raises
    ------
    Refused
        When the protocol is unknown, nothing was ever included, or the one protocol that was asked for has
        nothing to go by.
    TrainingSetError
        When the one that was asked for cannot be trained.
    """
    if which not in PROTOCOLS:
        raise Refused(f"protocol: found {which!r}; expected one of {', '.join(PROTOCOLS)}; name one of them")
    settlements = settle(store.ledger(), protocol)
    if Grade.INCLUDED not in graded(settlements).values():
        raise Refused("evaluate: found no included report; expected at least one; decide on some first")
    asked = PROTOCOLS[:-1] if which == ALL else (which,)
    past = _past(protocol, store, advance) if HISTORY in asked else None
    if which == HISTORY and past and past.judged is None:
        raise Refused(f"evaluate: {_nothing_ranked(past)}; expected some; run 'living-review run' first")
    years = by_years(protocol, store, advance=advance) if TIME_SPLIT in asked else None
    model, why_not = None, ""
    if CROSS_VALIDATED in asked:
        advance(0, "training on everything decided")
        model, why_not = _model(protocol, store, now, alone=which == CROSS_VALIDATED)
    return Evaluation(
        review=protocol.id,
        protocols=asked,
        history=past,
        time_split=years,
        cross_validated=model,
        names=_names(protocol, store, past, years),
        cannot_say=tuple(_cannot_say(past, years, why_not)),
        sentence=_sentence(past, years, model),
    )


def _past(protocol: Protocol, store: Store, advance: Advance) -> Past:
    ledger = store.ledger()
    suggestions = _suggestions(store, advance)
    found = look_back(suggestions, ledger, settle(ledger, protocol))
    judged = judge(found.ranked, seed=protocol.classifier.seed) if found.ranked else None
    return Past(
        models=len(ledger.models), judged=judged, too_late=found.too_late, never_ranked=found.never_ranked
    )


def _suggestions(store: Store, advance: Advance) -> Iterator[Suggestion]:
    for number, model in enumerate(store.ledger().models):
        advance(number, f"reading what model {model.id} said")
        yield from store.suggestions(model.id)


def _model(protocol: Protocol, store: Store, now: datetime, *, alone: bool) -> tuple[Model | None, str]:
    try:
        return evaluate_model(protocol, store, now), ""
    except TrainingSetError as problem:
        if alone:
            raise
        return None, str(problem)


def _names(protocol: Protocol, store: Store, past: Past | None, years: Years | None) -> dict[ReportId, str]:
    judged = (past.judged if past else None, years.pooled if years else None)
    wanted = {one.report for found in judged if found for one in found.places}
    settlements = settle(store.ledger(), protocol)
    reports = store.reports(wanted)
    return {one: settlements[one].study or reports[one].record.title for one in sorted(wanted)}


def _cannot_say(past: Past | None, years: Years | None, why_not: str) -> Iterator[str]:
    if past and past.judged is None:
        yield f"{HISTORY}: cannot say: {_nothing_ranked(past)}"
    if years and years.pooled is None:
        yield f"{TIME_SPLIT}: {years.sentence}"
    if why_not:
        yield f"{CROSS_VALIDATED}: cannot say: {why_not}"


def _nothing_ranked(past: Past) -> str:
    late = f" ({past.too_late} were ranked only afterwards)" if past.too_late else ""
    return f"found no report that was ranked before somebody decided on it{late}"


def _sentence(past: Past | None, years: Years | None, model: Model | None) -> str:
    """Return the conclusion: what happened weighs more than what would have, and that more than folds."""
    if past and past.judged:
        return past.judged.sentence
    if years and years.pooled:
        return years.sentence
    if model and model.metrics:
        return "Only cross-validation has an answer: of records like those decided on, not of later years."
    return "Cannot say how well the ranking does: too little was ranked or decided."
