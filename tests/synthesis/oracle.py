"""Released R packages' results on real data sets, as test cases: metafor 3.8.1 on R 4.2.2."""

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthesis.effects import MEASURES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("LIVING_REVIEW_TEST_DATA", ROOT / "../shared/data")).resolve() / "oracle"

# What is compared, and how often it occurs: a pinned grid cannot shrink unseen.
PINNED = {
    "effects": 137,
    "rma.uni": 943,
    "confint": 150,
    "leave1out": 111,
    "cumul": 74,
    "blup": 37,
    "influence": 74,
    "subgroup": 45,
    "rma.mh": 72,
    "rma.mh.leave1out": 24,
    "rma.peto": 8,
    "rma.peto.leave1out": 8,
}

UNSUPPORTED = {
    "fsn": "fail-safe N is not built yet",
    "henmi.copas": "the Henmi-Copas interval is not built yet",
    "ranktest": "small-study tests are not built yet",
    "regtest": "small-study tests are not built yet",
    "rma.glmm": "generalised mixed models are not built yet",
    "rma.uni.mods": "meta-regression is not built yet",
    "rma.mv": "multilevel models are not built yet",
    "robust": "multilevel models are not built yet",
    "rstandard": "internally standardised residuals are not built yet",
    "selmodel": "selection models are not built yet",
    "tes": "the test of excess significance is not built yet",
    "trimfill": "trim-and-fill is not built yet",
}

OUTSIDE = ("AS", "YUQ", "PHI", "VR", "CVR", "COR", "PR", "PLN", "PAS", "PFT", "IRD", "IRSD")
OTHER_MEASURES = dict.fromkeys(OUTSIDE, "outside the review's measures")

OTHER_MH_MEASURES = dict.fromkeys(("IRR", "IRD"), "Mantel-Haenszel of rates is not built yet")


@dataclass(frozen=True)
class Case:
    """One call of R and what it returned."""

    id: str
    options: Mapping[str, Any]
    expected: Mapping[str, Any]
    effects: Mapping[str, Any]
    data: Mapping[str, list[Any]]

    def complete(self, *columns: str) -> tuple[np.ndarray, np.ndarray, list[list[Any]]]:
        """Return yi, vi and further columns of the rows that miss nothing."""
        rows = zip(self.effects["yi"], self.effects["vi"], *(self.data[one] for one in columns), strict=True)
        kept = [row for row in rows if None not in row and "NA" not in row]
        yi, vi, *others = (list(column) for column in zip(*kept, strict=True))
        return np.array(yi, dtype=float), np.array(vi, dtype=float), others


@cache
def files() -> dict[str, Any]:
    """Every data set of the oracle that has metafor's schema, by name."""
    return {path.name.removesuffix(".json.gz"): _read(path) for path in sorted(FOLDER.glob("*.json.gz"))}


def effect_cases() -> Iterator[Case]:
    """Effect sizes of the measures that are built."""
    for name, content in _datasets():
        for key, one in content["effects"].items():
            if one["measure"] in MEASURES:
                yield Case(f"{name}:{key}", dict(one["options"] or {}), one, one, content["data"])


def cases(kind: str) -> Iterator[Case]:
    """Cases of one kind that start from effect sizes."""
    for name, content in _datasets():
        for one in content["cases"]:
            if one["kind"] == kind:
                effects = content["effects"][one["input"]["effects"]]
                options = dict(one["options"] or {})
                yield Case(f"{name}:{one['id']}", options, one["expected"], effects, content["data"])


def count_cases(kind: str) -> Iterator[Case]:
    """Cases of one kind that start from counts, of the measures that are built."""
    for name, content in _datasets():
        for one in content["cases"]:
            options = dict(one["options"] or {})
            if one["kind"] == kind and options.get("measure") not in OTHER_MH_MEASURES:
                columns = {arg: content["data"][column] for arg, column in one["input"]["columns"].items()}
                yield Case(f"{name}:{one['id']}", options, one["expected"], {}, _complete(columns))


def parametrised(source: Callable[[], Iterator[Case]]) -> Any:
    """Make one test per case; where the data are missing, one skipped test that says so."""
    if not FOLDER.is_dir():
        missing = pytest.mark.skip(reason="needs the development data in ../shared/data")
        return pytest.mark.parametrize("case", [pytest.param(None, marks=missing, id="no data")])
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in source()])


def assert_close(got: Any, want: Any, *, rtol: float, atol: float = 0.0, what: str = "") -> None:
    """Fail where a number is further from R's than the tolerance; R's missing numbers must be missing."""
    numbers = [None if one is None else float(one) for one in np.atleast_1d(np.asarray(want, dtype=object))]
    expected = np.array([np.nan if one is None else one for one in numbers])
    np.testing.assert_allclose(np.ravel(got), expected, rtol=rtol, atol=atol, equal_nan=True, err_msg=what)


def _complete(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    kept = [row for row in zip(*columns.values(), strict=True) if None not in row and "NA" not in row]
    return {name: list(column) for name, column in zip(columns, zip(*kept, strict=True), strict=True)}


def _datasets() -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in files().items() if name.startswith("dat."))


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return json.load(stream)
