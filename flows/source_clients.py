"""Make the clients of the protocol's other sources: the real ones, whatever address they are pointed at."""

from collections.abc import Callable, Sequence

import requests

from flows.place import Place
from flows.settings import Settings, is_local
from flows.steps.cycle import Sources
from review.protocol import Protocol
from review.screening import settle
from review.studies import included_studies
from search.clocks import MonotonicClock
from search.limiter import Limiter, SpacedLimiter, Unlimited
from search.sources.clinical_trials import CLINICAL_TRIALS_SPACING, ClinicalTrials
from search.sources.contract import Source
from store.store import Store

__all__ = ["included_pmids", "source_maker"]

DEADLINE_SECONDS = 120.0


def source_maker(place: Place) -> Sources:
    """Return what makes the sources besides PubMed that the protocol names, when they are asked for."""
    return lambda: _made(place)


def included_pmids(protocol: Protocol, store: Store) -> tuple[str, ...]:
    """Return the PMIDs of all reports of included studies, in the order of studies."""
    ledger = store.ledger()
    studies = included_studies(settle(ledger, protocol)).values()
    reports = store.reports({report for study in studies for report in study.reports})
    pmids = (record.pmid for report in reports.values() for record in report.records)
    return tuple(dict.fromkeys(filter(None, pmids)))


def _made(place: Place) -> Sequence[Source]:
    makers: dict[str, Callable[[], Source]] = {
        "clinicaltrials": lambda: _registry(place),
    }
    return tuple(makers[name]() for name in place.protocol.search.automatic if name in makers)


def _registry(place: Place) -> ClinicalTrials:
    table, url = place.protocol.search.clinicaltrials, place.settings.clinicaltrials_url
    if table is None:
        raise LookupError("search.clinicaltrials: found no table; expected one")
    return ClinicalTrials(
        url,
        condition=table.condition,
        intervention=table.intervention,
        term=table.term,
        session=requests.Session(),
        limiter=_limiter(place.settings, url, "clinicaltrials", CLINICAL_TRIALS_SPACING),
        clock=MonotonicClock(),
        deadline=DEADLINE_SECONDS,
    )


def _limiter(settings: Settings, url: str, name: str, spacing: float) -> Limiter:
    if is_local(url):
        return Unlimited()
    settings.home.mkdir(parents=True, exist_ok=True)
    return SpacedLimiter(settings.home / f"{name}.rate", spacing, MonotonicClock())
