"""Bodies of replies, unpacked to their very end and within bounds.

urllib3 unpacks too, but takes a packed body that breaks off for a whole one.
"""

import zlib
from collections.abc import Iterable, Iterator

from search.errors import BadReply

__all__ = ["joined", "unpacked"]

_GZIP = 16 + zlib.MAX_WBITS
_LARGEST_BODY = 1 << 28
_UNSUSPICIOUS = 1 << 20
_LARGEST_RATIO = 100
"""XML of PubMed packs to a tenth; whatever unpacks to a hundred times its size was made to."""


def unpacked(where: str, encoding: str, pieces: Iterable[bytes]) -> bytes:
    """Return the body that arrives in pieces.

    Parameters
    ----------
    encoding
        The header Content-Encoding: empty, ``identity`` or ``gzip``.

    Raises
    ------
    BadReply
        When it is packed otherwise, is damaged, breaks off, or unpacks to more than 256 MB or, above 1 MB, to
        more than a hundred times its size.
    """
    kind = encoding.strip().lower()
    if kind in {"", "identity"}:
        return joined(where, pieces)
    if kind not in {"gzip", "x-gzip"}:
        raise BadReply(f"{where}: found an answer packed as {kind[:40]!r}; expected gzip; try again later")
    return joined(where, _unzipped(where, pieces))


def joined(where: str, pieces: Iterable[bytes]) -> bytes:
    """Put pieces together; raises BadReply when they are more than 256 MB."""
    parts, size = [], 0
    for part in pieces:
        parts.append(part)
        size += len(part)
        if size > _LARGEST_BODY:
            raise BadReply(f"{where}: found more than {_LARGEST_BODY} bytes; expected less; ask for less")
    return b"".join(parts)


def _unzipped(where: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker, packed, size = zlib.decompressobj(_GZIP), 0, 0
    for piece in pieces:
        packed += len(piece)
        allowed = max(_UNSUSPICIOUS, _LARGEST_RATIO * packed)
        rest = piece
        while rest:
            # A gzip file may have several members, one after the other.
            unpacker = zlib.decompressobj(_GZIP) if unpacker.eof else unpacker
            part = _part(where, unpacker, rest, allowed - size + 1)
            size += len(part)
            if size > allowed:
                raise BadReply(
                    f"{where}: found more than {allowed} bytes unpacked from {packed}; expected at most "
                    f"{_LARGEST_RATIO} times as many; it is made to do harm: check the address of the source"
                )
            yield part
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise _broken(where)


def _part(where: str, unpacker: "zlib._Decompress", data: bytes, most: int) -> bytes:
    try:
        return unpacker.decompress(data, most)
    except zlib.error:
        raise _broken(where) from None


def _broken(where: str) -> BadReply:
    return BadReply(
        f"{where}: found an answer that breaks off or is damaged; expected a whole one; try again"
    )
