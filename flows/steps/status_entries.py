"""The dated line that the searches of one day leave on the site."""

from itertools import pairwise

from review.clocks import candidates
from review.edition import StatusEntry
from review.ledger import Ledger
from review.searching import RunStatus, SearchRun

__all__ = ["status_entry"]


def status_entry(run: SearchRun, ledger: Ledger) -> StatusEntry:
    """Return the dated line that the searches of one day leave on the site.

    It is a fold over all runs that ended with the same window, so that a run which was broken off and begun
    again says what an unbroken one would have said. After another outcome the same outcome is said anew.
    """
    same = [one for one in ledger.runs if one.source == run.source and one.window.end == run.window.end]
    new = sum(one.counts.queued for one in same)
    turns = sum(one.status is not other.status for one, other in pairwise(same))
    return StatusEntry(
        id=f"{run.source}-{run.window.end}-{run.status}-{new}-{turns}",
        at=run.ended,
        title=_title(run, new),
        text=_text(run, new, sum(one.counts.duplicates for one in same), len(candidates(ledger))),
    )


def _title(run: SearchRun, new: int) -> str:
    if run.status is RunStatus.FAILED:
        return f"Search of {run.source} failed on {run.ended:%Y-%m-%d}"
    state = "" if run.status is RunStatus.COMPLETE else f" ({run.status})"
    return f"Searched {run.source} through {run.window.end}{state}: {_count(new, 'new report')}"


def _text(run: SearchRun, new: int, duplicates: int, waiting: int) -> str:
    if run.status is RunStatus.FAILED:
        return f"{run.message} The days {run.window} stay open until a later run has searched them."
    pooled = f"{_count(waiting, 'pooled result')} to sign." if waiting else "Nothing new to pool."
    doubt = f"{run.message}. " if run.message else ""
    found = f"{_count(new, 'new report')}, {_count(duplicates, 'duplicate')} of known ones"
    return f"{found}. {doubt}{pooled}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
