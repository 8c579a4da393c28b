"""What the machine says, and the queue it orders. Nothing here turns a suggestion into a decision."""

from collections.abc import Collection, Sequence
from itertools import islice

from sqlalchemy import Connection, Select, bindparam, exists, func, select, update

from review.decision import Stage, Verdict
from review.ids import ModelId, ReportId, Reviewer
from review.suggestion import InForce, Model, Suggestion
from store.codec import load
from store.nouns import Row, row_of
from store.pen import Pen, select_in
from store.room import Room
from store.schema import decision, in_force, model, standing, suggestion, worklist

__all__ = ["Suggestions"]

FEW = 1_000
"""Candidates up to which each is looked up; of more, the likeliest are soon met from the top of the list."""

AT_ONCE = 200
"""Rows that are read from the top of the list at a time."""


class Suggestions(Room):
    """Models, suggestions, and who has yet to look at what."""

    def add_model(self, trained: Model) -> bool:
        """Write a model; False where one of that identifier, a digest, is there already."""
        with self._write() as pen:
            new = pen.append_new(model, [row_of(trained, id=trained.id)])
            if new:
                pen.seal(actor="classifier", action="model trained", subject=trained.id, at=trained.at)
        return bool(new)

    def add_suggestions(self, suggestions: Sequence[Suggestion]) -> int:
        """Write suggestions of models in the store; return how many were new.

        One is written per model and report; a second is left out, whatever it says.

        Raises
        ------
        UnknownRowError
            When a report is not in the store; nothing is written.
        """
        with self._write() as pen:
            new = _fresh(pen, suggestions)
            pen.require_reports(one.report for one in new)
            pen.append(suggestion, [row_of(one) for one in new])
            if new:
                _rank(pen, {one.report for one in new})
                subject = f"{len(new)} reports by {new[0].model}"
                pen.seal(actor="classifier", action="ranked", subject=subject, at=new[0].at)
        return len(new)

    def put_in_force(self, said: InForce) -> bool:
        """Let a model of the store rank the reports from now on; False where it was the last one to.

        What it said of a report counts from then on, whatever other models said since.
        """
        with self._write() as pen:
            before = _in_force(pen.connection)
            if before == said.model:
                return False
            pen.append(in_force, [row_of(said)])
            _rank(pen, _spoken_of(pen.connection, {said.model, before or said.model}))
            pen.seal(actor="classifier", action="model in force", subject=said.model, at=said.at)
        return True

    def latest_suggestions(self) -> dict[ReportId, Suggestion]:
        """Return for each report what the model in force said, or else the last suggestion written."""
        statement = select(suggestion.c.body).join(worklist, worklist.c.suggestion == suggestion.c.seq)
        with self._read() as connection:
            bodies = connection.scalars(statement.order_by(suggestion.c.seq)).all()
        return {one.report: one for one in (load(Suggestion, body) for body in bodies)}

    def suggestions(self, of: ModelId) -> tuple[Suggestion, ...]:
        """Return what one model said, the likeliest first."""
        statement = select(suggestion.c.body).where(suggestion.c.model == of).order_by(suggestion.c.seq)
        with self._read() as connection:
            found = [load(Suggestion, body) for body in connection.scalars(statement)]
        return tuple(sorted(found, key=lambda one: one.rank))

    def queue(
        self,
        reviewer: Reviewer,
        stage: Stage,
        *,
        limit: int = 50,
        required: int | None = None,
        candidates: Collection[ReportId] | None = None,
    ) -> tuple[ReportId, ...]:
        """Return reports that await this reviewer's vote, the highest latest score first, unranked last.

        Reports of one score, and those that nobody ranked, come in the order of first sight. A vote that was
        withdrawn does not stand.

        Parameters
        ----------
        required
            Leave out reports on which that many reviewers have a standing vote.
        candidates
            The reports that the rules of the review let through at this stage; all where None.
        """
        statement = select(worklist.c.report, worklist.c.score, worklist.c.seen)
        # A report that became another one waits no longer.
        itself = (standing.c.record == worklist.c.report) & (standing.c.report == worklist.c.report)
        statement = statement.join(standing, itself)
        statement = statement.where(~_voted(stage).where(decision.c.reviewer == reviewer).exists())
        if required is not None:
            voters = _voted(stage).with_only_columns(func.count()).scalar_subquery()
            statement = statement.where(voters < required)
        with self._read() as connection:
            if candidates is None or len(candidates) > FEW:
                first = statement.order_by(worklist.c.score.desc(), worklist.c.seen)
                with connection.execute(first.execution_options(yield_per=AT_ONCE)) as rows:
                    open_to = (row for row in rows if candidates is None or row.report in candidates)
                    return tuple(ReportId(row.report) for row in islice(open_to, limit))
            found = list(select_in(connection, statement, worklist.c.report, set(candidates)))
        ordered = sorted(found, key=lambda row: (-row.score, row.seen))
        return tuple(ReportId(row.report) for row in ordered[:limit])


def _voted(stage: Stage) -> Select[tuple[int]]:
    """Select the standing votes on the report of the enclosing query, one per reviewer.

    A vote on a report that became this one is a vote on this one.
    """
    later, means, meant_later = (
        decision.alias("later"),
        standing.alias("means"),
        standing.alias("meant_later"),
    )
    superseded = (
        exists()
        .where(meant_later.c.report == worklist.c.report)
        .where(later.c.report == meant_later.c.record)
        .where(later.c.stage == decision.c.stage)
        .where(later.c.reviewer == decision.c.reviewer)
        .where(later.c.seq > decision.c.seq)
        .correlate(decision, worklist)
    )
    return (
        select(decision.c.seq)
        .join(means, means.c.record == decision.c.report)
        .where(means.c.report == worklist.c.report)
        .where(decision.c.stage == stage)
        .where(decision.c.verdict != Verdict.WITHDRAWN)
        .where(~superseded)
        .correlate(worklist)
    )


def _fresh(pen: Pen, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    first = {(one.model, one.report): one for one in reversed(suggestions)}
    statement = select(suggestion.c.model, suggestion.c.report)
    reports = {one.report for one in suggestions}
    for row in select_in(pen.connection, statement, suggestion.c.report, reports):
        first.pop((ModelId(row.model), ReportId(row.report)), None)
    return [one for one in suggestions if first.get((one.model, one.report)) is one]


def _in_force(connection: Connection) -> ModelId | None:
    last = connection.scalar(select(in_force.c.model).order_by(in_force.c.seq.desc()).limit(1))
    return None if last is None else ModelId(last)


def _spoken_of(connection: Connection, models: Collection[ModelId]) -> set[str]:
    return {
        row.report for row in select_in(connection, select(suggestion.c.report), suggestion.c.model, models)
    }


def _rank(pen: Pen, reports: Collection[str]) -> None:
    """Let the worklist hold what counts of what was said of some reports, as ``review.in_force`` folds it."""
    if not reports:
        return
    present = _in_force(pen.connection)
    said = suggestion.c
    found = select_in(
        pen.connection, select(said.seq, said.report, said.score, said.model), said.report, reports
    )
    counts: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: (row.model == present, row.seq)):
        counts[row.report] = {"of": row.report, "to": row.score, "by": row.seq}
    change = update(worklist).where(worklist.c.report == bindparam("of"))
    pen.connection.execute(
        change.values(score=bindparam("to"), suggestion=bindparam("by")), list(counts.values())
    )
