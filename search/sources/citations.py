"""Citation chasing: what included studies cite, and what cites them, by two ways of asking.

ELink is asked first; Europe PMC where ELink knows no links or fails. It is told which way answered for which
study, and which studies nobody could be asked about.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from review.record import Report
from review.searching import Window
from search.eutils.fetching import Fetched
from search.sources.chase import Chase, Seed, seed_of
from search.sources.citation_harvest import gather
from search.sources.contract import Found, Progress
from search.sources.europe_pmc_links import Linked

__all__ = ["Citations", "Direction", "Fallback", "Fetcher", "Links"]


class Direction(StrEnum):
    """Which way citations are followed, in the protocol's words."""

    BACKWARD = "backward"
    FORWARD = "forward"


class Links(Protocol):
    """ELink, as far as it is needed: PMIDs by PMID, none where it knows no link; raises SourceError."""

    def cited_in(self, pmids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return what cites each of `pmids`."""
        ...

    def references(self, pmids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return what each of `pmids` cites."""
        ...


class Fallback(Protocol):
    """Europe PMC, as far as it is needed; raises SourceError."""

    def citations(self, place: str) -> Linked:
        """Return what cites the document at ``SOURCE/id``."""
        ...

    def references(self, place: str) -> Linked:
        """Return what the document at ``SOURCE/id`` cites."""
        ...


class Fetcher(Protocol):
    """PubMed, as far as it is needed."""

    def fetch(self, pmids: Iterable[str], progress: Progress | None = None) -> Fetched:
        """Return records by PMID, as `search.pubmed.PubMed.fetch`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """A source that follows citations from included studies.

    Parameters
    ----------
    included
        Reports of included studies. One without a PMID is asked about at Europe PMC by its PMCID or Europe
        PMC's identifier; one without any is named in the messages.
    links
        ELink.
    fallback
        Europe PMC; None to do without.
    pubmed
        Fetches records by PMID.
    directions
        Each once.
    known
        PMIDs of reports that the review holds already; they are counted in a message and not fetched.
    undeliverable
        PMIDs of which the protocol says that PubMed has no record; they are told of and not missing.
    """

    included: Sequence[Report]
    links: Links
    fallback: Fallback | None
    pubmed: Fetcher
    directions: Sequence[Direction] = tuple(Direction)
    known: Container[str] = frozenset()
    undeliverable: Container[str] = frozenset()

    @property
    def name(self) -> str:
        """``citations``."""
        return "citations"

    def search(self, window: Window, progress: Progress | None = None) -> Found:  # noqa: ARG002 - a source's shape
        """Return all reports that are linked and not known, whatever the window.

        A link may be added years after both its ends, so that days say nothing here. Each record's notes say
        which study led to it and which way. A study that nobody could be asked about now is among the
        missing.

        Raises
        ------
        SourceError
            When no answer could be had for any study, or PubMed gave no record at all.
        """
        seeds = tuple(dict.fromkeys(map(seed_of, self.included)))
        chases = tuple(self._chase(Direction(direction), seeds) for direction in self.directions)
        _raise_if_silent(chases)
        included = {seed.pmid for seed in seeds}
        harvest = gather(chases, included, self.known)
        fetched = self._fetch(harvest.pmids, progress)
        merged = harvest.follow(fetched, lambda pmid: pmid in included or pmid in self.known)
        records, missing = harvest.deliver((fetched, self._fetch(merged, progress)), self.undeliverable)
        open_ = tuple(
            (f"citations {chase.name} of {seed.name}", str(error))
            for chase in chases
            for seed, error in chase.unanswered.items()
        )
        return Found(
            query=_query(chases, seeds),
            records=records,
            count=len(records) + len(missing) + len(open_),
            missing=(*missing, *open_),
            messages=(
                *(() if seeds else ("no study is included yet: there were no citations to follow",)),
                *_unaskable(seeds),
                *(text for chase in chases for text in chase.messages()),
                *harvest.messages(),
            ),
        )

    def _chase(self, direction: Direction, seeds: Sequence[Seed]) -> Chase:
        forward = direction is Direction.FORWARD
        chase = Chase(direction.value)
        chase.by_elink(seeds, self.links.cited_in if forward else self.links.references)
        if self.fallback is not None:
            chase.by_europe_pmc(seeds, self.fallback.citations if forward else self.fallback.references)
        chase.close(seeds)
        return chase

    def _fetch(self, pmids: Sequence[str], progress: Progress | None) -> Fetched:
        return self.pubmed.fetch(pmids, progress) if pmids else Fetched(records=(), missing=())


def _raise_if_silent(chases: Sequence[Chase]) -> None:
    errors = [error for chase in chases for error in chase.unanswered.values()]
    if errors and not any(chase.linked for chase in chases):
        raise errors[-1]


def _query(chases: Sequence[Chase], seeds: Sequence[Seed]) -> str:
    names = ", ".join(seed.name for seed in seeds if seed.place)
    return "; ".join(f"citations {chase.name} of {names or 'nothing'}" for chase in chases)


def _unaskable(seeds: Sequence[Seed]) -> tuple[str, ...]:
    names = "; ".join(seed.name for seed in seeds if not seed.place)
    return (f"citations cannot be followed from reports without an identifier: {names}",) if names else ()
