"""One entry of the stand-in's registry in JSON, as the registry's study data structure has it."""

from collections.abc import Iterator
from typing import Any

from review.record import Correction, Record

__all__ = ["study_of"]


def study_of(record: Record) -> dict[str, Any]:
    """Write a registration; its last author is the sponsor, its keywords are conditions."""
    sections = {
        "identificationModule": _identification(record),
        "statusModule": dict(_status(record)),
        "sponsorCollaboratorsModule": _sponsor(record),
        "descriptionModule": {"briefSummary": record.abstract} if record.abstract else {},
        "conditionsModule": {"conditions": list(record.keywords)} if record.keywords else {},
        "designModule": _design(record),
        "contactsLocationsModule": {"overallOfficials": [{"name": name} for name in record.authors[:-1]]},
        "referencesModule": {"references": list(map(_reference, record.corrections))},
    }
    return {
        "protocolSection": {name: module for name, module in sections.items() if module},
        "hasResults": any("Results" in note for note in record.notes),
    }


def _identification(record: Record) -> dict[str, Any]:
    others = [number for number in record.registrations if number != record.accession]
    return {
        "nctId": record.accession,
        **({"briefTitle": record.title, "officialTitle": record.title} if record.title else {}),
        "secondaryIdInfos": [{"id": number, "type": "REGISTRY"} for number in others],
    }


def _status(record: Record) -> Iterator[tuple[str, Any]]:
    yield "overallStatus", record.status or "UNKNOWN"
    if record.year:
        yield "startDateStruct", {"date": f"{record.year}-03", "type": "ACTUAL"}
    if record.entered:
        yield "studyFirstPostDateStruct", {"date": record.entered.isoformat(), "type": "ACTUAL"}
    if changed := record.revised or record.entered:
        yield "lastUpdatePostDateStruct", {"date": changed.isoformat(), "type": "ACTUAL"}


def _sponsor(record: Record) -> dict[str, Any]:
    return {"leadSponsor": {"name": record.authors[-1], "class": "OTHER"}} if record.authors else {}


def _design(record: Record) -> dict[str, Any]:
    randomised = "Randomized" in record.publication_types
    info = {"designInfo": {"allocation": "RANDOMIZED"}} if randomised else {}
    return {"studyType": "INTERVENTIONAL", **info}


def _reference(correction: Correction) -> dict[str, str]:
    kind = correction.kind.removeprefix("Reference").upper()
    return {"pmid": correction.pmid, "type": kind, "citation": correction.citation}
