"""Walking through the pages of one answer, so that what was counted arrives once each, or it is an error."""

from collections.abc import Callable
from dataclasses import dataclass, field

from search.errors import BadReply
from search.sources.contract import Progress
from search.sources.fields import Fields

__all__ = ["Item", "Page", "walk"]

_WALKS = 3
"""A source that is being updated changes its count between pages; its updates take minutes, not hours."""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry under its source's own identifier; without one where the source gives none."""

    identifier: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the answer.

    Parameters
    ----------
    count
        How many items all pages have together; None where this page does not say.
    next
        Where the next page begins, in the source's words; empty on the last one.
    """

    items: tuple[Item, ...]
    count: int | None
    next: str


def walk(where: str, ask: Callable[[str], Page], progress: Progress | None = None) -> tuple[Item, ...]:
    """Return the items of all pages: as many as the source counts, none of them twice.

    Pages that do not fit together are asked for anew from the first one, a few times.

    Parameters
    ----------
    ask
        Gives the page that begins at a place; the first one begins at an empty place.

    Raises
    ------
    BadReply
        When the pages never fit together.
    SourceError
        What `ask` raises.
    """
    for _ in range(_WALKS - 1):
        try:
            return _once(where, ask, progress)
        except _Unfit:
            continue
    return _once(where, ask, progress)


class _Unfit(BadReply):
    """Pages that cannot be of one answer."""


@dataclass(slots=True)
class _Tally:
    where: str
    count: int | None = None
    items: list[Item] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    def unfit(self, found: str, expected: str) -> _Unfit:
        return _Unfit(f"{self.where}: found {found}; expected {expected}; search again")

    def take(self, page: Page) -> None:
        self._counted(page)
        for item in page.items:
            if item.identifier and item.identifier in self.identifiers:
                raise self.unfit(f"{item.identifier} twice", "each entry once")
            self.identifiers.add(item.identifier)
        self.items.extend(page.items)
        if len(self.items) > (self.count or 0):
            raise self.unfit(f"more entries than the {self.count} that it counts", "as many")
        if page.next:
            self._goes_on(page)

    def close(self) -> tuple[Item, ...]:
        if len(self.items) != self.count:
            raise self.unfit(f"{len(self.items)} entries on all pages", f"the {self.count} that it counts")
        return tuple(self.items)

    def _counted(self, page: Page) -> None:
        if self.count is None:
            if page.count is None:
                raise self.unfit("no count on the first page", "one")
            self.count = page.count
        elif page.count not in {None, self.count}:
            raise self.unfit(f"{self.count} entries, then {page.count}", "the same number on every page")

    def _goes_on(self, page: Page) -> None:
        if page.next in self.places:
            raise self.unfit("a page that leads back to an earlier one", "pages that lead on")
        if not page.items:
            raise self.unfit("an empty page that leads on", "entries, or the end")
        self.places.add(page.next)


def _once(where: str, ask: Callable[[str], Page], progress: Progress | None) -> tuple[Item, ...]:
    tally = _Tally(where)
    place = ""
    while True:
        page = ask(place)
        tally.take(page)
        if progress is not None:
            progress(len(tally.items), tally.count or 0)
        if not page.next:
            return tally.close()
        place = page.next
