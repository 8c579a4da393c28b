"""How often a source may be asked: one strict limit for all threads and processes that share a file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from search.clocks import Clock

__all__ = ["NCBI_SPACING", "NCBI_SPACING_WITH_KEY", "Limiter", "SpacedLimiter", "Unlimited"]

NCBI_SPACING = 0.37
"""Seconds between requests without a key: NCBI allows 3 a second, and 1/3 s still meets the limit."""

NCBI_SPACING_WITH_KEY = 0.11
"""Seconds between requests with a key: NCBI allows 10 a second."""


class Limiter(Protocol):
    """Anything that says when the next request may go out."""

    def wait(self) -> None:
        """Return when a request may be sent."""
        ...


class Unlimited:
    """No limit: for a source on this machine."""

    def wait(self) -> None:
        """Return at once."""


@dataclass(frozen=True, slots=True)
class SpacedLimiter:
    """Leave at least `spacing` seconds between requests of all who share the file at `path`.

    A lock on the file is held through the wait, and the moment written is the one after it: whoever wakes
    late pushes the next one back. So no window of one second ever sees more than ``ceil(1 / spacing)``
    requests. The system drops the lock of a process that dies. Why not a ready-made bucket: see
    ``docs/decisions/limiter.md``.

    Parameters
    ----------
    path
        A file in a folder that exists; it is made when missing.
    spacing
        Seconds, above 0.
    clock
        Its readings must mean the same in every process (the system's monotonic clock does).
    """

    path: Path
    spacing: float
    clock: Clock

    def __post_init__(self) -> None:
        if not self.spacing > 0:
            raise ValueError(f"limiter: found a spacing of {self.spacing} s; expected seconds above 0")

    def wait(self) -> None:
        """Sleep until a request may be sent, and write down that it is."""
        with _locked(self.path) as file:
            self.clock.sleep(self._remaining(_read(file)))
            _write(file, self.clock.now())

    def _remaining(self, last: float | None) -> float:
        if last is None:
            return 0.0
        waited = self.clock.now() - last
        # A moment in the future was written before the machine was restarted.
        return self.spacing if waited < 0 else max(0.0, self.spacing - waited)


@contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _read(file: BinaryIO) -> float | None:
    file.seek(0)
    try:
        return float(file.read(64))
    except ValueError:
        return None


def _write(file: BinaryIO, moment: float) -> None:
    file.seek(0)
    file.truncate()
    file.write(repr(moment).encode("ascii"))
    file.flush()
