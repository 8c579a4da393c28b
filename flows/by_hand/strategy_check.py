"""What a review's strategy says, loses and changed, held against its reference reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.place import Place, open_place_store
from flows.steps.strategy import read_strategy
from review.baseline import read_reports, read_studies
from review.decision import Verdict
from review.identified import FILE_NAME, read_identified
from review.protocol import Protocol
from review.protocol_sources import PubMedSource
from review.record import Record
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.catalogue import read as read_catalogue
from search.pubmed import PubMed
from search.query.diff import Change
from search.readers import read as read_citations
from search.recall import Hit, Progress, Recall, Reference, Standing, StudyRecall, recall, recall_of_answers
from search.strategy import Finding
from store.errors import StoreMissingError

__all__ = ["Asked", "BlockFinding", "StrategyCheck", "check_strategy", "sentences", "stored_records"]

_ASKED_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a check is to look at besides the review's folder.

    Parameters
    ----------
    against
        A former version of the strategy file.
    records
        Files of citations that hold the full records of references.
    known
        Records that the review's own store holds.
    pubmed
        Where to ask each block for the references that have a PMID; None to stay offline.
    progress
        Called with how many steps are done, and the step at hand.
    """

    against: Path | None = None
    records: tuple[Path, ...] = ()
    known: tuple[Record, ...] = ()
    pubmed: PubMed | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFinding:
    """A finding of a block; its line counts from the top of the strategy file."""

    block: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyCheck:
    """Everything that was found out about a strategy.

    Parameters
    ----------
    sha256
        The digest of the strategy, by which runs and versions name it.
    limits
        What offline evaluation leaves open.
    changes
        Since the former version; None where no former version was named.
    online
        What PubMed answered; None where it was not asked.
    """

    path: Path
    sha256: str
    blocks: tuple[str, ...]
    findings: tuple[BlockFinding, ...]
    limits: tuple[str, ...]
    changes: tuple[Change, ...] | None
    offline: Recall
    online: Recall | None


def check_strategy(folder: Path, protocol: Protocol, plan: PubMedSource, asked: Asked) -> StrategyCheck:
    """Read the strategy, look it over, and hold it against the reference reports.

    Raises
    ------
    StrategyError, BlocksError
        When the strategy, or its former version, is not PubMed's syntax.
    Refused
        When PubMed would answer another question than the one written.
    UnreadableFile
        When a file of records holds none.
    SourceError
        When PubMed was to be asked and did not answer.
    """
    path = folder / plan.strategy
    blocks = read_strategy(path)
    findings = tuple(BlockFinding(block=name, finding=finding) for name, finding in blocks.lint())
    former = read_blocks(asked.against) if asked.against else None
    references = tuple(_references(folder, protocol, plan, _known(folder, protocol, asked)))
    return StrategyCheck(
        path=path,
        sha256=blocks.sha256,
        blocks=blocks.names,
        findings=findings,
        limits=_limits(blocks),
        changes=blocks.changes_since(former) if former else None,
        offline=recall(blocks, references, asked.progress),
        online=_asked_of(asked.pubmed, blocks, references, asked.progress) if asked.pubmed else None,
    )


def sentences(check: StrategyCheck) -> Iterator[str]:
    """Say what was found out, the losses first."""
    yield f"Blocks: {', '.join(check.blocks)}; joined by AND. Digest {check.sha256[:16]}."
    yield from _outcome("Offline", check.offline)
    if check.online:
        yield from _outcome("At PubMed", check.online)
    yield from (f"Offline: {limit}" for limit in check.limits)


def _outcome(where: str, found: Recall) -> Iterator[str]:
    for standing, plural in _STANDINGS.items():
        yes, lost, unknown = (found.of(standing, hit) for hit in (Hit.YES, Hit.NO, Hit.UNKNOWN))
        if lost:
            mark = "LOSES" if standing is not Standing.EXCLUDED else "does not find"
            yield f"{where} it {mark} {len(lost)} {plural}: {'; '.join(map(_lost, lost))}."
        if yes or lost:
            yield f"{where} it finds {len(yes)} of the {len(yes) + len(lost)} {plural} that can be judged."
        if unknown:
            names = ", ".join(one.study for one in unknown)
            yield f"{where} {len(unknown)} {plural} are not judged: {names}."


_STANDINGS = {
    Standing.INCLUDED: "included studies",
    Standing.CANARY: "canaries",
    Standing.EXCLUDED: "excluded studies",
}


def _lost(study: StudyRecall) -> str:
    perhaps = ", unless PubMed finds it by what is not known offline" if study.perhaps else ""
    return f"{study.study} (block {', '.join(study.losing)}{perhaps})"


def _limits(blocks: Blocks) -> tuple[str, ...]:
    return tuple(
        f"block {block.name}: {limit}" for block in blocks.blocks for limit in block.strategy.offline_limits()
    )


def stored_records(place: Place) -> tuple[Record, ...]:
    """Return the records that came from sources; none where the review has no store yet."""
    try:
        with open_place_store(place, create=False) as store:
            reports = store.reports().values()
    except StoreMissingError:
        return ()
    return tuple(record for report in reports for record in report.records if record.abstract)


def _known(folder: Path, protocol: Protocol, asked: Asked) -> dict[str, Record]:
    """Give the records whose words are known, by PMID and by DOI; those in files come first."""
    catalogue = read_catalogue(folder / protocol.rehearsal.catalogue) if protocol.rehearsal else ()
    given = (record for file in asked.records for record in read_citations(file).records)
    known: dict[str, Record] = {}
    for record in (*given, *asked.known, *catalogue):
        for key in filter(None, (record.pmid, record.doi.lower())):
            known.setdefault(key, record)
    return known


def _references(
    folder: Path, protocol: Protocol, plan: PubMedSource, known: dict[str, Record]
) -> Iterator[Reference]:
    studies = read_studies(folder / protocol.references.studies)
    included = {one.study for one in studies if one.verdict is Verdict.INCLUDE}
    path = folder / protocol.references.reports
    pmids = {row.report: row.pmid for row in read_identified(path.with_name(FILE_NAME))}
    for report in read_reports(path):
        record = report.record
        pmid = record.pmid or pmids.get(record.accession, "")
        yield Reference(
            label=record.accession,
            study=report.study,
            standing=Standing.INCLUDED if report.study in included else Standing.EXCLUDED,
            title=record.title,
            pmid=pmid,
            record=known.get(pmid) or known.get(record.doi.lower()),
        )
    for pmid in map(str, plan.canaries):
        seen = known.get(pmid)
        label, title = f"canary {pmid}", seen.title if seen else ""
        yield Reference(
            label=label, study=label, standing=Standing.CANARY, title=title, pmid=pmid, record=seen
        )


def _asked_of(
    pubmed: PubMed,
    blocks: Blocks,
    references: tuple[Reference, ...],
    progress: Progress | None,
) -> Recall:
    pmids = sorted({one.pmid for one in references if one.pmid})
    found: dict[str, set[str]] = {}
    for number, name in enumerate(blocks.names):
        if progress:
            progress(number, f"asking PubMed: {name}")
        found[name] = set()
        query = blocks.block(name).to_pubmed()
        for start in range(0, len(pmids), _ASKED_AT_ONCE):
            uids = " OR ".join(f"{pmid}[uid]" for pmid in pmids[start : start + _ASKED_AT_ONCE])
            found[name].update(pubmed.search(f"({query}) AND ({uids})").pmids)
    return recall_of_answers(references, found)
