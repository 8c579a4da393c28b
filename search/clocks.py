"""The passing of time as an argument, so that waiting can be rehearsed without waiting."""

import time
from typing import Protocol

__all__ = ["Clock", "MonotonicClock"]


class Clock(Protocol):
    """Seconds that only ever grow, and a way to let them pass."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed."""
        ...


class MonotonicClock:
    """The machine's own: one scale for all its processes, untouched when its date is set."""

    def now(self) -> float:
        """Return seconds since some fixed moment, the same for every process of the machine."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        time.sleep(seconds)
