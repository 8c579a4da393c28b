"""What PubMed's own files say of reports that are known: corrected, changed or deleted since."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flows.steps.findings import ByPmid, findings, gone, untold
from review.edition import Notice
from review.record import Record
from search.bulk.harvest import Harvest

__all__ = ["news"]


def news(known: ByPmid, harvest: Harvest, told: Sequence[Notice], at: datetime) -> tuple[Notice, ...]:
    """Return what the files say of known reports and nobody was told; the harvest must have watched for them.

    A version older than the one that is known says nothing new.
    """
    return untold((*_changed(known, harvest, at), *_deleted(known, harvest, at)), told)


def _changed(known: ByPmid, harvest: Harvest, at: datetime) -> Iterator[Notice]:
    for pmid, record in harvest.met.items():
        for one in known.get(pmid, ()):
            if not _older(record, one.record):
                yield from findings(one, record, at)


def _deleted(known: ByPmid, harvest: Harvest, at: datetime) -> Iterator[Notice]:
    for pmid in harvest.deleted:
        for one in known.get(pmid, ()):
            yield gone(one, pmid, "", at)


def _older(now: Record, before: Record) -> bool:
    return now.revised is not None and before.revised is not None and now.revised < before.revised
