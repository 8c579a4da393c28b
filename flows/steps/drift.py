"""After ranking: look whether the reports of the last batch are like those that the model knew."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from classifier.draw import draw
from classifier.drift import (
    Outcomes,
    abstracts_check,
    flagged_check,
    recall_check,
    scores_check,
    words_check,
)
from flows.steps.ranking import graded
from review.drift import Drift, DriftCheck
from review.ids import ModelId, ReportId
from review.in_force import model_in_force
from review.protocol import Protocol
from review.record import Record
from review.screened import screened_in_order
from review.screening import Settlement, settle
from review.setting_aside import FirstSaid, promises
from store.store import Store

__all__ = ["MOST", "look_for_drift"]

MOST = 2_000
"""Earlier reports whose texts are read again; of more, chance draws so many."""


def look_for_drift(protocol: Protocol, store: Store, now: datetime) -> Drift | None:
    """Compare the last batch ranked with what was known, and write what was found; None without a model.

    A batch is what was first ranked in one go. Looked at again with nothing new decided it is the same row;
    where something was decided and taken back in between it is a new one, because the last look holds.
    """
    ledger, firsts = store.ledger(), store.first_said()
    present = model_in_force(ledger)
    if present is None or not firsts:
        return None
    settlements = settle(ledger, protocol)
    latest = max(one.at for one in firsts.values())
    batch = sorted(report for report, one in firsts.items() if one.at == latest)
    earlier = [report for report, one in firsts.items() if one.at < latest]
    screened = screened_in_order(ledger, settlements)
    relevant = dict(zip(screened.reports, screened.relevant, strict=True))
    new = _texts(store, batch)
    before = _texts(store, [ReportId(one) for one in draw(earlier, MOST, seed=protocol.classifier.seed)])
    asked = protocol.classifier.promise
    promised = {one.id for one in ledger.models if promises(one, asked)}
    checks = (
        scores_check([firsts[one].score for one in batch], [firsts[one].score for one in earlier]),
        words_check(new, _learned_from(store, settlements), asked),
        abstracts_check(new, before),
        flagged_check(_outcomes(firsts, relevant)),
        recall_check(
            _outcomes({one: said for one, said in firsts.items() if said.model in promised}, relevant), asked
        ),
    )
    drift = Drift(
        id=_id(present.id, batch, checks, ledger.drifts),
        model=present.id,
        at=now,
        new=len(batch),
        checks=checks,
    )
    store.add_drift(drift)
    return drift


def _texts(store: Store, reports: Collection[ReportId]) -> list[Record]:
    return [one.record for one in store.reports(set(reports)).values()] if reports else []


def _learned_from(store: Store, settlements: Mapping[ReportId, Settlement]) -> list[Record]:
    return [*_texts(store, graded(settlements)), *store.background()]


def _outcomes(firsts: Mapping[ReportId, FirstSaid], relevant: Mapping[ReportId, bool]) -> Outcomes:
    decided = [(said.flagged, relevant[one]) for one, said in firsts.items() if one in relevant]
    return Outcomes(
        flagged=sum(flagged for flagged, _ in decided),
        flagged_relevant=sum(flagged and found for flagged, found in decided),
        others=sum(not flagged for flagged, _ in decided),
        others_relevant=sum(found and not flagged for flagged, found in decided),
    )


def _id(
    model: ModelId, batch: Collection[ReportId], checks: Collection[DriftCheck], looks: Sequence[Drift]
) -> str:
    """Return the digest of a look and of the look before it; that of the last look where it is the same."""
    *_, before, last = ("", "", *(one.id for one in looks))
    again = _digest(model, batch, checks, before)
    return again if again == last else _digest(model, batch, checks, last)


def _digest(model: ModelId, batch: Collection[ReportId], checks: Collection[DriftCheck], before: str) -> str:
    return sha256(repr((model, batch, checks, before)).encode()).hexdigest()[:16]
