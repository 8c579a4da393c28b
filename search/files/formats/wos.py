"""Plain text as Web of Science writes it: FN and VR, then entries from PT to ER, then EF.

Tags: https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html.
"""

import re
from collections.abc import Iterator

from search.files.decoding import Text
from search.files.formats.tagged import Cut
from search.files.importing import Rejected, Said
from search.files.raw import Raw, Vocabulary

__all__ = ["BEGINS", "NAMES", "VOCABULARY", "cut"]

BEGINS = re.compile(r"\s*FN [^\n]+\nVR |\s*PT [A-Z]\nA[UF] ")
NAMES = {
    "AF": "full names",
    "BF": "full names of a book's authors",
    "C1": "addresses",
    "CR": "cited references",
    "FU": "funding",
    "FX": "funding text",
    "PT": "publication type",
    "RP": "reprint address",
    "SN": "ISSN",
    "TC": "times cited",
}

VOCABULARY: Vocabulary = {
    "titles": ("TI",),
    "abstract": ("AB",),
    "authors": ("AU", "AF", "BA"),
    "more_authors": ("CA",),
    "contributors": ("BE",),
    "journal": ("SO", "J9", "JI"),
    "year": ("PY", "EA"),
    "volume": ("VL",),
    "issue": ("IS",),
    "pages": ("BP", "AR"),
    "last_page": ("EP",),
    "doi": ("DI", "D2"),
    "pmid": ("PM",),
    "language": ("LA",),
    "types": ("DT",),
    "keywords": ("DE", "ID"),
}

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
_ONE_A_LINE = frozenset({"AU", "AF", "BA", "BF", "BE", "CA", "C1", "CR"})
_PARTED = frozenset({"DE", "ID", "DT"})


def cut(text: Text) -> Iterator[Raw | Rejected | Said]:
    """Give out each entry of `text`; it begins with PT and ends with ER, or before the next PT."""
    entry: Cut | None = None
    ended = False
    for number, line in enumerate(text.lines(), 1):
        match = _LINE.match(line)
        tag, value = (match[1], match[2] or "") if match else ("", line)
        ended = ended or tag == "EF"
        if tag in {"PT", "ER"}:
            if entry is not None:
                yield _parted(entry.done())
            entry = Cut(number, _ONE_A_LINE) if tag == "PT" else None
        elif entry is None and tag and tag not in {"FN", "VR", "EF"}:
            entry = Cut(number, _ONE_A_LINE, opened_by="PT")
        if entry is not None and tag != "EF":
            entry.add(tag, value)
    if entry is not None:
        yield _parted(entry.done())
    if not ended:
        yield Said("the file has no line EF at its end: it may have been cut off")


def _parted(entry: Raw | Rejected) -> Raw | Rejected:
    """Part the lists that stand in one value."""
    if isinstance(entry, Rejected):
        return entry
    values = (
        (tag, part)
        for tag, value in entry.values
        for part in (value.split(";") if tag in _PARTED else [value])
    )
    return Raw(entry.line, tuple(values))
