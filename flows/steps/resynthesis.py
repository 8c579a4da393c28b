"""Pool again whatever changed: one candidate for each analysis key, the same digest meaning nothing to do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from review.effect import AnalysisKey
from review.ids import StudyId
from review.ledger import Ledger
from review.protocol import Protocol
from review.result import Pending, Synthesis
from review.screening import settle
from review.studies import Usable, contested_studies, included_studies, pending_studies, usable_estimates
from store.store import Store
from synthesis.analysis import synthesise
from synthesis.signals import signals

__all__ = ["code_version", "pool_ledger", "resynthesise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Which studies are in, which are held as conflicts, and which wait for a result."""

    included: frozenset[StudyId]
    contested: frozenset[StudyId]
    pending: tuple[Pending, ...]


def resynthesise(protocol: Protocol, store: Store, now: datetime) -> tuple[Synthesis, ...]:
    """Pool every analysis key anew and keep what differs from the last result; return what was kept."""
    waiting = store.pending_outbox("resynthesis")
    ledger = store.ledger()
    new = pool_ledger(ledger, protocol, now)
    kept = tuple(synthesis for synthesis in new if store.add_synthesis(synthesis))
    for row in waiting:
        store.mark_sent(row.seq, now)
    return kept


def pool_ledger(ledger: Ledger, protocol: Protocol, now: datetime) -> tuple[Synthesis, ...]:
    """Return one synthesis for each analysis key that an included study has a usable estimate for."""
    settlements = settle(ledger, protocol)
    standing = _Standing(
        included=frozenset(included_studies(settlements)),
        contested=frozenset(contested_studies(settlements)),
        pending=pending_studies(ledger, settlements, protocol),
    )
    by_key = _by_key(usable_estimates(ledger, protocol))
    published = _published(ledger)
    pooled = (
        _pool(key, usable, standing, protocol, now)
        for key, usable in sorted(by_key.items())
        if any(one.estimate.study in standing.included for one in usable)
    )
    return tuple(
        replace(synthesis, signals=signals(published.get(synthesis.key), synthesis, protocol))
        for synthesis in pooled
    )


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


def _published(ledger: Ledger) -> dict[AnalysisKey, Synthesis]:
    """Return what the last edition says, by key: the state that a candidate's signals compare with."""
    if not ledger.editions:
        return {}
    digests = set(ledger.editions[-1].syntheses)
    return {one.key: one for one in ledger.syntheses if one.digest in digests}
