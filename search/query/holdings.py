"""Where a record holds less than PubMed indexes of it: the fields, and what is missing there.

Source: PubMed User Guide (NLM), "Search field tags"; what a record holds is `review.record.Record`.
"""

import re

from review.record import Record
from search.query.tree import DateRange, Term
from search.registrations import normal_registration
from search.words import folded_words

__all__ = ["held_less", "undated"]

_LESS = {
    "all": "Looked for in what a record holds; PubMed also looks in affiliations, substances and more",
    "tw": "Looked for in what a record holds; PubMed also looks in substances, groups, names and notes",
    "ta": "A journal is known offline by one name; PubMed also knows its abbreviations and its ISSNs",
    "la": "Only the first language of a record is known offline",
    "aid": "Of article identifiers only DOI and PMCID are known offline",
    "lid": "Of article locations only the DOI is known offline",
    "pg": "Pages are compared as printed, and the first page up to a hyphen",
    "si": "Of secondary sources only numbers of trial registries are known offline",
    "auid": "Of authors' identifiers only ORCIDs are known offline",
    **dict.fromkeys(
        ("au", "1au", "lastau"),
        "Authors are known offline by last name and initials; PubMed also knows full names",
    ),
}

_UNTAGGED = (
    "Untagged terms are looked for as written, in what a record holds; "
    "PubMed maps them by rules that change over time"
)

_ORCID = re.compile(r"(?:orcid )?(?:\d{4} ){3}\d{3}[\dx]")
_PMCID = re.compile(r"PMC\d+", re.IGNORECASE)
_INITIALS = 2


def held_less(term: Term) -> str:
    """Say what a record lacks of a term's field; empty where it holds what PubMed indexes.

    A term of which a record holds all is none: a registration number, an ORCID, a DOI, initials.
    """
    if term.field is None:
        return _LESS["all"] if term.quoted else _UNTAGGED
    tag = term.field.tag
    whole = _WHOLE.get(tag)
    return "" if whole and whole(term.text) else _LESS.get(tag, "")


def undated(span: DateRange, record: Record) -> bool:
    """Tell whether PubMed might date a record into a range into which its known day does not fall."""
    tag = span.field.tag
    if tag == "lr":
        return record.revised is None
    return tag in {"dp", "crdt"} or record.entered is None


def _is_registration(text: str) -> bool:
    number = text.rsplit("/", 1)[-1].strip()
    return bool(number) and normal_registration(number).casefold() == number.casefold()


def _is_orcid(text: str) -> bool:
    return _ORCID.fullmatch(" ".join(folded_words(text))) is not None


def _is_doi(text: str) -> bool:
    return "*" not in text and text.strip().startswith("10.")


def _is_article_id(text: str) -> bool:
    return _is_doi(text) or _PMCID.fullmatch(text.strip()) is not None


def _is_short_name(text: str) -> bool:
    """Tell whether a name is a last name alone or ends in initials."""
    words = folded_words(text.partition("*")[0])
    return len(words) <= 1 or len(words[-1]) <= _INITIALS


_WHOLE = {
    "aid": _is_article_id,
    "lid": _is_doi,
    "si": _is_registration,
    "auid": _is_orcid,
    **dict.fromkeys(("au", "1au", "lastau"), _is_short_name),
}
