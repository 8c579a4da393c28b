"""Turn the days a person asks for into a window to search."""

from datetime import datetime, timedelta

from flows.errors import Refused
from flows.steps.asking import pubmed_plan
from flows.steps.surveillance import next_window
from review.protocol import Protocol
from review.searching import Window
from store.store import Store

__all__ = ["asked_window"]


def asked_window(
    protocol: Protocol, store: Store, since: datetime | None, until: datetime | None, now: datetime
) -> Window:
    """Return the window to search: what is due, unless days are named.

    Raises
    ------
    Refused
        When `since` would leave unsearched days behind the watermark, or the days run backwards.
    """
    due = next_window(pubmed_plan(protocol), store, now.date())
    start = since.date() if since else due.start
    end = until.date() if until else now.date()
    if start > due.start + timedelta(days=pubmed_plan(protocol).overlap_days):
        raise Refused(
            f"since: found {start}; expected {due.start} or earlier, or the days between would never be "
            "searched; leave --since out"
        )
    if end < start:
        raise Refused(f"until: found {end}; expected {start} or later; correct the days")
    return Window(start, end)
