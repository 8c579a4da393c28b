"""Turn signed decisions into editions, and the ledgers into a site."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from flows.place import Place
from flows.steps.editions import next_edition_id, what_changed
from publisher.labels import SiteLabels
from publisher.site import Published, publish
from review.clocks import current_syntheses, last_words, published_syntheses
from review.edition import Edition, UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey
from review.ids import ReportId
from review.ledger import Ledger
from review.prisma import prisma_flow
from review.replay import Replay
from review.result import Synthesis
from review.screening import Settlement, settle
from review.suggestion import Suggestion
from store.store import Store

__all__ = ["make_editions", "publish_site"]


def make_editions(store: Store, place: Place, now: datetime) -> tuple[Edition, ...]:
    """Write an edition for each signed decision to publish that has none yet and would change what is shown.

    The last word on a digest counts: what was held after it was signed is not published, and what was signed
    twice is published once. An edition shows one result of each key: what the edition before showed,
    overwritten by what was signed, without the keys that no included study is left of. A decision to publish
    that names no digest publishes withdrawals alone.

    Raises
    ------
    PrismaMismatchError
        When the numbers do not add up: nothing is published until they do.
    """
    made = []
    for decision in _unpublished(store.ledger()):
        ledger = store.ledger()
        settlements = settle(ledger, place.protocol)
        shown = _shown(ledger, settlements, decision)
        if not _changes_anything(ledger, shown, decision):
            continue
        prisma_flow(ledger, settlements)
        edition = replace(
            _edition(ledger, decision, place, now),
            syntheses=tuple(one.digest for one in shown.values()),
            changes=what_changed(ledger, settlements, shown),
        )
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
        suggestions=_all_suggestions(store),
        progress=progress,
    )
    if place.site_folder is None:
        for row in waiting:
            store.mark_sent(row.seq, now)
    return published


def _all_suggestions(store: Store) -> tuple[Suggestion, ...]:
    return tuple(one for model in store.ledger().models for one in store.suggestions(model.id))


def _unpublished(ledger: Ledger) -> list[UpdateDecision]:
    """Return the decisions to publish after the one that the last edition was made from."""
    made = {edition.decision for edition in ledger.editions}
    waiting: list[UpdateDecision] = []
    for decision in ledger.update_decisions:
        if decision in made:
            waiting = []
        elif decision.verdict is UpdateVerdict.PUBLISH:
            waiting.append(decision)
    return waiting


def _shown(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], decision: UpdateDecision
) -> dict[AnalysisKey, Synthesis]:
    words = last_words(ledger)
    signed = {digest for digest in decision.syntheses if words[digest] == decision}
    both = {
        **published_syntheses(ledger),
        **{one.key: one for one in ledger.syntheses if one.digest in signed},
    }
    current = current_syntheses(ledger, settlements)
    return {key: both[key] for key in sorted(both) if key in current}


def _changes_anything(
    ledger: Ledger, shown: Mapping[AnalysisKey, Synthesis], decision: UpdateDecision
) -> bool:
    before = {one.digest for one in published_syntheses(ledger).values()}
    digests = {one.digest for one in shown.values()}
    return bool(digests - before) or (not decision.syntheses and digests != before)


def _edition(ledger: Ledger, decision: UpdateDecision, place: Place, now: datetime) -> Edition:
    before = ledger.editions[-1] if ledger.editions else None
    return Edition(
        id=next_edition_id(before, place.protocol.version),
        number=before.number + 1 if before else 1,
        at=max(decision.at, now),
        syntheses=(),
        decision=decision,
        protocol_version=place.protocol.version,
        previous=before.id if before else None,
    )
