"""Make the clients of the protocol's other sources: the real ones, whatever address they are pointed at."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import requests

from flows.place import Place
from flows.sessions import make_session
from flows.settings import is_local
from flows.shared_pace import shared_limiter
from flows.steps.cycle import Sources
from review.protocol import Protocol
from review.record import Report
from review.screening import settle
from review.studies import included_studies
from search.clocks import Clock, MonotonicClock
from search.limiter import Limiter, Unlimited
from search.pubmed import PubMed
from search.sources.citations import Citations, Direction
from search.sources.clinical_trials import CLINICAL_TRIALS_SPACING, ClinicalTrials
from search.sources.contract import Source, Unaskable
from search.sources.europe_pmc import EUROPE_PMC_SPACING, EuropePmc
from search.sources.europe_pmc_links import EuropePmcLinks
from search.strategy import StrategyError, parse
from store.store import Store

__all__ = ["included_reports", "source_maker"]

DEADLINE_SECONDS = 120.0


def source_maker(place: Place, store: Store, pubmed: PubMed) -> Sources:
    """Return what makes the sources besides PubMed that the protocol names, when they are asked for.

    Parameters
    ----------
    store
        Tells whose citations are chased, once the baseline is in.
    pubmed
        Tells what cites what, and gives the records.
    """
    makers: dict[str, Callable[[], Source]] = {
        "clinicaltrials": lambda: _registry(place),
        "europepmc": lambda: _europe_pmc(place),
        "citations": lambda: _citations(place, store, pubmed),
    }
    names = place.protocol.search.automatic
    return lambda: tuple(makers[name]() for name in names if name in makers)


def included_reports(protocol: Protocol, store: Store) -> Sequence[Report]:
    """Return the reports of included studies, in the order of first sight."""
    studies = included_studies(settle(store.ledger(), protocol)).values()
    return tuple(store.reports({report for study in studies for report in study.reports}).values())


class _Way(TypedDict):
    """How a service is reached."""

    session: requests.Session
    limiter: Limiter
    clock: Clock
    deadline: float


def _way(url: str, name: str, spacing: float) -> _Way:
    clock = MonotonicClock()
    limiter = Unlimited() if is_local(url) else shared_limiter(name, spacing, clock)
    return _Way(session=make_session(url), limiter=limiter, clock=clock, deadline=DEADLINE_SECONDS)


def _registry(place: Place) -> ClinicalTrials:
    settings, table = place.settings, place.protocol.search.clinicaltrials
    if table is None:
        raise LookupError("search.clinicaltrials: found no table; expected one")
    way = _way(settings.clinicaltrials_url, "clinicaltrials", CLINICAL_TRIALS_SPACING)
    return ClinicalTrials(
        settings.clinicaltrials_url,
        condition=table.condition,
        intervention=table.intervention,
        term=table.term,
        **way,
    )


def _europe_pmc(place: Place) -> Source:
    settings, blocks = place.settings, place.blocks()
    if blocks is None:
        raise LookupError("search.pubmed: found no strategy to translate; expected one")
    way = _way(settings.europepmc_url, "europepmc", EUROPE_PMC_SPACING)
    try:
        translation = parse(blocks.full()).to_europepmc()
    except StrategyError as error:
        return Unaskable(name="europepmc", why=str(error))
    lost = len(translation.narrowing)
    remark = f"{lost} parts of the strategy do not mean quite the same at Europe PMC, which may miss records"
    return EuropePmc(settings.europepmc_url, translation.query, remarks=(remark,) if lost else (), **way)


def _citations(place: Place, store: Store, pubmed: PubMed) -> Citations:
    settings, table = place.settings, place.protocol.search.citations
    plan = place.protocol.search.pubmed
    way = _way(settings.europepmc_url, "europepmc", EUROPE_PMC_SPACING)
    return Citations(
        included=included_reports(place.protocol, store),
        links=pubmed.links,
        fallback=EuropePmcLinks(settings.europepmc_url, **way),
        pubmed=pubmed,
        directions=tuple(Direction(one) for one in table.directions) if table else (),
        known=_known_pmids(place, store),
        undeliverable=frozenset(map(str, plan.undeliverable)) if plan else frozenset(),
    )


def _known_pmids(place: Place, store: Store) -> frozenset[str]:
    """Return the PMIDs that no chase must bring again, whichever source brought them.

    A PMID that only a file says may be another document's: it keeps nothing away, and linking weighs it.
    """
    files = place.protocol.search.files
    doubtful = frozenset(files.names if files else ())
    records = (record for report in store.reports().values() for record in report.records)
    return frozenset(record.pmid for record in records if record.pmid and record.source not in doubtful)
