"""What citation chasing brought home: each report once, with what led to it, in full or accounted for."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from review.record import Record
from search.eutils.fetching import Fetched
from search.sources.chase import Chase

__all__ = ["Harvest", "gather"]

_TRAILS = {"forward": "Cites {}, which is included.", "backward": "Cited by {}, which is included."}
_LATER = "not received"


@dataclass(slots=True)
class Harvest:
    """Linked reports that are not known, by accession, and what led to each."""

    entries: dict[str, Record] = field(default_factory=dict)
    trails: dict[str, list[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)

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

    def deliver(self, fetched: Fetched) -> tuple[tuple[Record, ...], tuple[tuple[str, str], ...]]:
        """Return the records, PubMed's where it has them, and PMIDs that brought none, with the reason.

        What PubMed has no record of is delivered as Europe PMC tells of it.
        """
        given = {record.pmid: record for record in fetched.records}
        reasons = dict(fetched.missing)
        records = [
            self._filed(accession, given.get(accession, record), reasons.get(accession, ""))
            for accession, record in self.entries.items()
            if accession not in reasons or self._told(record, reasons[accession])
        ]
        missing = [
            (pmid, reason)
            for pmid, reason in reasons.items()
            if not self._told(self.entries[pmid], reason) and not self._gone(pmid, reason)
        ]
        return tuple(records), tuple(missing)

    def messages(self) -> tuple[str, ...]:
        """Say how many linked reports are known already, and which PubMed has deleted."""
        known = f"{len(self.known)} linked reports are known already"
        deleted = f"PubMed has deleted linked PMID {', '.join(self.deleted)}"
        return (*((known,) if self.known else ()), *((deleted,) if self.deleted else ()))

    def _filed(self, accession: str, record: Record, reason: str) -> Record:
        lacking = (f"As Europe PMC cites it: {reason}.",) if reason else ()
        notes = (*record.notes, *lacking, *self.trails[accession])
        return replace(record, source="citations", accession=accession, notes=notes)

    def _told(self, record: Record, reason: str) -> bool:
        return bool(record.title) and not reason.startswith(_LATER)

    def _gone(self, pmid: str, reason: str) -> bool:
        gone = "deleted" in reason
        if gone and pmid not in self.deleted:
            self.deleted.append(pmid)
        return gone


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
