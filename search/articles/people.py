"""Authors of PubMed XML: names as PubMed prints them, groups, and their ORCIDs."""

import re
from collections.abc import Container, Iterable, Sequence
from xml.etree.ElementTree import Element

from search.articles.elements import plain

__all__ = ["Author", "authors_in", "names", "orcids"]

Author = tuple[str, str]
"""Name, and ORCID or nothing."""

_PERSON = ("LastName", "Initials", "Suffix")
_BY_FIRST_NAME = ("LastName", "ForeName", "Suffix")
_ORCID = re.compile(r"(\d{4})[- ]?(\d{4})[- ]?(\d{4})[- ]?(\d{3}[\dXx])/?$")


def authors_in(lists: Iterable[Element]) -> list[Author]:
    """Return persons and groups in their order; superseded spellings (ValidYN is N) are left out."""
    listed = [
        author for several in lists for author in several.findall("Author") if author.get("ValidYN") != "N"
    ]
    return [author for author in map(_author, listed) if author[0]]


def names(authors: Sequence[Author]) -> tuple[str, ...]:
    """Return the names (``Doe JA Jr``)."""
    return tuple([name for name, _ in authors])


def orcids(authors: Sequence[Author]) -> tuple[str, ...]:
    """Return one ORCID an author, empty where there is none; nothing where nobody has one."""
    found = tuple([orcid for _, orcid in authors])
    return found if any(found) else ()


def _author(element: Element) -> Author:
    parts = {part.tag: part for part in element}
    own = [plain(parts[tag]) for tag in _given(parts) if tag in parts]
    return " ".join(filter(None, own)), _orcid(element) if "Identifier" in parts else ""


def _given(parts: Container[str]) -> tuple[str, ...]:
    if "LastName" not in parts:
        return ("CollectiveName",)
    return _PERSON if "Initials" in parts else _BY_FIRST_NAME


def _orcid(author: Element) -> str:
    """Return ``0000-0000-0000-0000``, whatever address or spacing it is written with."""
    declared = [plain(own) for own in author.findall("Identifier") if own.get("Source") == "ORCID"]
    read = filter(None, map(_ORCID.search, declared))
    return next(("-".join(found.groups()).upper() for found in read), "")
