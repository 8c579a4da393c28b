"""Splits what a record holds in one piece into the parts that PubMed's formats keep apart."""

import re

from review.record import Record

__all__ = ["Author", "author_of", "heading_of", "published_of", "registry_of", "status_of"]

_SUFFIXES = {"Jr", "Sr", "2nd", "3rd", "4th", "II", "III", "IV"}
_REGISTRIES = {
    "NCT": "ClinicalTrials.gov",
    "ISRCTN": "ISRCTN",
    "ACTRN": "ANZCTR",
    "CHICTR": "ChiCTR",
    "CTRI": "CTRI",
    "DRKS": "DRKS",
    "EUCTR": "EudraCT",
    "IRCT": "IRCT",
    "JPRN": "JPRN",
    "NTR": "NTR",
    "PACTR": "PACTR",
    "TCTR": "TCTR",
    "UMIN": "UMIN-CTR",
}
_PREFIX = re.compile(r"[A-Za-z]+")

Author = tuple[str, str, str]
"""Last name, initials, suffix."""


def author_of(name: str) -> Author:
    """Split ``Dear BF Jr``; a name without initials stays whole as the last name."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and words[-1] in _SUFFIXES and _are_initials(words[-2]) else ""
    if len(words) > 1 and _are_initials(words[-1]):
        return " ".join(words[:-1]), words[-1], suffix
    return " ".join(words), "", suffix


def heading_of(mesh: str) -> tuple[tuple[str, bool], tuple[tuple[str, bool], ...]]:
    """Split ``*Pain/therapy`` into heading and subheadings, each with whether it is a major topic."""
    first, *others = (_starred(part) for part in mesh.split("/"))
    return first, tuple(others)


def published_of(record: Record) -> str:
    """Give the date of publication as the record has it printed, or the year alone."""
    return record.published or str(record.year or "")


def registry_of(number: str) -> str:
    """Name the registry of a trial number by its letters; ``unknown registry`` where they say nothing."""
    prefix = _PREFIX.match(number)
    letters = prefix.group().upper() if prefix else ""
    return next(
        (name for start, name in _REGISTRIES.items() if letters.startswith(start)), "unknown registry"
    )


def status_of(record: Record) -> str:
    """Give the record's status; without one, what its headings say about the indexing."""
    return record.status or ("MEDLINE" if record.mesh else "PubMed-not-MEDLINE")


def _are_initials(word: str) -> bool:
    letters = word.replace("-", "")
    return letters.isalpha() and letters.isupper() and len(letters) <= 4


def _starred(part: str) -> tuple[str, bool]:
    return part.replace("*", "").strip(), "*" in part
