"""Turn signed decisions into editions, and the ledgers into a site."""

from collections.abc import Callable
from datetime import datetime

from flows.place import Place
from flows.steps.editions import next_edition_id, what_changed
from publisher.labels import SiteLabels
from publisher.site import Published, publish
from review.clocks import candidates, latest_syntheses
from review.edition import Edition, UpdateDecision, UpdateVerdict
from review.ledger import Ledger
from review.prisma import prisma_flow
from review.replay import Replay
from review.screening import settle
from store.store import Store

__all__ = ["make_editions", "publish_site"]


def make_editions(store: Store, place: Place, now: datetime) -> tuple[Edition, ...]:
    """Write an edition for each signed decision to publish that has none yet.

    Raises
    ------
    PrismaMismatchError
        When the numbers do not add up: nothing is published until they do.
    """
    made = []
    for decision in _unpublished(store.ledger()):
        ledger = store.ledger()
        prisma_flow(ledger, settle(ledger, place.protocol))
        edition = _edition(ledger, decision, place, now)
        store.add_edition(edition)
        made.append(edition)
    return tuple(made)


def publish_site(
    store: Store,
    place: Place,
    now: datetime,
    *,
    replay: Replay | None = None,
    labels: SiteLabels | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Published:
    """Build the site from the ledgers and put it in place of the last one in one move."""
    waiting = store.pending_outbox("publication")
    make_editions(store, place, now)
    published = publish(
        store.ledger(),
        store.reports(),
        place.protocol,
        place.site,
        now=now,
        labels=labels or SiteLabels(),
        replay=replay,
        strategy_text=place.strategy_text(),
        suggestions=tuple(store.latest_suggestions().values()),
        progress=progress,
    )
    for row in waiting:
        store.mark_sent(row.seq, now)
    return published


def _unpublished(ledger: Ledger) -> list[UpdateDecision]:
    published = {(edition.decision.at, edition.decision.syntheses) for edition in ledger.editions}
    return [
        decision
        for decision in ledger.update_decisions
        if decision.verdict is UpdateVerdict.PUBLISH and (decision.at, decision.syntheses) not in published
    ]


def _edition(ledger: Ledger, decision: UpdateDecision, place: Place, now: datetime) -> Edition:
    before = ledger.editions[-1] if ledger.editions else None
    signed = set(decision.syntheses)
    held_back = {one.key for one in candidates(ledger) if one.digest not in signed}
    carried = set(before.syntheses) if before else set()
    shown = [
        one.digest
        for one in ledger.syntheses
        if one.digest in signed or (one.digest in carried and one.key in held_back)
    ]
    unchanged = [one.digest for one in latest_syntheses(ledger) if one.digest in carried]
    return Edition(
        id=next_edition_id(before, place.protocol.version),
        number=before.number + 1 if before else 1,
        at=max(decision.at, now),
        syntheses=tuple(dict.fromkeys([*shown, *unchanged])),
        decision=decision,
        protocol_version=place.protocol.version,
        previous=before.id if before else None,
        changes=what_changed(ledger, before, signed),
    )
