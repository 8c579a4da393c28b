"""Where a review looks: one table of the protocol for each source, each with the day it is searched from."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

__all__ = [
    "AUTOMATIC",
    "CitationChasing",
    "ClinicalTrialsSource",
    "EuropePmcSource",
    "FileSources",
    "PubMedSource",
    "Search",
]

AUTOMATIC = ("pubmed", "clinicaltrials", "europepmc", "citations")
"""Tables of sources that the service asks by itself, in their order; runs and records bear these names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PubMedSource:
    """PubMed: the strategy's file, the day it is searched from, and PMIDs that each run must find.

    Parameters
    ----------
    background
        Names of strategy blocks, joined by AND, whose records serve as presumed negatives in training.
    overlap_days
        Days before the last watermark that each run searches again.
    undeliverable
        PMIDs that PubMed goes on counting and never delivers, which a person looked at: they stand in the
        search log and leave no gap.
    """

    strategy: str
    since: date
    background: str = ""
    canaries: tuple[int, ...] = ()
    overlap_days: int = 7
    undeliverable: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalTrialsSource:
    """ClinicalTrials.gov: ongoing and completed trials by the fields of its own search form.

    Parameters
    ----------
    condition, intervention, term
        Expressions as the registry reads them (``query.cond``, ``query.intr``, ``query.term``); one at least.
    since
        The day of a trial's last update from which on trials are asked for.
    """

    since: date
    condition: str = ""
    intervention: str = ""
    term: str = ""
    overlap_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class EuropePmcSource:
    """Europe PMC: preprints and what PubMed lacks, by the PubMed strategy in Europe PMC's own syntax."""

    since: date
    overlap_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationChasing:
    """What included studies cite (backward) and what cites them (forward); each run asks for all of it."""

    directions: tuple[Literal["backward", "forward"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSources:
    """Sources without an interface, searched by people and imported as files; their clock is kept apart."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where the review looks, one table per source."""

    pubmed: PubMedSource | None = None
    clinicaltrials: ClinicalTrialsSource | None = None
    europepmc: EuropePmcSource | None = None
    citations: CitationChasing | None = None
    files: FileSources | None = None

    @property
    def automatic(self) -> tuple[str, ...]:
        """Names of the sources that the service asks by itself."""
        return tuple(name for name in AUTOMATIC if getattr(self, name) is not None)

    @property
    def by_hand(self) -> tuple[str, ...]:
        """Names of the sources that people search."""
        return self.files.names if self.files else ()

    def since(self, source: str) -> date | None:
        """Return the day a source is searched from: its own, or else PubMed's; None where neither is said."""
        own = getattr(getattr(self, source, None), "since", None) if source in AUTOMATIC else None
        return own or (self.pubmed.since if self.pubmed else None)

    def overlap(self, source: str) -> int:
        """Return how many days before its watermark a source is searched again; 0 where it says none."""
        days: int = getattr(getattr(self, source, None), "overlap_days", 0) if source in AUTOMATIC else 0
        return days
