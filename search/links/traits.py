"""What linking reads from a record, once: identifiers, title, first author, place."""

import re
from dataclasses import dataclass

from review.record import Record
from search.files.citation_fields import bare_doi
from search.links.likeness import Sketch, sketch, title_words
from search.registrations import normal_registration

__all__ = ["Traits", "doi_of", "pmcid_of", "registered", "same_journal", "traits"]

_PMCID = re.compile(r"(?:PMC)?(\d+)(?:\.\d+)?", re.IGNORECASE)
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?!gr\.|gad\.|lm\.|cshperspect|sqb|pdb)|64898/|21203/rs|2139/ssrn|20944/preprints|31234/|"
    r"31219/|31235/|48550/arxiv|22541/au|2196/preprints|36227/techrxiv|26434/chemrxiv|7287/peerj\.preprints)"
)
"""Preprint servers' prefixes, as Crossref and DataCite list them; Cold Spring Harbor's journals share one."""
_PREPRINT_JOURNAL = re.compile(
    r"\b(?:(?:med|bio|ar|chem|psy|tech|soc)rxiv|research square|ssrn|preprints(?:\.org)?|authorea)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[A-Za-z]{2,8}[-:/\d][\w/.-]*\d|\d{4}-\d{6}-\d\d$")
"""How registers number their entries; a quick look before the slow one."""
_SMALL = frozenset({"of", "the", "and", "in", "for", "on", "de", "der", "a", "und", "et"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """A record as linking sees it; an empty text is what the record does not say."""

    record: Record
    sketch: Sketch
    pmid: str
    doi: str
    pmcid: str
    registered: str
    preprint: bool


def traits(record: Record) -> Traits:
    """Read a record."""
    doi = doi_of(record)
    return Traits(
        record=record,
        sketch=sketch(record),
        pmid=record.pmid.strip(),
        doi=doi,
        pmcid=pmcid_of(record),
        registered=registered(record),
        preprint=_is_preprint(record, doi),
    )


def doi_of(record: Record) -> str:
    """Return the record's DOI in lower case, without the address of a resolver."""
    return (bare_doi(record.doi) or record.doi.strip()).lower() if record.doi else ""


def pmcid_of(record: Record) -> str:
    """Return the record's PMCID as ``PMC123``, without its version; empty for none."""
    match = _PMCID.fullmatch(record.pmcid.strip()) if record.pmcid else None
    return f"PMC{match[1]}" if match else ""


def registered(record: Record) -> str:
    """Return the number that a register's own entry stands under; empty for what is no register's entry."""
    return normal_registration(record.accession) if _NUMBERED.match(record.accession) else ""


def same_journal(one: str, other: str) -> bool | None:
    """Return whether one name abbreviates the other, word by word; None where one is not said."""
    first, second = _journal_words(one), _journal_words(other)
    if not first or not second:
        return None
    return len(first) == len(second) and all(
        a.startswith(b) or b.startswith(a) for a, b in zip(first, second, strict=True)
    )


def _journal_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in title_words(name) if word not in _SMALL)


def _is_preprint(record: Record, doi: str) -> bool:
    typed = any(kind.lower() == "preprint" for kind in record.publication_types)
    return typed or bool(_PREPRINT_DOI.match(doi)) or bool(_PREPRINT_JOURNAL.search(record.journal))
