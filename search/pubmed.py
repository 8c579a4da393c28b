"""PubMed through the E-utilities: count first, take no half answer, account for every PMID."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from review.searching import Window
from search.errors import BadReply
from search.eutils.asking import Eutils
from search.eutils.citation_match import CitationKey, is_answer, question, read_matches
from search.eutils.fetching import Delivery, Fetched, Progress, fetch_all
from search.eutils.links import Links
from search.eutils.parts import ALWAYS, MOST, in_parts
from search.eutils.replies import Answer, Reply, no_such_ids, read_answer, read_build, read_records

__all__ = ["Fetched", "PubMed", "SearchResult"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Parameters
    ----------
    count
        How many records match; always the number of `pmids`.
    translation
        How PubMed says it read the query.
    messages
        What PubMed said besides, and whether the question was asked in parts.
    """

    count: int
    pmids: tuple[str, ...]
    translation: str
    messages: tuple[str, ...]


class PubMed(Eutils):
    """A client of the E-utilities that fails loudly rather than answer a little less than was asked."""

    @property
    def links(self) -> Links:
        """What cites what (ELink), through the same door."""
        return Links(self)

    def search(self, query: str, window: Window | None = None) -> SearchResult:
        """Return every PMID that matches `query` and entered PubMed inside `window`.

        Above 9,999 the window is halved by entry date, and a day by PMID, until each part can be had in full.

        Raises
        ------
        StrategyRefused
            When PubMed dropped a part of the query.
        TooManyRecords
            When PubMed counts more records than there are PMIDs to tell them apart.
        SourceError
            When no complete answer could be had.
        """
        whole = self._answer(query, window, MOST)
        if whole.count <= MOST:
            return SearchResult(whole.count, whole.pmids, whole.translation, whole.messages)
        pmids = in_parts(partial(self._answer, most=MOST), query, window or ALWAYS, whole)
        note = f"{whole.count} records are more than {MOST}: asked in parts by entry date and PMID"
        return SearchResult(whole.count, pmids, whole.translation, (*whole.messages, note))

    def count(self, query: str, window: Window | None = None) -> int:
        """Return how many records match `query` and entered PubMed inside `window`; raises like `search`."""
        return self._answer(query, window, 0).count

    def fetch(self, pmids: Iterable[str], progress: Progress | None = None) -> Fetched:
        """Return the records of `pmids`, in batches of 200, and each PMID that brought none, with the reason.

        Parameters
        ----------
        progress
            Called after each batch with how many PMIDs are settled, of how many.

        Raises
        ------
        SourceError
            When not one record could be had because the source failed. A failure after that is told in
            `Fetched.stopped` and in the reasons of the PMIDs it concerns.
        """
        return fetch_all(pmids, self._deliver, progress)

    def match_citations(self, citations: Iterable[CitationKey]) -> Mapping[str, tuple[str, ...]]:
        """Return the PMIDs that ECitMatch gives for citations, by their keys; raises SourceError.

        A key that PubMed leaves out of its answer is left out. What is given is to be verified: a place in a
        journal wins over a wrong author.
        """
        form = {"bdata": question(citations), "retmode": "xml"}
        return self._ask("ECitMatch", form, read_matches, lenient=is_answer)

    def build(self) -> str:
        """Return PubMed's own version (DbBuild); raises SourceError."""
        return self._ask("EInfo", {}, read_build)

    def _answer(self, query: str, window: Window | None, most: int) -> Answer:
        form = {"term": query, "retmax": str(most), "retstart": "0", "retmode": "xml", **_dates(window)}
        return self._ask("ESearch", form, partial(_complete, most=most))

    def _deliver(self, pmids: tuple[str, ...]) -> Delivery:
        form = {"id": ",".join(pmids), "retmode": "xml"}
        return self._ask("EFetch", form, _delivery, lenient=no_such_ids)

    def _ask(
        self,
        utility: str,
        form: Mapping[str, str],
        read: Callable[[Reply], T],
        lenient: Callable[[Reply], bool] = lambda _: False,
    ) -> T:
        return self.ask(utility, {"db": "pubmed", **form}, read, lenient=lenient)


def _dates(window: Window | None) -> dict[str, str]:
    if window is None:
        return {}
    days = {"mindate": window.start, "maxdate": window.end}
    return {"datetype": "edat"} | {name: f"{day:%Y/%m/%d}" for name, day in days.items()}


def _complete(reply: Reply, most: int) -> Answer:
    """Read an answer, and refuse it where it lists fewer PMIDs than it counts."""
    answer = read_answer(reply)
    listed = len(set(answer.pmids))
    if most and answer.count <= most and not listed == len(answer.pmids) == answer.count:
        raise BadReply(
            f"{reply.where}: found {listed} different PMIDs in a list of {len(answer.pmids)}; "
            f"expected the {answer.count} that it counts; search again"
        )
    return answer


def _delivery(reply: Reply) -> Delivery:
    return () if no_such_ids(reply) else read_records(reply)
