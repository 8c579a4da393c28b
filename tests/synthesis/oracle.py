"""Released R packages' results on real data sets, as test cases: metafor, meta, metasens and others.

Most come with the development data; ``tests/reference`` holds more, which `validation/reference` wrote (their
names begin with ``ref.``), so that a clone without the development data compares those.

`cases` start from effect sizes, `count_cases` from counts, `other_cases` from whatever their package takes.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthesis.measures.effects import MEASURES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("LIVING_REVIEW_TEST_DATA", ROOT / "../shared/data")).resolve() / "oracle"

HERE = ROOT / "tests/reference"

# Files of metafor's schema; the others are meta's, estmeansd's, RTSA's and bayesmeta's.
METAFOR = ("dat.", "mv.", "selmodel.", "ref.")

# What is compared, and how often it occurs: a pinned grid cannot shrink unseen.
PINNED = {
    "effects": 137,
    "rma.uni": 943,
    "confint": 150,
    "leave1out": 111,
    "cumul": 74,
    "blup": 37,
    "influence": 74,
    "rstandard": 74,
    "subgroup": 45,
    "rma.uni.mods": 90,
    "rma.mh": 74,
    "rma.mh.leave1out": 24,
    "rma.peto": 8,
    "rma.peto.leave1out": 8,
    "rma.glmm": 22,
    "rma.mv": 8,
    "robust": 24,
    "regtest": 148,
    "ranktest": 37,
    "trimfill": 308,
    "fsn": 111,
    "tes": 37,
    "henmi.copas": 37,
    "selmodel": 16,
    "meta.pool": 462,
    "meta.metabias": 40,
    "meta.nnt": 24,
    "meta.limitmeta": 4,
    "convert.mean_sd": 40,
    "convert.nnt_furukawa": 15,
    "tsa.boundaries": 20,
    "bayes": 8,
}

# The same for the files of tests/reference.
PINNED_HERE = {
    "effects": 17,
    "rma.uni": 238,
    "confint": 28,
    "leave1out": 14,
    "cumul": 14,
    "blup": 7,
    "influence": 14,
    "rstandard": 14,
    "rma.uni.mods": 16,
    "rma.mh": 9,
    "rma.peto": 3,
    "regtest": 28,
    "ranktest": 7,
    "trimfill": 20,
    "fsn": 21,
    "henmi.copas": 7,
}

UNSUPPORTED: dict[str, str] = {}

OUTSIDE = ("AS", "YUQ", "PHI", "VR", "CVR", "COR", "PR", "PLN", "PAS", "PFT", "IRD", "IRSD")
OTHER_MEASURES = dict.fromkeys(OUTSIDE, "outside the review's measures")

# Cases that no test sees, each with its reason.
LEFT_OUT: dict[str, dict[str, str]] = {
    "selmodel": {
        "selmodel.dat.bangertdrowns2004:gen/selmodel/beta": "metafor's coarse quadrature stopped it short of "
        "the maximum, to which it comes with a finer one (compared in test_oracle_selection.py)",
    },
}


@dataclass(frozen=True)
class Case:
    """One call of R and what it returned."""

    id: str
    options: Mapping[str, Any]
    expected: Mapping[str, Any]
    effects: Mapping[str, Any]
    data: Mapping[str, list[Any]]
    input: Mapping[str, Any] = field(default_factory=dict)
    call: str = ""
    kind: str = ""

    def complete(self, *columns: str) -> tuple[np.ndarray, np.ndarray, list[list[Any]]]:
        """Return yi, vi and further columns of the rows that miss nothing."""
        rows = zip(self.effects["yi"], self.effects["vi"], *(self.data[one] for one in columns), strict=True)
        kept = [row for row in rows if None not in row and "NA" not in row]
        yi, vi, *others = (list(column) for column in zip(*kept, strict=True))
        return np.array(yi, dtype=float), np.array(vi, dtype=float), others


@cache
def files() -> dict[str, Any]:
    """Every file of the oracle, by name."""
    given = {path.name.removesuffix(".json.gz"): _read(path) for path in sorted(FOLDER.glob("*.json.gz"))}
    ours = {f"ref.{path.stem}": json.loads(path.read_text()) for path in sorted(HERE.glob("*.json"))}
    return given | ours


def effect_cases() -> Iterator[Case]:
    """Effect sizes of the measures that are built."""
    for name, content in _datasets():
        of_file = content["effects"] if name.startswith(("dat.", "ref.")) else {}
        for key, one in of_file.items():
            if one["measure"] in MEASURES:
                options = dict(one["options"] or {})
                yield Case(f"{name}:{key}", options, one, one, content["data"], kind="effects")


def cases(kind: str) -> Iterator[Case]:
    """Cases of one kind that start from effect sizes."""
    for name, one, content in _of_kind(kind):
        if "effects" in one["input"]:
            yield _case(name, one, content["effects"][one["input"]["effects"]], content["data"])


def count_cases(kind: str) -> Iterator[Case]:
    """Cases of one kind that start from counts; `data` has them under metafor's argument names."""
    for name, one, content in _of_kind(kind):
        if "columns" in one["input"]:
            columns = {arg: content["data"][column] for arg, column in one["input"]["columns"].items()}
            yield _case(name, one, {}, _complete(columns))


def _of_kind(kind: str) -> Iterator[tuple[str, Any, Any]]:
    for name, content in _datasets():
        for one in content["cases"]:
            if one["kind"] == kind and f"{name}:{one['id']}" not in LEFT_OUT.get(kind, {}):
                yield name, one, content


def other_cases(kind: str) -> Iterator[Case]:
    """Cases of one kind of the packages beside metafor; `input` is what the package was given."""
    for name, content in files().items():
        for one in content["cases"]:
            if not name.startswith(METAFOR) and kind_of(name, one) == kind:
                yield _case(name, one, {}, content.get("data", {}))


def kind_of(name: str, case: Mapping[str, Any]) -> str:
    """Return a case's kind: metafor's own, or the file's (and, in meta's files, the first part of its id)."""
    if name.startswith(METAFOR):
        return str(case["kind"])
    first = str(case["id"]).split("/")[0]
    if name.startswith("meta."):
        return f"meta.{first if first in {'metabias', 'nnt', 'limitmeta'} else 'pool'}"
    return "bayes" if name.startswith("bayes.") else name


SOURCES = (cases, count_cases, other_cases)

# Told of every comparison that holds: ours, R's, and the two tolerances.
LISTENERS: list[Callable[[np.ndarray, np.ndarray, float, float], None]] = []


def parametrised(source: Callable[[], Iterator[Case]]) -> Any:
    """Make one test per case; where the data of all are missing, one skipped test that says so."""
    found = [pytest.param(case, id=case.id) for case in source()]
    missing = pytest.mark.skip(reason="needs the development data in ../shared/data")
    return pytest.mark.parametrize("case", found or [pytest.param(None, marks=missing, id="no data")])


def assert_close(got: Any, want: Any, *, rtol: float, atol: float = 0.0, what: str = "") -> None:
    """Fail where a number is further from R's than the tolerance; R's missing numbers must be missing."""
    numbers = [None if one is None else float(one) for one in np.atleast_1d(np.asarray(want, dtype=object))]
    expected = np.array([np.nan if one is None else one for one in numbers])
    np.testing.assert_allclose(np.ravel(got), expected, rtol=rtol, atol=atol, equal_nan=True, err_msg=what)
    for tell in LISTENERS:
        tell(np.ravel(got).astype(float), expected, rtol, atol)


def _complete(columns: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    kept = [row for row in zip(*columns.values(), strict=True) if None not in row and "NA" not in row]
    return {name: list(column) for name, column in zip(columns, zip(*kept, strict=True), strict=True)}


def _case(
    name: str, one: Mapping[str, Any], effects: Mapping[str, Any], data: Mapping[str, list[Any]]
) -> Case:
    return Case(
        id=f"{name}:{one['id']}",
        options=dict(one.get("options") or {}),
        expected=one["expected"],
        effects=effects,
        data=data,
        input=dict(one.get("input") or {}),
        call=one.get("call", ""),
        kind=kind_of(name, one),
    )


def _datasets() -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in files().items() if name.startswith(METAFOR))


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return json.load(stream)
