"""What every part of a cycle works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flows.place import Place
from store.store import Store

__all__ = ["Hand", "Stage"]

Stage = Callable[[str], None]
"""Told the name of each stage as it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A review, its store, the time, and whom to tell how far the work has come."""

    place: Place
    store: Store
    clock: Callable[[], datetime]
    stage: Stage
    progress: Callable[[int, int], None] | None
