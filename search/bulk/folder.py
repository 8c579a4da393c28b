"""The files of a folder in their order, each with the checksum that NLM publishes beside it.

Names and checksums are those of NLM's *Download PubMed Data* (``pubmed26n0001.xml.gz`` and
``pubmed26n0001.xml.gz.md5``): the year's baseline counts from 1, and the daily update files count on.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from search.errors import UnreadableFile

__all__ = ["BulkFile", "Checksum", "checksum", "files_in", "holes"]

_NAME = re.compile(r"pubmed(\d\d)n(\d{4,})\.xml(?:\.gz)?")
_MD5 = re.compile(r"\b[0-9a-fA-F]{32}\b")


class Checksum(StrEnum):
    """Whether a file is what NLM published; *unverified* where no checksum stands beside it."""

    RIGHT = "right"
    WRONG = "wrong"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class BulkFile:
    """One file; files sort in the order in which they must be read.

    Parameters
    ----------
    year
        Two digits, of the baseline that the file belongs to.
    number
        From 1 within the year; a later file replaces what an earlier one says of the same PMID.
    """

    year: int
    number: int
    path: Path

    @property
    def name(self) -> str:
        """The name without its endings: ``pubmed26n0001``."""
        return self.path.name.partition(".")[0]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size


def files_in(folder: Path) -> tuple[BulkFile, ...]:
    """Return the files of a folder in the order in which they must be read.

    Raises
    ------
    UnreadableFile
        When none is there, a number is there twice, or files of two years are mixed.
    """
    found = sorted(
        BulkFile(year=int(match[1]), number=int(match[2]), path=path)
        for path in folder.iterdir()
        if (match := _NAME.fullmatch(path.name))
    )
    if not found:
        raise UnreadableFile(
            f"{folder}: found no file such as pubmed26n0001.xml.gz; expected PubMed's baseline or update "
            "files; download them with their .md5 files"
        )
    if found[0].year != found[-1].year:
        raise UnreadableFile(
            f"{folder}: found files of 20{found[0].year} and of 20{found[-1].year}; expected one year's: "
            "each baseline replaces all earlier files; put them into folders of their own"
        )
    for one, other in pairwise(found):
        if one.number == other.number:
            raise UnreadableFile(
                f"{folder}: found {one.path.name} and {other.path.name}; expected one; remove the other"
            )
    return tuple(found)


def holes(files: tuple[BulkFile, ...], after: int = 0) -> tuple[int, ...]:
    """Return the numbers that are missing between `after` and the last of `files`."""
    there = {file.number for file in files}
    return tuple(number for number in range(after + 1, max(there, default=0)) if number not in there)


def checksum(file: BulkFile) -> Checksum:
    """Compare a file with the MD5 sum beside it."""
    beside = file.path.with_name(f"{file.path.name}.md5")
    if not beside.exists():
        return Checksum.UNVERIFIED
    stated = _MD5.search(beside.read_text(encoding="ascii", errors="replace"))
    with file.path.open("rb") as stream:
        # MD5 is what NLM publishes; it guards against broken downloads, not against forgery.
        found = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return Checksum.RIGHT if stated and stated[0].lower() == found else Checksum.WRONG
