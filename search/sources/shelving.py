"""Turning items into records: one that cannot be read is missing with the reason, never just dropped."""

from collections.abc import Callable, Iterable

from review.record import Record
from search.errors import BadReply
from search.sources.paging import Item

__all__ = ["UNTITLED", "Filed", "file_away"]

UNTITLED = "[No title]"
"""Stands for the title of an entry that has none: it is seen by people all the same."""

Filed = tuple[tuple[Record, ...], tuple[tuple[str, str], ...]]
"""Records, and identifiers of items that are none, each with the reason."""


def file_away(items: Iterable[Item], read: Callable[[Item], Record]) -> Filed:
    """Read every item, and account for each."""
    records, missing = [], []
    for item in items:
        try:
            records.append(read(item))
        except BadReply as error:
            missing.append((item.identifier, f"cannot be read: {error}"))
    return tuple(records), tuple(missing)
