"""Bytes of unknown origin as text: byte order marks, UTF-8, UTF-16 and the old Western code page."""

import zlib

from search.errors import UnreadableFile

__all__ = ["LARGEST", "decode", "unpack"]

LARGEST = 200_000_000
"""Bytes: what a packed file may hold."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 2000


def unpack(data: bytes, largest: int = LARGEST) -> bytes:
    """Return `data`, gunzipped where it is packed; no more than `largest` bytes are ever unpacked.

    Raises
    ------
    UnreadableFile
        When the packed data are damaged, or larger than that.
    """
    parts: list[bytes] = []
    rest = data
    while rest.startswith(b"\x1f\x8b"):
        part, rest = _member(rest, largest - sum(map(len, parts)))
        parts.append(part)
    return b"".join(parts) if parts else data


def _member(data: bytes, room: int) -> tuple[bytes, bytes]:
    """Unpack one gzip member into at most `room` bytes; return it with what follows it."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        part = member.decompress(data, room + 1)
    except zlib.error as error:
        raise _damaged(str(error)) from None
    if len(part) > room:
        raise UnreadableFile("file: found more than may be unpacked; expected a smaller file; split it")
    if not member.eof:
        raise _damaged("it breaks off")
    return part, member.unused_data


def _damaged(why: str) -> UnreadableFile:
    return UnreadableFile(f"file: found a damaged gzip file ({why}); expected a whole one; copy it again")


def decode(data: bytes) -> str:
    """Return `data` as text, with line ends as newlines and without a byte order mark.

    Bytes that are not valid UTF-8 are read as Windows-1252, in which older programs export; the few that
    it does not define become replacement characters.
    """
    text = _text(data)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if (wide := _unmarked_utf16(data)) is not None:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unmarked_utf16(data: bytes) -> str | None:
    """Recognise UTF-16 by every other byte of mostly Western text being zero."""
    sample = data[:_SAMPLE]
    half = len(sample) // 2
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and sample[first::2].count(0) > 0.7 * half and sample[1 - first :: 2].count(0) < 0.1 * half:
            return encoding
    return None
