"""People's word on reports and results. Ledger row, audit row and outbox row are one transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, select

from review.decision import Decision, ImportedDecision, Resolution
from review.edition import Notice
from review.effect import Effect, EffectCheck, ImportedEffect
from review.link import StudyLink
from store import schema
from store.codec import differing
from store.errors import ConflictingRowError, UnknownRowError
from store.nouns import Row, row_of, table_of
from store.pen import Pen
from store.room import Room

__all__ = ["Judgements"]


class Judgements(Room):
    """What people decided, read, checked and linked. An identical row twice is once."""

    def decide(self, decision: Decision, *, token: str | None = None) -> bool:
        """Write a vote; False where it is written already.

        Parameters
        ----------
        token
            Of the form that was sent: sent twice, it is one vote, whatever the clock says.

        Raises
        ------
        ConflictingRowError
            When the token was used for another vote.
        """
        row = row_of(decision, token=token)
        with self._write() as pen:
            if token is not None and _used(pen, token, row):
                return False
            pen.require_reports([decision.report])
            written = pen.append_new(schema.decision, [row])
            _close(
                pen,
                written,
                action="decided",
                actor=decision.reviewer,
                subject=decision.report,
                at=decision.at,
            )
        return bool(written)

    def resolve(self, resolution: Resolution) -> bool:
        """Write the end of a conflict; False where it is written already."""
        return self._say(resolution, "resolved", actor=resolution.by)

    def link_study(self, link: StudyLink) -> bool:
        """Tie a report to a study, or untie it; False where that is written already."""
        return self._say(link, link.kind.value, actor=link.by)

    def add_notice(self, notice: Notice) -> bool:
        """Write something about a known report that a person must look at; False where it is there."""
        return self._say(notice, "notice", actor="service")

    def import_decisions(self, decisions: Sequence[ImportedDecision]) -> int:
        """Write what another review decided; return how many were new."""
        with self._write() as pen:
            pen.require_reports(one.report for one in decisions)
            return _import(pen, schema.imported_decision, decisions, "decisions imported")

    def enter_effect(self, effect: Effect) -> bool:
        """Write a result that a reviewer read in a report; False where it is there already.

        Raises
        ------
        UnknownRowError
            When its report, or the result that it supersedes, is not in the store.
        """
        with self._write() as pen:
            pen.require_reports([effect.report])
            if effect.supersedes is not None:
                _reader_of(pen, effect.supersedes)
            written = pen.append_new(schema.effect, [row_of(effect)])
            _close(pen, written, action="effect entered", actor=effect.by, subject=effect.id, at=effect.at)
        return bool(written)

    def check_effect(self, check: EffectCheck) -> bool:
        """Write a second person's check; False where it is there already.

        Raises
        ------
        ValueError
            When the checker is the person who read the result.
        UnknownRowError
            When the result is not in the store.
        """
        with self._write() as pen:
            if _reader_of(pen, check.effect) == check.by:
                raise ValueError(
                    f"effect {check.effect}: found {check.by} as reader and as checker; "
                    "expected a second person"
                )
            written = pen.append_new(schema.effect_check, [row_of(check)])
            _close(pen, written, action="effect checked", actor=check.by, subject=check.effect, at=check.at)
        return bool(written)

    def import_effects(self, effects: Sequence[ImportedEffect]) -> int:
        """Write results that another meta-analysis printed; return how many were new."""
        with self._write() as pen:
            return _import(pen, schema.imported_effect, effects, "effects imported")

    def _say(self, noun: Resolution | StudyLink | Notice, action: str, *, actor: str) -> bool:
        with self._write() as pen:
            pen.require_reports([noun.report])
            written = pen.append_new(table_of(type(noun)), [row_of(noun)])
            _close(pen, written, action=action, actor=actor, subject=noun.report, at=noun.at)
        return bool(written)


def _close(pen: Pen, written: Sequence[Row], *, action: str, actor: str, subject: str, at: datetime) -> None:
    if written:
        pen.seal(actor=actor, action=action, subject=subject, at=at)
        pen.post("resynthesis", action=action, subject=subject, at=at)


def _import(
    pen: Pen, table: Table, nouns: Sequence[ImportedDecision] | Sequence[ImportedEffect], action: str
) -> int:
    written = pen.append_new(table, [row_of(noun) for noun in nouns])
    if written:
        at = max(one.at for one in nouns)
        _close(pen, written, action=action, actor="import", subject=f"{len(written)} rows", at=at)
    return len(written)


def _used(pen: Pen, token: str, row: Row) -> bool:
    statement = select(schema.decision.c.body).where(schema.decision.c.token == token)
    body = pen.connection.execute(statement).scalar_one_or_none()
    if body is None:
        return False
    if differing(Decision, row["body"], body):
        raise ConflictingRowError(
            f"decision on {row['report']}: found a form that was sent before with another vote; "
            "expected each form once; load the page again"
        )
    return True


def _reader_of(pen: Pen, effect: str) -> str:
    statement = select(schema.effect.c.reviewer).where(schema.effect.c.id == effect)
    reader = pen.connection.execute(statement).scalar_one_or_none()
    if reader is None:
        raise UnknownRowError(f"effect: found {effect!r}; expected one that was entered; nothing was written")
    return str(reader)
