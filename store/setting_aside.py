"""What is set aside and drawn for audit, what people put back, and what each cycle's look for drift found."""

from collections.abc import Collection

from sqlalchemy import func, select

from review.audit import AuditDraw, PutBack
from review.drift import Drift
from review.ids import ModelId, ReportId
from review.setting_aside import FirstSaid, Line
from review.suggestion import Suggestion
from review.wording import counted
from store import schema
from store.codec import from_text, load
from store.nouns import row_of
from store.pen import select_in
from store.room import Room

__all__ = ["SettingAside"]


class SettingAside(Room):
    """Draws for audit, words to put back, and drift. Nothing here says that anything was screened."""

    def add_draw(self, draw: AuditDraw) -> bool:
        """Write what a cycle set aside and drew; False where it is written already.

        Raises
        ------
        UnknownRowError
            When a report is not in the store; nothing is written.
        ConflictingRowError
            When the same was set aside and something else drawn from it.
        """
        with self._write() as pen:
            pen.require_reports((*draw.set_aside, *draw.drawn))
            new = pen.append_new(schema.audit_draw, [row_of(draw)])
            if new:
                subject = f"{counted(len(draw.set_aside), 'report')}, {len(draw.drawn)} drawn for audit"
                pen.seal(actor="service", action="set aside", subject=subject, at=draw.at)
        return bool(new)

    def put_back(self, word: PutBack) -> bool:
        """Write a person's word on a report that is set aside; False where it is written already.

        Raises
        ------
        UnknownRowError
            When the report is not in the store.
        """
        with self._write() as pen:
            pen.require_reports([word.report])
            new = pen.append_new(schema.put_back, [row_of(word)])
            if new:
                pen.seal(actor=word.by, action=word.word.value, subject=word.report, at=word.at)
        return bool(new)

    def add_drift(self, drift: Drift) -> bool:
        """Write what a look for drift found; False where it is written already."""
        with self._write() as pen:
            new = pen.append_new(schema.drift, [row_of(drift)])
            if new:
                subject = f"{counted(drift.new, 'new report')}: {drift.level.value}"
                pen.seal(actor="classifier", action="looked for drift", subject=subject, at=drift.at)
        return bool(new)

    def lines(self) -> dict[ReportId, Line]:
        """Return on which side of the line the suggestion of each report that counts stands."""
        said, last = schema.suggestion.c, schema.worklist.c.suggestion
        statement = select(said.report, said.model, said.flagged).join(schema.worklist, last == said.seq)
        with self._read() as connection:
            return {
                ReportId(report): Line(ModelId(model), bool(flagged))
                for report, model, flagged in connection.execute(statement.order_by(said.seq))
            }

    def latest_of(self, reports: Collection[ReportId]) -> dict[ReportId, Suggestion]:
        """Return what ``latest_suggestions`` does, of some reports; what nobody ranked is left out."""
        last = schema.worklist.c.suggestion
        statement = select(schema.suggestion.c.body).join(schema.worklist, last == schema.suggestion.c.seq)
        with self._read() as connection:
            rows = select_in(connection, statement, schema.worklist.c.report, reports)
            found = [load(Suggestion, row.body) for row in rows]
        return {one.report: one for one in found}

    def first_said(self) -> dict[ReportId, FirstSaid]:
        """Return what was said of each report when it was first ranked."""
        said = schema.suggestion.c
        first = select(func.min(said.seq)).group_by(said.report)
        rows = select(said.report, said.at, said.model, said.score, said.flagged).where(said.seq.in_(first))
        with self._read() as connection:
            return {
                ReportId(row.report): FirstSaid(
                    at=from_text(row.at),
                    model=ModelId(row.model),
                    score=float(row.score),
                    flagged=bool(row.flagged),
                )
                for row in connection.execute(rows.order_by(said.seq))
            }
