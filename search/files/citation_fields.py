"""Small fields that every citation format writes in its own way: DOI, PMID, year, pages, names."""

import re
from urllib.parse import unquote

__all__ = ["bare_doi", "names_in", "page_range", "pmid_in", "year_in"]

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID:?\s*(\d+)|\b(\d+)\s*\[PMID\]", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_SURNAME_INITIALS = re.compile(r"[^\W\d][\w'’.\- ]* [^\W\d_a-z]{1,4}")


def bare_doi(text: str) -> str:
    """Return the DOI in `text` without the address of its resolver; empty where there is none."""
    match = _DOI.search(_DOI_PREFIX.sub("", text.strip()))
    return unquote(match[0]).rstrip(".,;") if match else ""


def pmid_in(text: str) -> str:
    """Return a PMID that `text` calls by that name; empty where it calls none."""
    match = _PMID.search(text)
    return (match[1] or match[2]) if match else ""


def year_in(text: str) -> int | None:
    """Return the first four-digit year of `text`."""
    match = _YEAR.search(text)
    return int(match[0]) if match else None


def page_range(start: str, end: str) -> str:
    """Return pages as ``start-end``, where the end adds something."""
    return start if not end or end == start or "-" in start else f"{start}-{end}"


def names_in(text: str) -> tuple[str, ...]:
    """Return the authors in one cell: parted by semicolons, or by commas if each part is *Name INITIALS*."""
    by_comma = [name.strip() for name in text.split(",")]
    plain = ";" not in text and len(by_comma) > 1 and all(map(_SURNAME_INITIALS.fullmatch, by_comma))
    names = by_comma if plain else [name.strip() for name in text.split(";")]
    return tuple(name for name in names if name)
