"""Authors of PubMed XML: names as PubMed prints them, groups, and their ORCIDs."""

import re
from collections.abc import Sequence

from search.articles.parts import each
from search.articles.shapes import AUTHOR, IDENTIFIER
from search.articles.texts import plain

__all__ = ["Author", "authors_in", "names", "orcids"]

Author = tuple[str, str]
"""Name, and ORCID or nothing."""

_AUTHORS = each(AUTHOR)
_IDENTIFIERS = each(IDENTIFIER)
_ORCID = re.compile(r"(\d{4})[- ]?(\d{4})[- ]?(\d{4})[- ]?(\d{3}[\dXx])/?$")


def authors_in(lists: str) -> list[Author]:
    """Return persons and groups in their order; superseded spellings (ValidYN is N) are left out."""
    listed = [
        (_name(last, first, initials, suffix, group), _orcid(identifiers))
        for valid, last, first, initials, suffix, group, identifiers in _AUTHORS.findall(lists)
        if valid != "N"
    ]
    return [author for author in listed if author[0]]


def names(authors: Sequence[Author]) -> tuple[str, ...]:
    """Return the names (``Doe JA Jr``)."""
    return tuple([name for name, _ in authors])


def orcids(authors: Sequence[Author]) -> tuple[str, ...]:
    """Return one ORCID an author, empty where there is none; nothing where nobody has one."""
    found = tuple([orcid for _, orcid in authors])
    return found if any(found) else ()


def _name(last: str, first: str, initials: str, suffix: str, group: str) -> str:
    if not last:
        return plain(group)
    return plain(f"{last} {initials or first} {suffix}")


def _orcid(identifiers: str) -> str:
    """Return ``0000-0000-0000-0000``, whatever address or spacing it is written with."""
    if not identifiers:
        return ""
    declared = [plain(own) for source, own in _IDENTIFIERS.findall(identifiers) if source == "ORCID"]
    read = filter(None, map(_ORCID.search, declared))
    return next(("-".join(found.groups()).upper() for found in read), "")
