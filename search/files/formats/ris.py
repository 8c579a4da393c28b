"""RIS as programs really write it: every entry is cut out, by tags whose names come from rispy."""

import re
from collections.abc import Iterator

from rispy.config import TAG_KEY_MAPPING

from search.files.decoding import Text
from search.files.formats.tagged import Cut
from search.files.importing import Rejected, Said
from search.files.raw import Raw, Vocabulary

__all__ = ["NAMES", "OURS", "VOCABULARY", "cut", "opens"]

NAMES: dict[str, str] = {tag: name.replace("_", " ") for tag, name in TAG_KEY_MAPPING.items()} | {
    "LB": "label",
    "CT": "caption title",
    "BT": "book title",
    "L3": "related records",
    "U1": "user definable 1",
    "ED": "editor",
}
"""What the tags are called."""

OURS = "Living Review"
"""What a file that we wrote says under DP; its tag C4 then holds registrations."""

VOCABULARY: Vocabulary = {
    "titles": ("TI", "T1", "CT", "BT"),
    "abstract": ("AB", "N2"),
    "authors": ("AU",),
    "more_authors": ("A1",),
    "contributors": ("A2", "A3", "A4", "ED"),
    "journal": ("JF", "T2", "JO", "JA", "J2"),
    "year": ("PY", "Y1", "DA"),
    "volume": ("VL",),
    "issue": ("IS",),
    "pages": ("SP", "C7"),
    "last_page": ("EP",),
    "doi": ("DO",),
    "accession": ("AN",),
    "database": ("DB", "DP"),
    "pmcid": ("C2", "U1"),
    "links": ("UR", "L2", "L3"),
    "identifiers": ("U1", "C3"),
    "language": ("LA",),
    "types": ("M3",),
    "keywords": ("KW",),
    "registrations": ("C4 of ours",),
    "notes": ("N1", "RN"),
    "labels": ("LB",),
}

_LINE = re.compile(r"(TY(?= {1,2}-)|ER(?= {1,2}-\s*$)|[A-Z][A-Z0-9](?=  -)) +-(?: |$)?(.*)")
_LOOSE_LINE = re.compile(rf"[ \t]*({'|'.join(sorted(set(TAG_KEY_MAPPING) - {'UK'}))}) {{1,2}}-(?: |$)?(.*)")
_OPENS = re.compile(r"[ \t]*TY {1,2}-")
_LISTS = frozenset({"KW"})
"""Tags whose further lines are further values: EndNote writes the tag before the first keyword only."""


def opens(line: str) -> bool:
    """Return whether `line` begins an entry."""
    return bool(_OPENS.match(line))


def cut(text: Text) -> Iterator[Raw | Rejected | Said]:
    """Give out each entry of `text`.

    An entry begins with TY and ends with ER, before the next TY, or with the file. Lines that bear no tag
    continue the one before; between entries they are passed over and counted (the Cochrane Library and Ovid
    put headings there). Where the file never writes two spaces after TY, one is taken for two.
    """
    tagged = _LINE if any(line.startswith("TY  -") for line in text.lines()) else _LOOSE_LINE
    entry: Cut | None = None
    between = 0
    for number, line in enumerate(text.lines(), 1):
        match = tagged.match(line)
        tag, value = (match[1], match[2]) if match else ("", line)
        if tag == "TY" or (tag == "ER" and entry is not None):
            if entry is not None:
                yield _ours(entry.done())
            entry = Cut(number, _LISTS) if tag == "TY" else None
        elif entry is None and tag and tag != "ER":
            entry = Cut(number, _LISTS, opened_by="TY")
        elif entry is None:
            between += bool(line.strip())
        if entry is not None:
            entry.add(tag, value)
    if entry is not None:
        yield _ours(entry.done())
        yield Said("the last entry has no ER: the file may break off in it")
    if between:
        yield Said(f"{between} lines between entries bear no tag and were passed over")


def _ours(entry: Raw | Rejected) -> Raw | Rejected:
    """Let C4 hold registrations where the entry is one that we wrote."""
    if isinstance(entry, Rejected) or ("DP", OURS) not in entry.values:
        return entry
    return Raw(
        entry.line, tuple(("C4 of ours" if tag == "C4" else tag, value) for tag, value in entry.values)
    )
