"""The gaps that a run opens or closes, as rows."""

from collections.abc import Iterable
from dataclasses import replace

from review.searching import SearchGap, SearchRun, Window

__all__ = ["closed", "new_gaps"]


def new_gaps(run: SearchRun, windows: Iterable[Window]) -> list[SearchGap]:
    """Return a gap for each window that a run leaves unsearched, with the run's message as the reason."""
    return [
        SearchGap(source=run.source, window=window, opened_by=run.id, reason=run.message, at=run.ended)
        for window in windows
    ]


def closed(gaps: Iterable[SearchGap], run: SearchRun) -> list[SearchGap]:
    """Return gaps as closed by a run."""
    return [replace(gap, closed_by=run.id, closed_at=run.ended) for gap in gaps]
