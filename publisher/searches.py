"""The search log as readers check it: runs, counts, blocks, canaries and gaps."""

from dataclasses import dataclass

from publisher.snapshot import Snapshot
from publisher.sources import SourceRow, source_name, source_rows
from publisher.words import count, day
from review.merging import open_hints
from review.searching import SECOND_LOOK, RunCounts, SearchRun
from review.translations import changed_reading

__all__ = ["MOST_RUNS", "GapRow", "RunRow", "SearchLog", "search_log"]

MOST_RUNS = 26
"""Half a year of weekly runs stands on the page; all of them stand in the table of searches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run; `placed` says where every retrieved record went."""

    id: str
    source: str
    when: str
    window: str
    status: str
    retrieved: int
    placed: str
    blocks: str
    problems: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """Days that nobody searched, and whether a later run did."""

    source: str
    window: str
    reason: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLog:
    """The newest runs first, and how many older ones there are.

    Parameters
    ----------
    former_translation
        How the source read this same strategy before, where it read it otherwise.
    watched
        How many records each run must find.
    possible
        How many pairs of reports may be one document and wait for a person's word.
    """

    sources: tuple[SourceRow, ...]
    runs: tuple[RunRow, ...]
    older: int
    gaps: tuple[GapRow, ...]
    query: str
    translation: str
    former_translation: str
    watched: str
    possible: str
    strategy_text: str
    note: str


def search_log(snapshot: Snapshot) -> SearchLog:
    """Return the log of all searches up to the snapshot."""
    runs = snapshot.ledger.runs
    last = _last_query(runs)
    return SearchLog(
        sources=source_rows(snapshot),
        runs=tuple(_run(run) for run in reversed(runs[-MOST_RUNS:])),
        older=max(0, len(runs) - MOST_RUNS),
        gaps=_gaps(snapshot),
        query=last.query if last else "",
        translation=last.translation if last else "",
        former_translation=_former(runs, last) if last else "",
        watched=_watched(snapshot),
        possible=_possible(snapshot),
        strategy_text=snapshot.material.strategy_text,
        note=snapshot.material.labels.strategy_note,
    )


def _last_query(runs: tuple[SearchRun, ...]) -> SearchRun | None:
    asked = [run for run in runs if run.query and run.source != SECOND_LOOK]
    return next((run for run in reversed(asked) if run.source == "pubmed"), asked[-1] if asked else None)


def _former(runs: tuple[SearchRun, ...], last: SearchRun) -> str:
    same = (
        run.translation
        for run in reversed(runs)
        if (run.source, run.strategy_sha256) == (last.source, last.strategy_sha256)
    )
    return next((text for text in same if changed_reading(text, last.translation)), "")


def _watched(snapshot: Snapshot) -> str:
    pubmed = snapshot.protocol.search.pubmed
    if not pubmed or not pubmed.canaries:
        return ""
    return f"{count(len(pubmed.canaries), 'record')} must be found by each run, or it is suspect."


def _possible(snapshot: Snapshot) -> str:
    waiting = len(open_hints(snapshot.ledger.link_hints, snapshot.ledger.hint_answers))
    if not waiting:
        return "No suggested duplicate waits for a person."
    pairs = count(waiting, "pair")
    return f"{pairs} of reports may be one document; each is screened by itself until a person says so."


def _run(run: SearchRun) -> RunRow:
    return RunRow(
        id=str(run.id),
        source=source_name(run.source),
        when=run.ended.date().isoformat(),
        window=str(run.window),
        status=run.status.value,
        retrieved=run.counts.retrieved,
        placed=_placed(run.counts),
        blocks=", ".join(f"{one.block} {one.count:,}" for one in run.blocks),
        problems=_problems(run),
    )


def _placed(counts: RunCounts) -> str:
    parts = (
        (counts.known, "known"),
        (counts.duplicates, "duplicates"),
        (counts.queued, "queued"),
        (counts.set_aside, "set aside"),
        (counts.decided, "decided"),
    )
    return ", ".join(f"{name} {n:,}" for n, name in parts if n) or "nothing"


def _problems(run: SearchRun) -> str:
    said = [run.message] if run.message else []
    if run.canaries_missing:
        said.append(f"canaries not found: {', '.join(run.canaries_missing)}")
    if run.missing:
        said.append(f"not delivered: {', '.join(f'{name} ({why})' for name, why in run.missing)}")
    return "; ".join(said)


def _gaps(snapshot: Snapshot) -> tuple[GapRow, ...]:
    return tuple(
        GapRow(
            source=source_name(gap.source),
            window=str(gap.window),
            reason=gap.reason,
            state="open" if gap.open else f"closed {day(gap.closed_at)} by {gap.closed_by}",
            open=gap.open,
        )
        for gap in reversed(snapshot.ledger.gaps)
    )
