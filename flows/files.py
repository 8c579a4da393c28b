"""Files that are the old one or the new one, and locks that die with the process that held them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import Refused

__all__ = ["alone", "write_atomically"]


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write bytes, or text in UTF-8, beside `path`, force it to the disk, and move it into place."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Hold the folder's lock for one kind of work.

    Raises
    ------
    Refused
        When another process is at that work; nothing was begun.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{what}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"{folder}: found another {what} at work; expected none; wait until it has ended"
            ) from None
        yield
