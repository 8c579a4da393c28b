"""Which of PubMed's files earlier runs read for the same question, and which of them with a doubt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from flows.steps.asking import SOURCE
from review.searching import RunStatus, SearchRun
from store.store import Store

__all__ = ["FilesBefore", "files_before"]

_SPAN = re.compile(r"pubmed(\d\d)n(\d+) to pubmed\d\dn(\d+)")


@dataclass(frozen=True, slots=True)
class FilesBefore:
    """Numbers of the files of one year.

    Parameters
    ----------
    clean
        Those that a complete run read.
    doubtful
        Those that only suspect runs read, each with the first of these.
    """

    clean: frozenset[int] = frozenset()
    doubtful: dict[int, SearchRun] = field(default_factory=dict)

    def __contains__(self, number: int) -> bool:
        return number in self.clean or number in self.doubtful


def files_before(store: Store, year: int, *, strategy: str, since: date) -> FilesBefore:
    """Return what was read of a year's files with this strategy, of records since this day or an earlier one.

    A file that another strategy was put to is unread: what only the present one finds in it is not known.
    """
    runs = [
        run
        for run in store.ledger().runs
        if run.source == SOURCE and run.strategy_sha256 == strategy and run.window.start <= since
    ]
    clean = {number for run in runs if run.status is RunStatus.COMPLETE for number in _numbers(run, year)}
    doubtful: dict[int, SearchRun] = {}
    for run in runs:
        if run.status is RunStatus.SUSPECT:
            doubtful |= {n: run for n in _numbers(run, year) if n not in clean and n not in doubtful}
    return FilesBefore(frozenset(clean), doubtful)


def _numbers(run: SearchRun, year: int) -> Iterator[int]:
    span = _SPAN.fullmatch(run.build)
    if span and int(span[1]) == year:
        yield from range(int(span[2]), int(span[3]) + 1)
