"""Bytes of unknown origin as text: byte order marks, UTF-8, UTF-16 and the old Western code pages."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO

from search.files.limits import DEFAULT, Limits
from search.files.unpacking import chunks, opened

__all__ = ["Text", "decode"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16 with a byte order mark",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}
_SAMPLE = 2000
_HIGH = bytes(range(0x80, 0x100))
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Bytes to which Windows-1252 gives no character."""

# Where the lower-case letters with accents stand: between plain ones they tell the two code pages apart.
_MAC_LETTERS = re.compile(rb"(?<=[a-z])[\x87-\x90\x92-\x9f](?=[a-z])")
_MAC_QUOTES = re.compile(rb"(?<=[a-z])[\x92\x96\x97](?=[a-z])")
_WINDOWS_LETTERS = re.compile(rb"(?<=[a-z])[\xdf-\xf6\xf8-\xff](?=[a-z])")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file as text, read anew, piece by piece, each time it is asked for; packed or not.

    Parameters
    ----------
    replaced
        How many bytes have no character in `encoding`; each of them is read as a replacement character.
    """

    data: bytes
    encoding: str
    replaced: int = 0

    @property
    def encoding_name(self) -> str:
        """The encoding as people call it."""
        return _NAMES[self.encoding]

    def lines(self) -> Iterator[str]:
        """Give out the lines without their ends, whichever of the three kinds these are."""
        with self._text() as file:
            for line in file:
                yield line.removesuffix("\n")

    def pieces(self) -> Iterator[str]:
        """Give out the text in pieces of about a megabyte."""
        with self._text() as file:
            while piece := file.read(_PIECE):
                yield piece

    def head(self, characters: int) -> str:
        """Return how the text begins."""
        with self._text() as file:
            return file.read(characters)

    def whole(self) -> str:
        """Return all of it."""
        return "".join(self.pieces())

    def stream(self) -> IO[bytes]:
        """Return the bytes, unpacked but not decoded."""
        return opened(self.data)

    def _text(self) -> TextIOWrapper:
        return TextIOWrapper(opened(self.data), encoding=self.encoding, errors="replace", newline=None)


def decode(data: bytes, limits: Limits = DEFAULT) -> Text:
    """Return `data` as text, once everything in it has been found to be within `limits`.

    UTF-8 may hold single broken bytes and stays UTF-8. What is not UTF-8 is read as Windows-1252, in which
    older programs export, or as Mac Roman where the letters inside words say so.

    Raises
    ------
    UnreadableFile
        When a packed file is damaged or holds too much.
    """
    return _Look(chunks(data, limits)).judged(data)


class _Look:
    """What one pass over the bytes tells of their encoding."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.head = b""
        self.high = self.broken = self.undefined = self.mac = self.windows = 0
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for piece in pieces:
            self.head = self.head or piece[:_SAMPLE]
            self._count(piece, decoder.decode(piece))
        self.broken += decoder.decode(b"", final=True).count("\ufffd")

    def _count(self, piece: bytes, text: str) -> None:
        broken = max(text.count("\ufffd") - piece.count(b"\xef\xbf\xbd"), 0)
        self.broken += broken
        self.high += 0 if piece.isascii() else len(piece) - len(piece.translate(None, _HIGH))
        if not broken:
            return
        self.undefined += len(piece) - len(piece.translate(None, _UNDEFINED))
        self.mac += len(_MAC_LETTERS.findall(piece)) - len(_MAC_QUOTES.findall(piece))
        self.windows += len(_WINDOWS_LETTERS.findall(piece))

    def judged(self, data: bytes) -> Text:
        for mark, encoding in _MARKS:
            if self.head.startswith(mark):
                return Text(data=data, encoding=encoding, replaced=self.broken if "8" in encoding else 0)
        if (wide := _unmarked_utf16(self.head)) is not None:
            return Text(data=data, encoding=wide)
        if self.broken * 2 <= self.high - self.broken or not self.broken:
            return Text(data=data, encoding="utf-8", replaced=self.broken)
        if self.mac > self.windows:
            return Text(data=data, encoding="mac_roman")
        return Text(data=data, encoding="cp1252", replaced=self.undefined)


def _unmarked_utf16(sample: bytes) -> str | None:
    """Recognise UTF-16 by every other byte of mostly Western text being zero."""
    half = len(sample) // 2
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and sample[first::2].count(0) > 0.7 * half and sample[1 - first :: 2].count(0) < 0.1 * half:
            return encoding
    return None
