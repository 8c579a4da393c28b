"""Which of PubMed's files earlier runs read for the same question, and which of them with a doubt."""

import re
from dataclasses import dataclass, field
from datetime import date

from flows.steps.asking import SOURCE
from review.searching import RunStatus, SearchRun
from store.store import Store

__all__ = ["FilesBefore", "files_before"]

_SPAN = re.compile(r"pubmed(\d\d)n(\d+) to pubmed\d\dn(\d+)")

_READ = {RunStatus.COMPLETE, RunStatus.SUSPECT}


@dataclass(frozen=True, slots=True)
class FilesBefore:
    """Numbers of the files of one year.

    Parameters
    ----------
    clean
        Those that a complete run read.
    doubtful
        Those that only suspect runs read, each with the first of these.
    last
        The run that got furthest, the latest of these.
    """

    clean: frozenset[int] = frozenset()
    doubtful: dict[int, SearchRun] = field(default_factory=dict)
    last: SearchRun | None = None

    def __contains__(self, number: int) -> bool:
        return number in self.clean or number in self.doubtful


def files_before(store: Store, year: int, *, strategy: str, since: date) -> FilesBefore:
    """Return what was read of a year's files with this strategy, of records since this day or an earlier one.

    A file that another strategy was put to is unread: what only the present one finds in it is not known.
    """
    read = [
        (run, numbers)
        for run in store.ledger().runs
        if run.source == SOURCE and run.strategy_sha256 == strategy and run.window.start <= since
        if run.status in _READ and (numbers := _numbers(run, year))
    ]
    clean = {n for run, numbers in read if run.status is RunStatus.COMPLETE for n in numbers}
    doubtful: dict[int, SearchRun] = {}
    for run, numbers in read:
        doubtful = {n: run for n in numbers if n not in clean} | doubtful
    last = max(read, key=lambda one: (one[1].stop, one[0].started), default=None)
    return FilesBefore(frozenset(clean), doubtful, last[0] if last else None)


def _numbers(run: SearchRun, year: int) -> range:
    span = _SPAN.fullmatch(run.build)
    return range(int(span[2]), int(span[3]) + 1) if span and int(span[1]) == year else range(0)
