"""XML bytes, plain or gzipped, taken tag by tag, with no more of them in memory than one record."""

import gzip
import re
import zlib
from typing import Protocol, cast

__all__ = ["UNPACKING", "Broken", "Readable", "TagStream"]

UNPACKING = (EOFError, gzip.BadGzipFile, zlib.error)
"""What unpacking raises on a stream that breaks off or is damaged."""

_BLANKS = re.compile(rb"\s*")
_ENCODING = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_CHUNK = 1 << 18
_LARGEST_RECORD = 1 << 26


class Readable(Protocol):
    """Anything with bytes in it: an open file, a reply."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""
        ...


class Broken(Exception):
    """The input cannot be cut into records here."""


class TagStream:
    """Bytes that were read and not yet used, and how far the reading has come."""

    def __init__(self, stream: Readable) -> None:
        head = stream.read(2)
        rest = cast("Readable", _Chained(head, stream))
        packed = head == b"\x1f\x8b"
        self._stream: Readable = gzip.GzipFile(fileobj=rest) if packed else rest  # type: ignore[call-overload]  # it only reads
        self._held = b""
        self._at = 0
        self.passed = 0
        self.good = 0

    def through(self, mark: bytes) -> bytes:
        """Use up everything to the end of the next `mark`."""
        start = self._at
        while (found := self._held.find(mark, start)) < 0:
            start = max(0, len(self._held) - self._at - len(mark) + 1)
            self._more()
        end = found + len(mark)
        used, self._at = self._held[self._at : end], end
        self.passed += len(used)
        return used

    def skip(self, mark: bytes) -> None:
        """Use up `mark` where it stands next."""
        if self._starts(mark):
            self.through(mark)

    def next_tag(self) -> bytes:
        """Use up blanks, comments and instructions; return the tag that follows without using it up."""
        while True:
            self._skip_blanks()
            if self._starts(b"<!--"):
                self.through(b"-->")
            elif self._starts(b"<?"):
                _check_encoding(self.through(b"?>"))
            else:
                return self._tag()

    def at_end(self) -> bool:
        """Return whether nothing but blanks and comments is left."""
        try:
            self.next_tag()
        except Ended:
            return True
        return False

    def _tag(self) -> bytes:
        if not self._starts(b"<"):
            raise Broken(f"text that begins {self._held[self._at : self._at + 40]!r}")
        while (end := self._held.find(b">", self._at)) < 0:
            self._more()
        return self._held[self._at : end + 1]

    def _skip_blanks(self) -> None:
        while True:
            end = _BLANKS.match(self._held, self._at).end()  # type: ignore[union-attr]  # it matches nothing too
            self.passed += end - self._at
            self._at = end
            if end < len(self._held):
                return
            self._more()

    def _starts(self, mark: bytes) -> bool:
        while not self._held.startswith(mark, self._at):
            if len(self._held) - self._at >= len(mark) or not mark.startswith(self._held[self._at :]):
                return False
            self._more()
        return True

    def _more(self) -> None:
        chunk = self._stream.read(_CHUNK)
        self._held, self._at = self._held[self._at :] + chunk, 0
        if not chunk:
            raise Ended("the end of the input" if self._held.strip() or self.passed else "nothing")
        if len(self._held) > _LARGEST_RECORD:
            raise Broken(f"a record of more than {_LARGEST_RECORD} bytes")


def _check_encoding(instruction: bytes) -> None:
    declared = _ENCODING.match(instruction)
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        raise Broken(f"the encoding {declared[1].decode()!r}, where PubMed sends UTF-8")


class Ended(Broken):
    """The input ends here."""


class _Chained:
    """The bytes that were looked at, then the rest."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        head, self._head = self._head, b""
        if 0 <= size < len(head):
            head, self._head = head[:size], head[size:]
        return head or self._rest.read(size)
