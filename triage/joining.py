"""Saying that two reports are one document or two, and taking that word back: each is one more row."""

from collections.abc import Sequence
from enum import StrEnum

from review.ids import RecordId, ReportId
from review.link import DuplicateLink, HintAnswer, HintWord
from review.merging import joins, ordered_pair
from triage.desk import Seat, Snapshot
from triage.errors import NotFoundError, StaleError, WrongError
from triage.pairs import PairTokens, set_apart_token
from triage.worklists import possible_duplicates

__all__ = ["Word", "answer", "join_ticked", "set_apart"]

_STALE = "Somebody joined or set apart one of these reports in the meantime. Nothing was changed; look again."


class Word(StrEnum):
    """What a person may say of two reports."""

    ONE = "one document"
    TWO = "two documents"
    ASK = "ask again"


def answer(seat: Seat, one: ReportId, other: ReportId, word: Word, token: str) -> bool:
    """Write a person's word on two reports; False where it stands already.

    Raises
    ------
    NotFoundError
        When a report was never sighted.
    StaleError
        When the page was made before the reports changed, or before an answer.
    WrongError
        When a report is compared with itself.
    """
    if one == other:
        raise WrongError("These are not two reports. Name another one.")
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        ends = snapshot.present(one), snapshot.present(other)
        if _stands(snapshot, *ends, word):
            return False
        for end in (one, other):
            snapshot.settlement(end)
        if token != PairTokens(seat.desk, snapshot).of(one, other):
            raise StaleError(_STALE)
        if word is Word.ONE:
            return _join(seat, snapshot, [(one, other)], "a person's word") > 0
        said = HintWord.TWO_DOCUMENTS if word is Word.TWO else HintWord.WITHDRAWN
        return seat.desk.store.answer_hint(
            HintAnswer(report=one, other=other, word=said, by=seat.account.name, at=seat.desk.clock())
        )


def join_ticked(seat: Seat, tokens: Sequence[str]) -> int:
    """Write that each of the ticked guesses is true, all or nothing; return how many reports became another.

    Raises
    ------
    StaleError
        When one of them is no open guess any more, or its reports changed since the page was made.
    WrongError
        When none is ticked.
    """
    if not tokens:
        raise WrongError("Tick the pairs that are one document first.")
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        pair_tokens = PairTokens(seat.desk, snapshot)
        offered = {
            pair_tokens.of(hint.report, hint.other): (hint.report, hint.other)
            for hint in possible_duplicates(snapshot.ledger)
        }
        if not offered.keys() >= set(tokens):
            raise StaleError(_STALE)
        return _join(seat, snapshot, [offered[one] for one in tokens], "a person's word, several at once")


def set_apart(seat: Seat, report: ReportId, token: str) -> bool:
    """Make the record of that name a report of its own again; False where it is one.

    Raises
    ------
    NotFoundError
        When no record of that name was ever sighted.
    StaleError
        When the page was made before the record was linked anew.
    """
    with seat.desk.writing:
        snapshot = seat.desk.snapshot()
        record = RecordId(report)
        if report not in snapshot.means:
            raise NotFoundError(f"There is no record {report!r} in this review.")
        if snapshot.present(report) == report:
            return False
        if token != set_apart_token(seat.desk.secret_key, snapshot, record):
            raise StaleError(_STALE)
        return seat.desk.store.link_duplicates([_link(seat, record, report, "set apart")]) > 0


def _stands(snapshot: Snapshot, one: ReportId, other: ReportId, word: Word) -> bool:
    if word is Word.ONE:
        return one == other
    said = [
        answer.word
        for answer in snapshot.ledger.hint_answers
        if ordered_pair(answer.report, answer.other) == ordered_pair(one, other)
    ]
    two = bool(said) and said[-1] is HintWord.TWO_DOCUMENTS
    return two is (word is Word.TWO)


def _join(seat: Seat, snapshot: Snapshot, pairs: Sequence[tuple[ReportId, ReportId]], rule: str) -> int:
    links = [
        _link(seat, RecordId(report), into, rule) for report, into in joins(pairs, list(snapshot.settlements))
    ]
    return seat.desk.store.link_duplicates(links)


def _link(seat: Seat, record: RecordId, report: ReportId, rule: str) -> DuplicateLink:
    return DuplicateLink(record=record, report=report, rule=rule, at=seat.desk.clock(), by=seat.account.name)
