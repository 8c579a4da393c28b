"""Europe PMC of the stand-in: its search by cursor, and who cites whom, for synthetic records.

Replies are written here after the public documentation (https://europepmc.org/RestfulWebService, and the
announcement of version 6.6), none is recorded.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from review.record import Record
from search.standin.europepmc_query import Question, QuestionError, read_question
from search.standin.europepmc_result import citation_of, result_of
from search.standin.pages import Keys, PageFault, PageFaults, json_reply
from search.standin.reply import Reply
from search.standin.request import Request, Route

__all__ = ["Library"]

_BASE = "/europepmc/webservices/rest"
_VERSION = "6.9"
_KEYS = Keys(entries=("resultList", "result"), count="hitCount", next="nextCursorMark")
_LINKS = {"citations": ("citationList", "citation"), "references": ("referenceList", "reference")}


class Library:
    """Serves records as Europe PMC would.

    Parameters
    ----------
    records
        As `search.sources.europe_pmc` gives them, under ``SOURCE/id``.
    faults
        Pages of the search that shall not fit.
    citations, references
        For ``SOURCE/id``: who cites it, and what it cites. Without an entry there is no such article.
    today
        The day it is: what is indexed later is not there yet, what changes later has not changed yet.
    last_cursor
        True to let the last page name the cursor it was asked with, as older versions did.
    """

    def __init__(
        self,
        records: Iterable[Record],
        faults: Iterable[PageFault] = (),
        *,
        citations: Mapping[str, Sequence[Record]] | None = None,
        references: Mapping[str, Sequence[Record]] | None = None,
        today: date = date.max,
        last_cursor: bool = False,
    ) -> None:
        self._records = tuple(records)
        self._links = {"citations": citations or {}, "references": references or {}}
        self._faults = PageFaults(faults)
        self._last_cursor = last_cursor
        self.today = today

    @property
    def path(self) -> str:
        """Where the service is mounted, ending in a slash."""
        return f"{_BASE}/"

    @property
    def routes(self) -> Mapping[str, Route]:
        """What to mount on `search.standin.server.StandIn`."""
        return {
            f"{_BASE}/search": self._search,
            f"{_BASE}/searchPOST": self._search,
            f"{_BASE}/": self._linked,
        }

    def _search(self, request: Request) -> Reply:
        try:
            question = read_question(request.one("query"))
        except QuestionError as error:
            return json_reply({"version": _VERSION, "errCode": 400, "errMsg": str(error)})
        there = (record for record in self._records if (record.entered or date.min) <= self.today)
        found = [record for record in there if self._fits(record, question)]
        size, cursor = int(request.one("pageSize", "25")), request.one("cursorMark", "*")
        start = int(cursor.removeprefix("AoE"), 16) if cursor.startswith("AoE") else 0
        shown = found[start : start + size]
        answer: dict[str, Any] = {
            "version": _VERSION,
            "hitCount": len(found),
            "request": {"queryString": request.one("query"), "cursorMark": cursor, "pageSize": size},
            "resultList": {"result": [result_of(record) for record in shown]},
        }
        if start + size < len(found):
            answer["nextCursorMark"] = f"AoE{start + size:x}"
        elif self._last_cursor:
            answer["nextCursorMark"] = cursor
        return json_reply(self._faults.spoil(answer, _KEYS, start // size + 1, "AoE0"))

    def _fits(self, record: Record, question: Question) -> bool:
        hidden = record.revised is not None and record.revised > self.today
        return question(record, None if hidden else record.revised)

    def _linked(self, request: Request) -> Reply:
        source, _, rest = request.path.removeprefix(f"{_BASE}/").partition("/")
        identifier, _, kind = rest.partition("/")
        entries = self._links.get(kind, {}).get(f"{source}/{identifier}")
        if entries is None:
            return json_reply({"version": _VERSION, "errCode": 404, "errMsg": "No such article."}, 404)
        size, number = int(request.one("pageSize", "25")), int(request.one("page", "1"))
        first = (number - 1) * size
        outer, inner = _LINKS[kind]
        orders = range(1, len(entries) + 1) if kind == "references" else repeat(None)
        shown = [citation_of(record, order) for record, order in zip(entries, orders, strict=False)]
        return json_reply(
            {"version": _VERSION, "hitCount": len(entries), outer: {inner: shown[first : first + size]}}
        )
