"""The documents of the pain review's development data: records.jsonl completed by identifiers.jsonl.

One dictionary for each document, in the order of the files. What no source showed is None or empty.
"""

import json
import re
from pathlib import Path
from typing import Any

__all__ = ["Document", "documents"]

Document = dict[str, Any]

# What an entry of the data says of itself in prose, as facts: read by a person, once.
NOT_VERIFIED = {
    "Collinge 2013": "journal not verified",
    "Haugmark 2021": "year not verified",
    "Sciamanna 2006": "journal not verified",
    "Trautmann 2010": "year not verified",
}
SOLE_AUTHOR = {"Brattberg 2006", "Brattberg 2007"}
TITLE_FROM_MEMORY = "title from memory"
_PLACE = re.compile(r"(\d+)\s*(?:\(([^)]+)\))?\s*:\s*(e?\d[\w–-]*)")
_VOLUME = re.compile(r"(?:\d{4}\()?(\d+)\)?(?:\(([^)]+)\))?$")
_REGISTRATION = re.compile(r"\bNCT\d{8}\b")
_LABEL_YEAR = re.compile(r"\b(19|20)\d\d\b")


def documents(data: Path) -> list[Document]:
    """Return every document once: those of records.jsonl, then what only identifiers.jsonl tells.

    Parameters
    ----------
    data
        The folder that holds ``pain/records.jsonl`` and ``pain/identifiers.jsonl``.
    """
    records = _lines(data / "pain/records.jsonl")
    certain = [one for one in _lines(data / "pain/identifiers.jsonl") if one["identity"] == "certain"]
    found = [_merge(record, _same(record, certain)) for record in records]
    known = [id(_same(record, certain)) for record in records]
    # An entry without title or year cannot be found by a search: it adds nothing to a catalogue.
    alone = [one for one in certain if id(one) not in known and one["title"] and one["year"]]
    return found + [_merge({"study_label": one["study_label"], "group": one["group"]}, one) for one in alone]


def _lines(path: Path) -> list[Document]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _same(record: Document, identified: list[Document]) -> Document | None:
    return next((one for one in identified if _identical(record, one)), None)


def _identical(record: Document, one: Document) -> bool:
    if any(record[key] and record[key] == one[key] for key in ("study_label", "pmid", "pmcid")):
        return True
    return bool(record["doi"]) and record["doi"].lower() == (one["doi"] or "").lower()


def _merge(record: Document, one: Document | None) -> Document:
    """Prefer what was looked up once more; keep the longer list of authors and the record's abstract."""
    one = one or {}
    label = record["study_label"] or ""
    authors, complete = _authors(record.get("authors"), one.get("authors"))
    volume, issue, pages = _place(record, one)
    title = _title(record, one)
    looked_at = bool(title or record.get("journal") or one.get("journal"))
    pages, cut = re.subn(r"[-–]$| \(first page\)$", "", pages)
    doubts = (
        (NOT_VERIFIED.get(label, ""), label in NOT_VERIFIED),
        ("only the label of the study was seen", not looked_at),
        ("author list seen in part", bool(authors and label) and not complete and label not in SOLE_AUTHOR),
        ("of the pages only the first number was seen", bool(cut)),
    )
    return {
        "label": label,
        "group": record["group"],
        "title": title,
        "abstract": record.get("abstract") or "",
        "truncated": bool(record.get("abstract_truncated")),
        "authors": authors,
        "journal": one.get("journal") or record.get("journal") or "",
        **_year(record, one, label),
        "volume": volume,
        "issue": issue,
        "pages": pages,
        **_identifier("pmid", record, one),
        **_identifier("doi", record, one),
        "pmcid": one.get("pmcid") or record.get("pmcid") or "",
        "publication_types": one.get("publication_types") or record.get("publication_types") or [],
        "mesh": record.get("mesh") or [],
        "mesh_partial": "mesh" in (record.get("note") or "").lower(),
        "keywords": record.get("keywords") or [],
        "registration": one.get("registration") or _registration(record),
        "citation": record.get("seed_citation") or record.get("citation") or "",
        "online": " ".join((record.get("citation") or "", one.get("note") or "")),
        "source": (record.get("source") or []) + (one.get("source") or []),
        "notes": [text for text, holds in doubts if holds],
    }


def _title(record: Document, one: Document) -> str:
    looked_up = "" if TITLE_FROM_MEMORY in (one.get("note") or "") else one.get("title")
    return re.sub(r"\s+", " ", looked_up or record.get("title") or "").strip()


def _authors(*lists: list[str] | None) -> tuple[list[str], bool]:
    """Return the longest list of names, and whether any list claims to be whole."""
    named = [[name for name in names if name and name != "et al"] for names in lists if names]
    longest = max(named, key=len, default=[])
    cut = any("et al" in names for names in lists if names and len(names) > len(longest))
    return longest, len(longest) > 1 and not cut


def _year(record: Document, one: Document, label: str) -> Document:
    seen = one.get("year") or record.get("year")
    if seen:
        return {"year": seen, "year_seen": True}
    found = _LABEL_YEAR.search(label)
    return {"year": int(found.group()) if found else None, "year_seen": False}


def _place(record: Document, one: Document) -> tuple[str, str, str]:
    cited = _PLACE.search(record.get("citation") or "")
    volume, issue, pages = (part or "" for part in cited.groups()) if cited else ("", "", "")
    looked_up = _VOLUME.match(one.get("volume") or "")
    if looked_up:
        volume, issue = looked_up.group(1), looked_up.group(2) or issue
    return volume, issue, one.get("pages") or pages


def _registration(record: Document) -> str:
    # Only the record's own note: the notes of looked-up identifiers name other trials too.
    found = _REGISTRATION.search(record.get("note") or "")
    return found.group() if found else ""


def _identifier(name: str, record: Document, one: Document) -> Document:
    """Return the verified identifier, the unverified one beside it under its own key."""
    stated = [(source.get(name), source.get(f"{name}_verified")) for source in (one, record)]
    verified = next((value for value, sure in stated if value and sure), "")
    claimed = next((value for value, _ in stated if value), "")
    return {name: verified, f"{name}_claimed": "" if verified else claimed}
