"""Check a review's folder without changing anything: protocol, tables, and what the strategy finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.errors import Refused
from review.baseline import BaselineReport, read_effects, read_reports, read_studies
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.readback import read_back
from review.record import Record
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.catalogue import read as read_catalogue

__all__ = ["FolderReport", "check_review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """Headings with their sentences."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]


def check_review(folder: Path) -> FolderReport:
    """Return the folder read back in sentences.

    Raises
    ------
    ReviewError
        When protocol or a table cannot be read.
    StrategyError, Refused
        When the strategy is not PubMed's syntax, or parts of it would be dropped in silence.
    """
    protocol = read_protocol(folder)
    baseline = tuple(_baseline(folder, protocol))
    strategy = tuple(_strategy(folder, protocol))
    return FolderReport(
        sections=(*read_back(protocol), ("Where it starts", baseline), ("What its strategy finds", strategy))
    )


def _baseline(folder: Path, protocol: Protocol) -> Iterator[str]:
    studies = read_studies(folder / protocol.references.studies)
    reports = read_reports(folder / protocol.references.reports)
    effects = read_effects(folder / protocol.references.effects, protocol)
    included = sum(study.verdict == "include" for study in studies)
    yield f"{included} studies included and {len(studies) - included} excluded, in {len(reports)} reports."
    pmids, dois = sum(bool(one.record.pmid) for one in reports), sum(bool(one.record.doi) for one in reports)
    yield f"Verified identifiers: {pmids} PMIDs and {dois} DOIs of {len(reports)} reports."
    yield f"{len(effects)} published results of {len({one.estimate.study for one in effects})} studies."


def _strategy(folder: Path, protocol: Protocol) -> Iterator[str]:
    if protocol.search.pubmed is None:
        yield "There is none: this review is not searched."
        return
    path = folder / protocol.search.pubmed.strategy
    blocks = read_blocks(path)
    for name in blocks.names:
        for finding in blocks.block(name).lint():
            raise Refused(
                f"{path}: block {name}, line {finding.line}, column {finding.column}: {finding.message}"
            )
    yield f"Blocks: {', '.join(blocks.names)}; joined by AND."
    if protocol.rehearsal:
        reports = read_reports(folder / protocol.references.reports)
        yield from _found(blocks, reports, read_catalogue(folder / protocol.rehearsal.catalogue))


def _found(blocks: Blocks, reports: tuple[BaselineReport, ...], known: tuple[Record, ...]) -> Iterator[str]:
    """Say which reference reports the strategy finds among the records whose words are known offline."""
    by_pmid = {record.pmid: record for record in known}
    texts = {one.study: by_pmid[one.record.pmid] for one in reports if one.record.pmid in by_pmid}
    lost = {
        study: [name for name in blocks.names if not blocks.block(name).matches(record)]
        for study, record in texts.items()
    }
    found = sum(not names for names in lost.values())
    yield f"Offline, without MeSH explosion, it finds {found} of {len(texts)} reference reports with a PMID."
    for name in blocks.names:
        missed = [study for study, names in lost.items() if name in names]
        if missed:
            yield f"Block {name} does not match {len(missed)}: {', '.join(missed)}."
