"""Check a review's folder without changing anything: protocol, tables, and what the strategy finds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.by_hand.strategy_check import Asked, StrategyCheck, check_strategy, sentences
from review.baseline import read_reports, read_studies
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.published_effects import read_effects
from review.readback import read_back

__all__ = ["FolderReport", "check_review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """Headings with their sentences, and the strategy's check; None where the review is not searched."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    strategy: StrategyCheck | None = None


def check_review(folder: Path, asked: Asked | None = None) -> FolderReport:
    """Return the folder read back in sentences.

    Parameters
    ----------
    asked
        What to look at besides: a former version, full records, PubMed itself.

    Raises
    ------
    ReviewError
        When protocol or a table cannot be read.
    StrategyError, Refused
        When the strategy is not PubMed's syntax, or parts of it would be dropped in silence.
    SourceError
        When PubMed was to be asked and did not answer.
    """
    protocol = read_protocol(folder)
    plan = protocol.search.pubmed
    baseline = ("Where it starts", tuple(_baseline(folder, protocol)))
    check = check_strategy(folder, protocol, plan, asked or Asked()) if plan else None
    return FolderReport(sections=(*read_back(protocol), baseline, *_strategy(check)), strategy=check)


def _baseline(folder: Path, protocol: Protocol) -> Iterator[str]:
    studies = read_studies(folder / protocol.references.studies)
    reports = read_reports(folder / protocol.references.reports)
    effects = read_effects(folder / protocol.references.effects, protocol)
    included = sum(study.verdict == "include" for study in studies)
    yield f"{included} studies included and {len(studies) - included} excluded, in {len(reports)} reports."
    pmids, dois = sum(bool(one.record.pmid) for one in reports), sum(bool(one.record.doi) for one in reports)
    yield f"Verified identifiers: {pmids} PMIDs and {dois} DOIs of {len(reports)} reports."
    yield f"{len(effects)} published results of {len({one.estimate.study for one in effects})} studies."


def _strategy(check: StrategyCheck | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    found = "What its strategy finds"
    if check is None:
        yield found, ("There is none: this review is not searched.",)
        return
    yield found, tuple(sentences(check))
    if check.findings:
        said = (f"{one.finding.severity}: block {one.block}, {one.finding}." for one in check.findings)
        yield "What to look at in its strategy", tuple(said)
    if check.changes is not None:
        changes = tuple(f"{change}." for change in check.changes)
        yield "What changed in its strategy", changes or ("Nothing but layout, order or repetition.",)
