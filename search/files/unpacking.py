"""What a file may be packed in, gzip or zip, judged by size and ratio before anything of it is used.

Nothing is ever written to disk, and no name from inside an archive is used as a path.
"""

import gzip
import zlib
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile

from search.errors import UnreadableFile
from search.files.limits import Limits

__all__ = ["chunks", "is_gzip", "is_zip", "members", "opened"]

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 20


def is_gzip(data: bytes) -> bool:
    """Return whether `data` begin like a gzip file."""
    return data.startswith(_GZIP)


def is_zip(data: bytes) -> bool:
    """Return whether `data` begin like a zip file, as spreadsheets do."""
    return data.startswith(_ZIP)


def opened(data: bytes) -> IO[bytes]:
    """Return `data` as a stream of what they hold, never more than a piece of it in memory."""
    plain = BytesIO(data)
    return BufferedReader(gzip.GzipFile(fileobj=plain)) if is_gzip(data) else plain


def chunks(data: bytes, limits: Limits) -> Iterator[bytes]:
    """Give out what `data` hold, a megabyte at a time.

    Raises
    ------
    UnreadableFile
        When a packed file is damaged, or holds more than `limits` allow.
    """
    seen = 0
    with opened(data) as stream:
        while chunk := _piece(stream):
            seen += len(chunk)
            if is_gzip(data):
                _judge(seen, len(data), limits)
            yield chunk


def members(data: bytes, limits: Limits) -> frozenset[str]:
    """Return the names in a zip file, once its directory has been found to be within `limits`.

    Raises
    ------
    UnreadableFile
        When the file is damaged, or declares more than `limits` allow; no member is read beyond what it
        declares.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged("zip", str(error)) from None
    _judge(sum(one.file_size for one in listed), len(data), limits)
    return frozenset(one.filename for one in listed)


def _piece(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_CHUNK)
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged("gzip", str(error)) from None


def _judge(unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.unpacked:
        raise UnreadableFile(
            f"file: found more than {limits.unpacked:,} bytes packed into it; expected no more than may be "
            "unpacked; split it"
        )
    if unpacked > max(limits.ratio * packed, _CHUNK):
        raise UnreadableFile(
            f"file: found more than {limits.ratio} times its size packed into it; expected text, which never "
            "packs so well; unpack it yourself if you trust it"
        )


def _damaged(kind: str, why: str) -> UnreadableFile:
    return UnreadableFile(f"file: found a damaged {kind} file ({why}); expected a whole one; copy it again")
