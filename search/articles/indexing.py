"""What a record is listed under and tied to: headings, keywords, types, registrations, corrections."""

import re
from itertools import chain

from review.record import Correction
from search.articles.parts import each
from search.articles.shapes import (
    ACCESSION_NUMBER,
    CORRECTION,
    DATA_BANK,
    GENERAL_NOTE,
    KEYWORD,
    MESH_HEADING,
    PUBLICATION_TYPE,
    QUALIFIER,
)
from search.articles.texts import plain, plain_all

__all__ = ["corrections", "headings", "keywords", "notes", "registrations", "types"]

_DATA_BANKS = re.compile(
    r"bioproject|dbgap|dbsnp|dbvar|dryad|figshare|gdb|genbank|geo|omim|pdb|pir|pubchem.*|refseq|sra|swissprot"
    r"|uniprotkb|uniparc|uniref|unimes",
    re.IGNORECASE,
)
"""NLM's data banks that register no trials: sequences, structures and data sets."""
_HEADINGS, _QUALIFIERS = each(MESH_HEADING), each(QUALIFIER)
_KEYWORDS, _TYPES, _NOTES = each(KEYWORD), each(PUBLICATION_TYPE), each(GENERAL_NOTE)
_BANKS, _NUMBERS, _TIES = each(DATA_BANK), each(ACCESSION_NUMBER), each(CORRECTION)


def headings(listed: str) -> tuple[str, ...]:
    """Return headings as MEDLINE prints them: ``Pain/*psychology``, a star at what is a major topic."""
    return tuple(
        [
            _topic(major, name) + (_qualified(qualifiers) if qualifiers else "")
            for major, name, qualifiers in _HEADINGS.findall(listed)
        ]
    )


def keywords(lists: str) -> tuple[str, ...]:
    """Return the keywords of all lists."""
    return plain_all(_KEYWORDS.findall(lists))


def types(listed: str) -> tuple[str, ...]:
    """Return the types of publication."""
    return plain_all(_TYPES.findall(listed))


def notes(listed: str) -> tuple[str, ...]:
    """Return the general notes."""
    return plain_all(_NOTES.findall(listed))


def registrations(banks: str) -> tuple[str, ...]:
    """Return the accession numbers of registers of trials."""
    if not banks:
        return ()
    listed = [(plain(name), plain_all(_NUMBERS.findall(numbers))) for name, numbers in _BANKS.findall(banks)]
    registered = [numbers for name, numbers in listed if not _DATA_BANKS.fullmatch(name)]
    return tuple(dict.fromkeys(chain.from_iterable(registered)))


def corrections(listed: str) -> tuple[Correction, ...]:
    """Return the ties to other documents, but for cited works, which files before 2019 list here too."""
    if not listed:
        return ()
    return tuple(
        [
            Correction(kind=plain(kind), pmid=plain(pmid), citation=plain(citation))
            for kind, citation, pmid in _TIES.findall(listed)
            if kind != "Cites"
        ]
    )


def _topic(major: str, name: str) -> str:
    return f"*{plain(name)}" if major == "Y" else plain(name)


def _qualified(qualifiers: str) -> str:
    return "".join([f"/{_topic(*one)}" for one in _QUALIFIERS.findall(qualifiers)])
