"""Find the PubMed record of each citation: stated identifiers, ECitMatch, titles; all of it verified."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from review.record import Record
from search.errors import SourceError, StrategyRefused
from search.eutils.citation_match import CitationKey
from search.pubmed import Fetched, SearchResult
from search.references.belief import Belief, belief
from search.references.questions import citation_key, title_queries

__all__ = ["Candidate", "Finder", "Outcome", "Resolved", "Stated", "resolve"]

_BATCH = 100
_MOST_CANDIDATES = 20
"""A query that more records answer says nothing about one citation."""


class Finder(Protocol):
    """What is asked of PubMed."""

    def search(self, query: str) -> SearchResult:
        """Return every PMID that matches."""
        ...

    def fetch(self, pmids: Iterable[str]) -> Fetched:
        """Return records, and what is missing."""
        ...

    def match_citations(self, citations: Iterable[CitationKey]) -> Mapping[str, tuple[str, ...]]:
        """Return ECitMatch's PMIDs by key."""
        ...


class Outcome(StrEnum):
    """What came of a citation; *ambiguous* goes to a person, *not asked*: PubMed stopped answering."""

    CONFIRMED = "confirmed"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not found"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A citation, with identifiers that somebody wrote beside it and nobody verified.

    Parameters
    ----------
    key
        Names the citation in the answer.
    """

    key: str
    citation: Record
    pmid: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that may be the one, how it was come by, and how far it agrees."""

    record: Record
    how: str
    belief: Belief


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The answer on one citation.

    Parameters
    ----------
    found
        The one believed candidate; None unless the outcome is *confirmed*.
    candidates
        Every record that was looked at, in the order of asking.
    note
        Why the outcome is what it is.
    """

    key: str
    outcome: Outcome
    found: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    note: str = ""


def resolve(
    stated: Sequence[Stated], finder: Finder, progress: Callable[[int, int], None] | None = None
) -> tuple[Resolved, ...]:
    """Return one answer for each citation, in their order.

    A candidate is believed where title, first author and year agree with the citation
    (`search.references.belief`), however it was come by. Exactly one believed candidate confirms.

    Parameters
    ----------
    progress
        Called after each citation with how many are done, of how many.

    Notes
    -----
    When PubMed stops answering, what was resolved stays, and the rest is *not asked*.
    """
    answers: list[Resolved] = []
    try:
        matches = _match(stated, finder)
        for one in stated:
            answers.append(_Case(one, finder).settle(matches.get(one.key, ())))
            if progress is not None:
                progress(len(answers), len(stated))
    except SourceError as problem:
        rest = (Resolved(key=one.key, outcome=Outcome.NOT_ASKED, note=str(problem)) for one in stated)
        answers.extend(list(rest)[len(answers) :])
    return tuple(answers)


def _match(stated: Iterable[Stated], finder: Finder) -> dict[str, tuple[str, ...]]:
    # The keys that go over the wire are numbers: a study's label may hold what separates citations.
    asked = {str(number): one for number, one in enumerate(stated)}
    keys = [key for number, one in asked.items() if (key := citation_key(one.citation, number))]
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        answers = finder.match_citations(batch)
        lacking = [key for key in batch if key.key not in answers]
        again = finder.match_citations(lacking) if lacking else {}
        found |= {
            asked[number].key: pmids for number, pmids in {**answers, **again}.items() if number in asked
        }
    return found


@dataclass(slots=True)
class _Case:
    stated: Stated
    finder: Finder
    seen: dict[str, Candidate] = field(default_factory=dict)

    def settle(self, matched: tuple[str, ...]) -> Resolved:
        for how, pmids in self._leads(matched):
            self._look_at(how, pmids)
            if self._believed():
                break
        return self._answer()

    def _leads(self, matched: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give PMIDs with how they were come by; each question is put only where those before it failed."""
        if self.stated.pmid:
            yield "the PMID beside the citation", (self.stated.pmid,)
        if doi := self.stated.doi or self.stated.citation.doi:
            yield "the DOI beside the citation", self._search(f'"{doi}"[aid]')
        yield "ECitMatch", matched
        for query in title_queries(self.stated.citation):
            yield "a search for its title", self._search(query)

    def _search(self, query: str) -> tuple[str, ...]:
        try:
            found = self.finder.search(query)
        except StrategyRefused:
            # A word or phrase that PubMed does not know is an answer here: no record has it.
            return ()
        return found.pmids if found.count <= _MOST_CANDIDATES else ()

    def _look_at(self, how: str, pmids: Iterable[str]) -> None:
        new = [pmid for pmid in pmids if pmid not in self.seen]
        if not new:
            return
        for record in self.finder.fetch(new).records:
            self.seen[record.pmid] = Candidate(
                record=record, how=how, belief=belief(self.stated.citation, record)
            )

    def _believed(self) -> list[Candidate]:
        return [candidate for candidate in self.seen.values() if candidate.belief.believed]

    def _answer(self) -> Resolved:
        believed, candidates = self._believed(), tuple(self.seen.values())
        if len(believed) == 1:
            return self._resolved(Outcome.CONFIRMED, believed[0].belief.evidence, believed[0])
        if believed:
            return self._resolved(Outcome.AMBIGUOUS, f"{len(believed)} records agree with the citation")
        near = [one for one in candidates if one.belief.same_title or one.how != "a search for its title"]
        if near:
            return self._resolved(Outcome.AMBIGUOUS, f"PMID {near[0].record.pmid}: {near[0].belief.evidence}")
        return self._resolved(Outcome.NOT_FOUND, f"none of {len(candidates)} records looked at agrees")

    def _resolved(self, outcome: Outcome, note: str, found: Candidate | None = None) -> Resolved:
        return Resolved(
            key=self.stated.key,
            outcome=outcome,
            found=found,
            candidates=tuple(self.seen.values()),
            note=note,
        )
