"""Pool again whatever changed: one candidate for each analysis key, the same digest meaning nothing to do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from review.clocks import published_syntheses
from review.edition import StatusEntry
from review.effect import AnalysisKey
from review.ids import StudyId
from review.ledger import Ledger
from review.protocol import Protocol
from review.refusals import not_pooled, pooled_again, reason_of, standing_refusal
from review.result import Pending, Synthesis
from review.screening import settle
from review.studies import Usable, contested_studies, included_studies, pending_studies, usable_estimates
from store.store import Store
from synthesis.living.analysis import synthesise
from synthesis.living.signals import signals

__all__ = ["PooledLedger", "Refusal", "code_version", "pool_again", "pool_ledger", "resynthesise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Which studies are in, which are held as conflicts, and which wait for a result."""

    included: frozenset[StudyId]
    contested: frozenset[StudyId]
    pending: tuple[Pending, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An analysis key that cannot be pooled as things stand, and why."""

    key: AnalysisKey
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledLedger:
    """What a ledger comes to: one synthesis for each key, or the reason why there is none."""

    syntheses: tuple[Synthesis, ...]
    refusals: tuple[Refusal, ...]


def resynthesise(protocol: Protocol, store: Store, now: datetime) -> tuple[Synthesis, ...]:
    """Pool every analysis key anew and keep what differs from the last result; return what was kept."""
    return pool_again(protocol, store, now).syntheses


def pool_again(protocol: Protocol, store: Store, now: datetime) -> PooledLedger:
    """Pool every analysis key anew; return the syntheses that were kept, and what could not be pooled.

    A key that cannot be pooled does not hold up the others: it leaves a status entry that says why.
    """
    waiting = store.pending_outbox("resynthesis")
    ledger = store.ledger()
    pooled = pool_ledger(ledger, protocol, now)
    kept = tuple(synthesis for synthesis in pooled.syntheses if store.add_synthesis(synthesis))
    for entry in _entries(ledger, pooled, kept, now):
        store.add_status(entry)
    for row in waiting:
        store.mark_sent(row.seq, now)
    return PooledLedger(syntheses=kept, refusals=pooled.refusals)


def pool_ledger(ledger: Ledger, protocol: Protocol, now: datetime) -> PooledLedger:
    """Pool each analysis key that an included study has a usable estimate for."""
    settlements = settle(ledger, protocol)
    standing = _Standing(
        included=frozenset(included_studies(settlements)),
        contested=frozenset(contested_studies(settlements)),
        pending=pending_studies(ledger, settlements, protocol),
    )
    published = published_syntheses(ledger)
    syntheses, refusals = [], []
    for key, usable in sorted(_by_key(usable_estimates(ledger, protocol)).items()):
        if not any(one.estimate.study in standing.included for one in usable):
            continue
        try:
            synthesis = _pool(key, usable, standing, protocol, now)
        except ValueError as problem:
            refusals.append(Refusal(key=key, why=str(problem)))
        else:
            found = signals(published.get(key), synthesis, protocol)
            syntheses.append(replace(synthesis, signals=found))
    return PooledLedger(syntheses=tuple(syntheses), refusals=tuple(refusals))


def _entries(
    ledger: Ledger, pooled: PooledLedger, kept: Sequence[Synthesis], now: datetime
) -> Iterator[StatusEntry]:
    """Give what is new: refusals that do not stand yet, and refused keys that come to their old result."""
    for refusal in pooled.refusals:
        before = standing_refusal(ledger, refusal.key)
        if before is None or reason_of(before) != refusal.why:
            yield not_pooled(refusal.key, refusal.why, now)
    for synthesis in pooled.syntheses:
        before = standing_refusal(ledger, synthesis.key)
        if before and synthesis not in kept:
            yield pooled_again(synthesis.key, before, now)


def code_version() -> str:
    """Return the version of this service, which every synthesis carries."""
    return version("living-review")


def _pool(
    key: AnalysisKey, usable: Sequence[Usable], standing: _Standing, protocol: Protocol, now: datetime
) -> Synthesis:
    main = [one for one in usable if one.estimate.study in standing.included]
    held = sorted({one.estimate.study for one in usable} & standing.contested)
    return synthesise(
        key,
        [one.estimate for one in main],
        imported=[one.imported for one in main],
        protocol=protocol,
        at=now,
        code_version=code_version(),
        pending=standing.pending,
        sensitivity_sets={
            f"with {study} added, which is held as a conflict": [
                one.estimate for one in usable if one.estimate.study == study
            ]
            for study in held
        },
    )


def _by_key(usable: Iterable[Usable]) -> dict[AnalysisKey, list[Usable]]:
    grouped: dict[AnalysisKey, list[Usable]] = defaultdict(list)
    for one in usable:
        grouped[one.estimate.key].append(one)
    return grouped
