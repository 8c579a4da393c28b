"""What a replay runs on: the catalogue, the known later trials, and what others decided and measured."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from flows.place import Place
from review.baseline import LaterTrial, PublishedDecision, read_decisions, read_trials
from review.errors import ReviewError
from review.ids import StudyId
from review.protocol import Rehearsal
from review.published_effects import PublishedEffect, read_effects
from review.record import Record
from search.catalogue import read as read_catalogue
from search.catalogue import with_abstracts
from search.links.likeness import normal_title

__all__ = ["Material", "read_material"]

PACKAGES = ("review", "search", "classifier", "synthesis", "store", "publisher", "flows")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a replay reads, and its digest.

    Parameters
    ----------
    reports
        The catalogue entry of each later trial that has one.
    near_misses
        Accessions of the entries that were gathered because they resemble the review's trials.
    """

    rehearsal: Rehearsal
    catalogue: tuple[Record, ...]
    trials: tuple[LaterTrial, ...]
    decisions: tuple[PublishedDecision, ...]
    effects: tuple[PublishedEffect, ...]
    baseline_effects: tuple[PublishedEffect, ...]
    reports: dict[StudyId, Record]
    near_misses: frozenset[str]
    digest: str


def read_material(place: Place, abstracts: Path | None = None) -> Material:
    """Read the rehearsal of a review.

    Parameters
    ----------
    abstracts
        A team's own full records, which take the place of the index of words in the entries they match.

    Raises
    ------
    ReviewError
        When the protocol has no rehearsal or one of its tables cannot be read.
    """
    rehearsal = place.protocol.rehearsal
    if rehearsal is None:
        raise ReviewError(
            f"{place.folder / 'protocol.toml'}: rehearsal",
            "nothing",
            "a [rehearsal] table that names a catalogue",
            "add one, or replay protocols/internet-pain",
        )
    catalogue = read_catalogue(place.folder / rehearsal.catalogue)
    if abstracts:
        catalogue = with_abstracts(catalogue, abstracts)
    trials = read_trials(place.folder / rehearsal.trials)
    references = place.protocol.references
    return Material(
        rehearsal=rehearsal,
        catalogue=catalogue,
        trials=trials,
        decisions=read_decisions(place.folder / rehearsal.decisions),
        effects=read_effects(place.folder / rehearsal.effects, place.protocol),
        baseline_effects=read_effects(place.folder / references.effects, place.protocol),
        reports=_reports(trials, catalogue),
        near_misses=_near_misses(place.folder / rehearsal.near_misses),
        digest=_digest(place.folder, abstracts),
    )


def _reports(trials: tuple[LaterTrial, ...], catalogue: tuple[Record, ...]) -> dict[StudyId, Record]:
    by_pmid = {record.pmid: record for record in catalogue if record.pmid}
    by_doi = {record.doi.lower(): record for record in catalogue if record.doi}
    by_title = {normal_title(record.title): record for record in catalogue}
    found = {
        trial.study: by_pmid.get(trial.pmid)
        or by_doi.get(trial.doi.lower())
        or by_title.get(normal_title(trial.title))
        for trial in trials
        if trial.in_catalogue
    }
    return {study: record for study, record in found.items() if record}


def _near_misses(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="utf-8").split())


def _digest(folder: Path, abstracts: Path | None) -> str:
    """Return the digest of all that a replay depends on: the folder's files, the abstracts, the code."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    parts = {str(path.relative_to(folder)): _sha256(path) for path in files}
    parts["abstracts"] = _sha256(abstracts) if abstracts else ""
    parts["code"] = _code_digest()
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _code_digest() -> str:
    """Return the digest of our own sources: another version may replay the same material otherwise."""
    project = Path(__file__).resolve().parents[2]
    sources = sorted(path for package in PACKAGES for path in (project / package).rglob("*.py"))
    return hashlib.sha256("".join(map(_sha256, sources)).encode()).hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
