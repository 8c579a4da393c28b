"""Turn the days a person asks for into a window to search."""

from datetime import date, datetime, timedelta

from flows.errors import Refused
from flows.place import Place
from flows.steps.asking import SOURCE, pubmed_plan
from flows.steps.strategy import refuse_days_to_come
from flows.steps.surveillance import next_window
from review.protocol_sources import PubMedSource
from review.searched_days import searched_through
from review.searching import Window
from store.store import Store

__all__ = ["asked_window"]


def asked_window(
    place: Place, store: Store, since: datetime | None, until: datetime | None, now: datetime
) -> Window:
    """Return the window to search: what is due, unless days are named.

    Raises
    ------
    Refused
        When the review has no PubMed search or is searched from a day to come, `since` would leave unsearched
        days behind it, the window ends after today, or the days run backwards.
    """
    refuse_days_to_come(place, now.date())
    plan, blocks = pubmed_plan(place.protocol), place.blocks()
    strategy = blocks.sha256 if blocks else ""
    due = next_window(plan, store, now.date(), strategy=strategy)
    start = since.date() if since else due.start
    end = until.date() if until else now.date()
    latest = _latest_start(plan, store, strategy, now.date())
    if since and start > latest:
        raise Refused(
            f"since: found {start}; expected {latest} or earlier, or the days between would never be "
            "searched; leave --since out"
        )
    if end > now.date():
        raise Refused(
            f"until: found {end}; expected {now.date()} or earlier: no source can be searched through a day "
            "that has not come; leave --until out"
        )
    if end < start:
        raise Refused(f"until: found {end}; expected {start} or later; correct the days")
    return Window(start, end)


def _latest_start(plan: PubMedSource, store: Store, strategy: str, today: date) -> date:
    """Return the first day that is not searched: days before it are searched again by choice only."""
    runs = store.ledger().runs
    reached = searched_through(runs, SOURCE, strategy=strategy, since=plan.since, today=today)
    return reached + timedelta(days=1) if reached else plan.since
