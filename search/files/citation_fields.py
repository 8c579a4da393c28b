"""Small fields that every citation format writes in its own way: DOI, PMID, year, pages, names, lists."""

import re
from urllib.parse import unquote

__all__ = ["bare_doi", "names_in", "page_range", "parted", "pmcid_in", "pmid_in", "year_in"]

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+")
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_PMID = re.compile(
    r"\bPMID:?\s*(\d+)|\b(\d+)\s*\[PMID\]|\bPUBMED\s+(\d+)|pubmed\.ncbi\.nlm\.nih\.gov/(\d+)"
    r"|ncbi\.nlm\.nih\.gov/pubmed/(\d+)|ovid\.com/\S*[?&]D=(?:med|pmn|ppez|prem)\w*&\S*?\bAN=(\d+)",
    re.IGNORECASE,
)
_PMCID = re.compile(r"\bPMC\d+\b")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_SURNAME_INITIALS = re.compile(
    r"[^\W\d][\w'’.\- ]* (?:[^\W\d_a-z]{1,4}|(?:-?[^\W\d_a-z][a-z]?\.){1,5})(?: (?:Jr|Sr|II|III|IV)\.?)?"
)
_AND = re.compile(r"\s+and\s+")


def bare_doi(text: str) -> str:
    """Return the DOI in `text` without the address of its resolver; empty where there is none."""
    match = _DOI.search(_DOI_PREFIX.sub("", text.strip()))
    return unquote(match[0]).rstrip(".,;") if match else ""


def pmid_in(text: str) -> str:
    """Return a PMID that `text` calls by that name, or an address of PubMed's; empty where it calls none."""
    match = _PMID.search(text)
    return next(filter(None, match.groups())) if match else ""


def pmcid_in(text: str) -> str:
    """Return the first number of PubMed Central in `text`; empty where there is none."""
    match = _PMCID.search(text)
    return match[0] if match else ""


def year_in(text: str) -> int | None:
    """Return the first four-digit year of `text`."""
    match = _YEAR.search(text)
    return int(match[0]) if match else None


def page_range(start: str, end: str) -> str:
    """Return pages as ``start-end``, where the end adds something."""
    return start if not end or end == start or "-" in start else f"{start}-{end}"


def parted(text: str) -> tuple[str, ...]:
    """Return the parts of one cell, between semicolons or upright bars."""
    return tuple(filter(None, map(str.strip, re.split(r"[;|]", text))))


def names_in(text: str) -> tuple[str, ...]:
    """Return the authors in one cell.

    They are parted by semicolons; by *and* between names with a comma, as Rayyan and BibTeX write; or by
    commas, if each part is *Name INITIALS*, as Embase and PubMed write.
    """
    if ";" in text:
        names = text.split(";")
    elif len(parts := _AND.split(text)) > 1 and all("," in part for part in parts):
        names = parts
    else:
        # PubMed ends its list of names with a point.
        names = _by_comma(text) or _by_comma(text.removesuffix(".")) or [text]
    return tuple(filter(None, map(str.strip, names)))


def _by_comma(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    return names if len(names) > 1 and all(map(_SURNAME_INITIALS.fullmatch, names)) else []
