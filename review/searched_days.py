"""Which days of a source are searched: one fold over its runs, for next windows, gaps and pages alike."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from review.searching import RunStatus, SearchRun, Window

__all__ = ["data_through", "searched_through", "unsearched"]

_DAY = timedelta(days=1)
_BUILD = re.compile(r"Build-(\d{4})\.(\d\d)\.(\d\d)\b.*")
"""PubMed's DbBuild, as in ``Build-2025.11.27.06.33``."""


def searched_through(
    runs: Iterable[SearchRun], source: str, *, strategy: str, since: date, today: date
) -> date | None:
    """Return the last day of the unbroken stretch from `since` that a strategy searched completely.

    Neither `today` nor a day to come is ever searched: they are not over. The same holds of the day on which
    a run asked, whatever window it asked for. A run that began after a later one began had a clock that ran
    ahead; it counts no further than that one, nor than PubMed's own version (DbBuild) which answered it.

    Parameters
    ----------
    runs
        In the order of writing; those of other sources are passed over.
    strategy
        SHA-256 of what is asked. Days that only another question searched are not searched.

    Returns
    -------
    date or None
        None where `since` itself is not searched.
    """
    reached = since - _DAY
    for window in sorted(_finished(runs, source, strategy, today), key=lambda one: one.start):
        if window.start <= reached + _DAY:
            reached = max(reached, window.end)
    return reached if reached >= since else None


def data_through(runs: Iterable[SearchRun], source: str) -> date | None:
    """Return the last day that was over in the version of a source that answered last; None without one."""
    last = next((run for run in reversed([*runs]) if run.source == source and run.build), None)
    built = _built(last) if last else None
    return built - _DAY if built else None


def unsearched(window: Window, through: date | None, taken: Iterable[Window] = ()) -> tuple[Window, ...]:
    """Return the parts of a window after the day `through` that no window in `taken` holds, in order."""
    start = max(window.start, through + _DAY) if through else window.start
    parts = []
    for one in sorted(taken, key=lambda one: one.start):
        if one.start > window.end:
            break
        if start < one.start:
            parts.append(Window(start, one.start - _DAY))
        start = max(start, one.end + _DAY)
    return (*parts, *((Window(start, window.end),) if start <= window.end else ()))


def _finished(runs: Iterable[SearchRun], source: str, strategy: str, today: date) -> Sequence[Window]:
    """Return the windows of complete runs, each cut off before the first day that was not over."""
    found, unfinished = [], today
    for run in reversed([one for one in runs if one.source == source]):
        unfinished = min(unfinished, run.started.date())
        end = min(run.window.end, min(unfinished, _built(run) or unfinished) - _DAY)
        asked = run.status is RunStatus.COMPLETE and run.strategy_sha256 == strategy
        if asked and run.window.start <= end:
            found.append(Window(run.window.start, end))
    return found


def _built(run: SearchRun) -> date | None:
    """Return the day of the version of PubMed that answered; None where the run does not name one."""
    said = _BUILD.fullmatch(run.build)
    try:
        return date(*map(int, said.groups())) if said else None
    except ValueError:
        return None
