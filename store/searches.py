"""Search runs: run, records, links, gaps and cursor are written together or not at all."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row as Found
from sqlalchemy import func, select

from review.ids import RecordId, ReportId, RunId
from review.link import DuplicateLink, LinkHint
from review.record import Record
from review.searching import SearchGap, SearchRun
from store.codec import load
from store.errors import ConflictingRowError, CountsError, UnknownRowError
from store.nouns import row_of
from store.pen import Pen, select_in
from store.records import link_reports, sight
from store.room import Room
from store.schema import record, search_gap, search_run

__all__ = ["Searches", "fold_gaps"]

Sightings = Sequence[tuple[Record, ReportId]]


class Searches(Room):
    """What was asked of sources."""

    def commit_search(
        self,
        run: SearchRun,
        *,
        sightings: Sightings,
        duplicates: Sequence[DuplicateLink],
        hints: Sequence[LinkHint],
        opens: Sequence[SearchGap] = (),
        closes: Sequence[SearchGap] = (),
        cursor: date | None,
    ) -> None:
        """Write a run, its records, links and gaps, and move the cursor: all or nothing.

        Parameters
        ----------
        sightings
            The records that the store does not hold, each with the report it stands for: its own, or for a
            duplicate the report that its link names.
        closes
            Gaps as they were opened, with `closed_by` and `closed_at` filled in.
        cursor
            The last day searched; None leaves the source's cursor where it is, and an earlier day than the
            cursor's does not move it back.

        Raises
        ------
        CountsError
            When the counts of the run are not those of the rows.
        ConflictingRowError
            When the run, or a record, is in the store already.
        UnknownRowError
            When a link names a report, or `closes` a gap, that is not in the store.
        """
        _check_counts(run, sightings, duplicates)
        _check_gaps(run, opens, closes)
        with self._write() as pen:
            _refuse_known(pen, run, [one.id for one, _report in sightings])
            pen.append(search_run, [row_of(run, cursor=cursor)])
            sight(pen, sightings, at=run.ended, run=run.id, title_key=self._title_key)
            link_reports(pen, duplicates, hints)
            _require_open(pen, closes)
            pen.append(search_gap, [row_of(gap) for gap in opens])
            pen.append(search_gap, [row_of(gap, at=gap.closed_at) for gap in closes])
            pen.seal(actor="service", action="searched", subject=run.id, at=run.ended)

    def next_run_id(self, source: str) -> RunId:
        """Return ``pubmed-0001``, ``pubmed-0002``, ... by the number of runs of that source."""
        statement = select(func.count()).where(search_run.c.source == source)
        with self._read() as connection:
            return RunId(f"{source}-{connection.execute(statement).scalar_one() + 1:04d}")

    def cursor(self, source: str) -> date | None:
        """Return the day up to which a source was searched; None before the first complete run."""
        statement = select(func.max(search_run.c.cursor)).where(search_run.c.source == source)
        with self._read() as connection:
            found = connection.execute(statement).scalar_one()
        return None if found is None else date.fromisoformat(found)

    def open_gaps(self, source: str | None = None) -> tuple[SearchGap, ...]:
        """Return the gaps that no run has closed, in the order in which they were opened."""
        statement = select(search_gap.c.body).order_by(search_gap.c.seq)
        if source is not None:
            statement = statement.where(search_gap.c.source == source)
        with self._read() as connection:
            gaps = [load(SearchGap, body) for body in connection.scalars(statement)]
        return tuple(gap for gap in fold_gaps(gaps) if gap.open)


def fold_gaps(rows: Sequence[SearchGap]) -> tuple[SearchGap, ...]:
    """Return each gap once, as its last row says it, in the order of opening."""
    last = {(gap.source, str(gap.window), gap.opened_by): gap for gap in rows}
    return tuple(last.values())


def _check_counts(run: SearchRun, sightings: Sightings, duplicates: Sequence[DuplicateLink]) -> None:
    standing_in = {(one.id, report) for one, report in sightings if one.id != str(report)}
    new = len(sightings) - len(standing_in)
    placed = run.counts.queued + run.counts.set_aside + run.counts.decided
    if new != placed or len(duplicates) != run.counts.duplicates:
        raise CountsError(
            f"{run.id}: found {new} new reports and {len(duplicates)} duplicates to write; expected "
            f"{placed} and {run.counts.duplicates} as the run counts them; nothing was written"
        )
    if standing_in != {(link.record, link.report) for link in duplicates}:
        raise CountsError(
            f"{run.id}: found duplicate links that do not name the {len(standing_in)} records that stand "
            "for another report; expected one link for each such record; nothing was written"
        )


def _check_gaps(run: SearchRun, opens: Sequence[SearchGap], closes: Sequence[SearchGap]) -> None:
    for gap in opens:
        if (gap.source, gap.opened_by, gap.open) != (run.source, run.id, True):
            raise ValueError(f"{run.id}: found {gap} to open; expected an open gap of this run and source")
    for gap in closes:
        if (gap.source, gap.closed_by) != (run.source, run.id) or gap.closed_at is None:
            raise ValueError(f"{run.id}: found {gap} to close; expected one closed by this run, with a time")


def _refuse_known(pen: Pen, run: SearchRun, ids: Sequence[RecordId]) -> None:
    runs = select(search_run.c.id).where(search_run.c.id == run.id)
    if pen.connection.execute(runs).first() is not None:
        raise ConflictingRowError(f"{run.id}: found this run written already; expected a new run identifier")
    known: Found[tuple[str]] | None = next(
        select_in(pen.connection, select(record.c.id), record.c.id, set(ids)), None
    )
    if known is not None or len(set(ids)) != len(ids):
        raise ConflictingRowError(
            f"{run.id}: found records that are known already or come twice ({known}); "
            "expected new ones only, each once; nothing was written"
        )


def _require_open(pen: Pen, closes: Sequence[SearchGap]) -> None:
    rows = pen.connection.scalars(select(search_gap.c.body).order_by(search_gap.c.seq))
    found = fold_gaps([load(SearchGap, body) for body in rows])
    is_open = {(gap.source, gap.window, gap.opened_by) for gap in found if gap.open}
    for gap in closes:
        if (gap.source, gap.window, gap.opened_by) not in is_open:
            raise UnknownRowError(
                f"gap: found {gap} to close; expected one that is open; nothing was written"
            )
