"""What citation chasing brought home: each report once, with what led to it, in full or accounted for."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace

from review.record import Record
from search.eutils.fetching import Fetched
from search.sources.chase import Chase

__all__ = ["Harvest", "gather"]

_TRAILS = {"forward": "Cites {}, which is included.", "backward": "Cited by {}, which is included."}
_LATER = "not received"


@dataclass(slots=True)
class Harvest:
    """Linked reports that are not known, by accession, and what led to each.

    Parameters
    ----------
    merged
        PMIDs that PubMed gives another record for, each with the one of that record.
    looked_at
        PMIDs of which somebody has said that PubMed has no record, as far as they were linked.
    """

    entries: dict[str, Record] = field(default_factory=dict)
    trails: dict[str, list[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)
    looked_at: list[str] = field(default_factory=list)

    @property
    def pmids(self) -> tuple[str, ...]:
        """Those that PubMed has in full."""
        return tuple(record.pmid for record in self.entries.values() if record.pmid)

    def add(self, record: Record, trail: str) -> None:
        """Take in a report, the fuller of what is said of it, and how it was found."""
        before = self.entries.get(record.accession)
        if before is None or not before.title:
            self.entries[record.accession] = record
        trails = self.trails.setdefault(record.accession, [])
        if trail not in trails:
            trails.append(trail)

    def follow(self, fetched: Fetched, held: Callable[[str], bool]) -> tuple[str, ...]:
        """Let what led to a merged PMID lead to the one it was merged into; return which are to be fetched.

        Parameters
        ----------
        held
            Whether a PMID is included or known.
        """
        asked = set(self.pmids)
        survivors = {self._move(pmid, into, held=held(into)) for pmid, into in fetched.replaced}
        return tuple(sorted(survivors & self.entries.keys() - asked))

    def deliver(
        self, fetched: Iterable[Fetched], undeliverable: Container[str] = ()
    ) -> tuple[tuple[Record, ...], tuple[tuple[str, str], ...]]:
        """Return the records, PubMed's where it has them, and PMIDs that brought none, with the reason.

        What PubMed has no record of is delivered as Europe PMC tells of it.

        Parameters
        ----------
        undeliverable
            PMIDs of which somebody has said that PubMed has no record: they are told of in a message.
        """
        answers = tuple(fetched)
        given = {record.pmid: record for one in answers for record in one.records}
        reasons = {pmid: why for one in answers for pmid, why in one.missing if pmid in self.entries}
        deleted = {pmid for one in answers for pmid in one.deleted}
        records = [
            self._filed(accession, given.get(accession, record), reasons.get(accession, ""))
            for accession, record in self.entries.items()
            if accession not in reasons or self._told(record, reasons[accession])
        ]
        lacking = {pmid: why for pmid, why in reasons.items() if not self._told(self.entries[pmid], why)}
        self.deleted = [pmid for pmid in lacking if pmid in deleted]
        self.looked_at = [pmid for pmid in lacking if pmid in undeliverable and pmid not in deleted]
        explained = {*self.deleted, *self.looked_at}
        return tuple(records), tuple((pmid, why) for pmid, why in lacking.items() if pmid not in explained)

    def messages(self) -> tuple[str, ...]:
        """Say how many linked reports are known already, and which PubMed merged, deleted or never had."""
        merged = ", ".join(f"{pmid} into {into}" for pmid, into in self.merged.items())
        said = (
            (self.known, f"{len(self.known)} linked reports are known already"),
            (self.merged, f"PubMed has merged linked PMID {merged}"),
            (self.deleted, f"PubMed has deleted linked PMID {', '.join(self.deleted)}"),
            (self.looked_at, f"the protocol says that PubMed has no record of {', '.join(self.looked_at)}"),
        )
        return tuple(text for there, text in said if there)

    def _move(self, pmid: str, into: str, *, held: bool) -> str:
        """File a report under another PMID, or count it as known; return that PMID."""
        record, trails = self.entries.pop(pmid), self.trails.pop(pmid)
        self.merged[pmid] = into
        if held:
            self.known.add(into)
            return into
        for trail in trails:
            self.add(replace(record, accession=into, pmid=into), trail)
        return into

    def _filed(self, accession: str, record: Record, reason: str) -> Record:
        lacking = (f"As Europe PMC cites it: {reason}.",) if reason else ()
        notes = (*record.notes, *lacking, *self.trails[accession])
        return replace(record, source="citations", accession=accession, notes=notes)

    def _told(self, record: Record, reason: str) -> bool:
        return bool(record.title) and not reason.startswith(_LATER)


def gather(chases: Iterable[Chase], included: Container[str], known: Container[str]) -> Harvest:
    """Put together what several directions named, without the included and the known.

    Parameters
    ----------
    included, known
        PMIDs.
    """
    harvest = Harvest()
    for chase in chases:
        for seed, linked in chase.linked.items():
            for record in linked.records:
                if record.pmid and (record.pmid in included or record.pmid in known):
                    harvest.known.add(record.pmid)
                else:
                    harvest.add(record, _TRAILS[chase.name].format(seed.name))
    return harvest
