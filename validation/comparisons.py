"""Run the tests that compare with R, and note how far each number is from R's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from tests.synthesis import oracle

__all__ = ["Kind", "run"]


@dataclass
class Kind:
    """What was compared of one kind of R's results.

    Parameters
    ----------
    cases
        Which results were compared, by identity: the data give some ids twice.
    differences
        Of each finite number, on the scale of its tolerance: |ours - R's| / (|R's| + floor), where the floor
        is the absolute tolerance asked over the relative one; |ours - R's| where no relative one was asked.
    floored
        Numbers below their floor, which are compared absolutely.
    missing
        Numbers that R gives as missing or infinite, and ours so too.
    tolerances, absolute
        The relative tolerances that were asked, and the absolute ones where there was no relative one.
    fields
        In how many cases each field of R's result stands.
    read
        The fields that a test looked at.
    """

    cases: set[int] = field(default_factory=set)
    differences: list[float] = field(default_factory=list)
    floored: int = 0
    missing: int = 0
    tolerances: set[float] = field(default_factory=set)
    absolute: set[float] = field(default_factory=set)
    fields: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    read: set[str] = field(default_factory=set)


def run(modules: Iterable[str]) -> tuple[dict[str, Kind], int]:
    """Return what the test modules compared, by kind, and how pytest ended (0: all held)."""
    watcher = _Watcher()
    oracle.LISTENERS.append(watcher.heard)
    try:
        ended = pytest.main(
            ["-qq", "--no-header", "--tb=short", "-p", "no:cacheprovider", *modules], plugins=[watcher]
        )
    finally:
        oracle.LISTENERS.remove(watcher.heard)
    return dict(watcher.kinds), int(ended)


class _Watcher:
    """A plugin of pytest that knows which case is compared at the moment."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = defaultdict(Kind)
        self.now: Kind | None = None

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        for item in items:
            case = _case(item)
            if case is not None:
                kind, result = self.kinds[case.kind], id(case.expected)
                kind.cases.add(result)
                for name in case.expected:
                    kind.fields[name].add(result)
                item.callspec.params["case"] = replace(case, expected=_Watched(case.expected, kind.read))

    def pytest_runtest_setup(self, item: pytest.Function) -> None:
        case = _case(item)
        self.now = None if case is None else self.kinds[case.kind]

    def heard(self, ours: np.ndarray, theirs: np.ndarray, rtol: float, atol: float) -> None:
        if self.now is None:
            return
        known = np.isfinite(theirs)
        size, floor = np.abs(theirs[known]), _floor(rtol, atol)
        scale = size + floor if np.isfinite(floor) else np.ones(len(size))
        apart = np.abs(ours[known] - theirs[known])
        self.now.differences += list(apart / np.where(scale == 0, 1.0, scale))
        self.now.floored += int((size < floor).sum())
        self.now.missing += int((~known).sum())
        (self.now.tolerances if rtol else self.now.absolute).add(rtol or atol)


class _Watched(Mapping[str, object]):
    """R's result, which notes what is looked at."""

    def __init__(self, content: Mapping[str, object], read: set[str]) -> None:
        self._content, self._read = content, read

    def __getitem__(self, name: str) -> object:
        self._read.add(name)
        return self._content[name]

    def __contains__(self, name: object) -> bool:
        return name in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)


def _case(item: pytest.Function) -> oracle.Case | None:
    case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
    return case if isinstance(case, oracle.Case) else None


def _floor(rtol: float, atol: float) -> float:
    if rtol:
        return atol / rtol
    return np.inf if atol else 0.0
