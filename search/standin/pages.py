"""Pages of answers in JSON, and how they can be made not to fit together."""

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from search.standin.reply import Reply

__all__ = ["Keys", "PageFault", "PageFaultKind", "PageFaults", "json_reply"]


class PageFaultKind(StrEnum):
    """One way in which a page does not fit the others."""

    TWICE = "its last entry stands on it twice"
    INSTEAD = "its first entry stands in the place of its last"
    DROPPED = "its last entry is left out"
    BACK = "it leads back to itself"
    COUNT = "it counts one more"
    NO_COUNT = "it counts nothing"
    NO_LIST = "it has no list of entries"
    NOT_A_LIST = "a text stands in place of the entries"
    NO_IDENTIFIER = "its last entry is an empty object"


@dataclass(frozen=True, slots=True)
class PageFault:
    """A fault of the next few pages that have the number `page`, from 1."""

    kind: PageFaultKind
    page: int = 1
    times: int = 1


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a service keeps things: the path to its list, its count, and where the next page begins."""

    entries: tuple[str, ...]
    count: str
    next: str


class PageFaults:
    """Hands out the faults of a plan, one to a page."""

    def __init__(self, plan: Iterable[PageFault]) -> None:
        self._waiting = [fault for fault in plan for _ in range(fault.times)]
        self._lock = threading.Lock()

    def spoil(self, answer: dict[str, Any], keys: Keys, number: int, place: str) -> dict[str, Any]:
        """Give the answer as it was, or with the next fault for a page of that number.

        Parameters
        ----------
        place
            Where the page began, as it was asked for.
        """
        with self._lock:
            fault = next((fault for fault in self._waiting if fault.page == number), None)
            if fault is None:
                return answer
            self._waiting.remove(fault)
        return _spoiled(answer, fault.kind, keys, place)


def json_reply(answer: object, status: int = 200) -> Reply:
    """Answer in JSON."""
    return Reply(json.dumps(answer, ensure_ascii=False).encode(), status, "application/json")


_ENTRIES: dict[PageFaultKind, Callable[[list[Any]], object]] = {
    PageFaultKind.TWICE: lambda entries: [*entries, entries[-1]],
    PageFaultKind.INSTEAD: lambda entries: [*entries[:-1], entries[0]],
    PageFaultKind.DROPPED: lambda entries: entries[:-1],
    PageFaultKind.NO_IDENTIFIER: lambda entries: [*entries[:-1], {}],
    PageFaultKind.NO_LIST: lambda _: None,
    PageFaultKind.NOT_A_LIST: lambda _: "entries",
}


def _spoiled(answer: dict[str, Any], kind: PageFaultKind, keys: Keys, place: str) -> dict[str, Any]:
    holder, last = answer, keys.entries[-1]
    for key in keys.entries[:-1]:
        holder = holder[key]
    if kind is PageFaultKind.BACK:
        answer[keys.next] = place
    elif kind is PageFaultKind.COUNT:
        answer[keys.count] = answer.get(keys.count, len(holder[last])) + 1
    elif kind is PageFaultKind.NO_COUNT:
        answer.pop(keys.count, None)
    elif (entries := _ENTRIES[kind](holder.pop(last))) is not None:
        holder[last] = entries
    return answer
