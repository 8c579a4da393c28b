"""ClinicalTrials.gov of the stand-in: entries, their search and their pages, for synthetic registrations.

Replies are written here after the public documentation of API version 2 (https://clinicaltrials.gov/data-api/api),
none is recorded. Its expressions are read as PubMed's syntax without fields, close to the registry's.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from review.record import Record
from search.sources.registry_entry import MODULES
from search.standin.ctgov_study import study_of
from search.standin.pages import Keys, PageFault, PageFaults, json_reply
from search.standin.reply import Reply, text_reply
from search.standin.request import Request, Route
from search.strategy import Indexed, StrategyError, parse

__all__ = ["Registry"]

_BASE = "/clinicaltrials/api/v2"
_QUERIES = ("query.cond", "query.intr", "query.term")
_KNOWN = frozenset(
    (*_QUERIES, "filter.advanced", "fields", "sort", "countTotal", "pageSize", "pageToken", "format")
)
_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(\d{4}-\d\d-\d\d|MIN),\s*(\d{4}-\d\d-\d\d|MAX)\]")
_TOKEN = re.compile(r"NF0g([0-9]+)")
_LARGEST_PAGE = 1_000
_KEYS = Keys(entries=("studies",), count="totalCount", next="nextPageToken")


class Registry:
    """Serves registrations as the registry would.

    Parameters
    ----------
    records
        Registrations as `search.sources.clinical_trials` gives them.
    faults
        Pages that shall not fit.
    today
        The day it is; what is posted later is not there yet, what changes later has not changed yet.
    """

    def __init__(
        self, records: Iterable[Record], faults: Iterable[PageFault] = (), *, today: date = date.max
    ) -> None:
        self._records = tuple(records)
        self._faults = PageFaults(faults)
        self.today = today

    @property
    def path(self) -> str:
        """Where the API is mounted, ending in a slash."""
        return f"{_BASE}/"

    @property
    def routes(self) -> Mapping[str, Route]:
        """What to mount on `search.standin.server.StandIn`."""
        return {f"{_BASE}/studies": self._studies, f"{_BASE}/version": self._version}

    def _version(self, _: Request) -> Reply:
        newest = max((self._changed(record) for record in self._records), default=date.min)
        return json_reply({"apiVersion": "2.0.5", "dataTimestamp": f"{newest.isoformat()}T09:00:05"})

    def _studies(self, request: Request) -> Reply:
        form = request.form
        wrong = _wrong(form)
        if wrong:
            return text_reply(wrong, 400)
        try:
            found = self._found(form)
        except StrategyError:
            return text_reply("Incorrect format in `query`", 400)
        size = min(int(form.get("pageSize") or 10) or 10, _LARGEST_PAGE)
        place = form.get("pageToken", "")
        start = int(place[4:]) if place else 0
        answer = _page(found, start, size, counted=not place and form.get("countTotal") == "true")
        return json_reply(self._faults.spoil(answer, _KEYS, start // size + 1, place or "NF0g0"))

    def _found(self, form: Mapping[str, str]) -> list[Record]:
        tests = [parse(form[name]).matches for name in _QUERIES if form.get(name)]
        days = _RANGE.fullmatch(form.get("filter.advanced", "AREA[LastUpdatePostDate]RANGE[MIN,MAX]"))
        start, end = _day(days[1], date.min), _day(days[2], date.max)  # type: ignore[index]  # checked before
        there = (record for record in self._records if (record.entered or date.min) <= self.today)
        fit = (record for record in there if start <= self._changed(record) <= end)
        return sorted(
            (record for record in fit if all(test(Indexed(record)) for test in tests)), key=self._changed
        )

    def _changed(self, record: Record) -> date:
        entered = record.entered or date.min
        return entered if record.revised is None or record.revised > self.today else record.revised


def _wrong(form: Mapping[str, str]) -> str:
    """Name the first thing that the registry refuses, as it does."""
    unknown = [name for name in form if name not in _KNOWN]
    fields = [name for name in form.get("fields", "").split(",") if name and name not in MODULES]
    checks = (
        (bool(unknown), f"Unknown parameter: {', '.join(unknown)}"),
        (bool(fields), f"Incorrect format in `fields`: {', '.join(fields)}"),
        ("filter.advanced" in form and not _RANGE.fullmatch(form["filter.advanced"]), "filter.advanced"),
        ("pageToken" in form and not _TOKEN.fullmatch(form["pageToken"]), "pageToken"),
        (not form.get("pageSize", "10").isdecimal(), "pageSize"),
    )
    return next((text for holds, text in checks if holds), "")


def _page(found: list[Record], start: int, size: int, *, counted: bool) -> dict[str, Any]:
    shown, more = found[start : start + size], start + size < len(found)
    return {
        **({"totalCount": len(found)} if counted else {}),
        "studies": [study_of(record) for record in shown],
        **({"nextPageToken": f"NF0g{start + size}"} if more else {}),
    }


def _day(text: str, otherwise: date) -> date:
    return otherwise if text in {"MIN", "MAX"} else date.fromisoformat(text)
