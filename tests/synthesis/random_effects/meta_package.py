"""What the R package meta does to counts before it pools them: its own rules for empty cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthesis import effect_sizes, mantel_haenszel, peto
from synthesis.arrays import Numbers
from synthesis.counts.result import Sparse
from tests.synthesis.oracle import Case

BINARY = ("OR", "RR", "RD")


@dataclass(frozen=True)
class Call:
    """The options of one call, read from a case's id."""

    measure: str
    method: str
    exact: str
    tau: str
    interval: str

    @classmethod
    def of(cls, case: Case) -> "Call":
        """Return a case's options."""
        parts = case.id.split(":")[1].split("/")
        if parts[1] == "PI":
            return cls(parts[0], "Inverse", "NA", "REML", parts[2])
        return cls(*parts) if parts[0] not in BINARY else cls(*parts[:2], "NA", *parts[2:])

    @property
    def ours(self) -> bool:
        """Whether the effect sizes are ones of ours: neither Glass's delta nor an approximate J is."""
        return self.method != "Glass" and (self.method, self.exact) != ("Hedges", "FALSE")


def effects(call: Call, data: Mapping[str, list[Any]]) -> tuple[Numbers, Numbers]:
    """Return meta's effects and standard errors."""
    if call.measure not in BINARY:
        return _of_means(call, data)
    counts = complete(data)
    half = _half(counts)
    if call.method == "Peto":
        return _pair(effect_sizes("PETO", to="none", drop00=True, **counts))
    if call.measure == "RD":
        plain = effect_sizes("RD", to="none", **counts)
        return plain.yi, np.sqrt(effect_sizes("RD", to="only0", **counts).vi)
    # meta's risk ratio adds to the events and once to the participants: nothing to those without.
    others = half if call.measure == "OR" else 0.0
    gone = np.where(silent(counts), np.nan, 0.0)
    cells = {
        "ai": counts["ai"] + half + gone,
        "bi": counts["n1i"] - counts["ai"] + others,
        "ci": counts["ci"] + half,
        "di": counts["n2i"] - counts["ci"] + others,
    }
    return _pair(effect_sizes(call.measure, to="none", **cells))


def common(call: Call, data: Mapping[str, list[Any]]) -> tuple[float, float, Sparse]:
    """Return meta's common estimate and standard error, and the pool whose weights they have."""
    counts = complete(data)
    if call.method == "Peto":
        pooled = peto(**counts)
        return pooled.estimate, pooled.se, pooled
    if call.measure == "RD":
        # meta corrects weights and variance, not the differences.
        pooled = mantel_haenszel("RD", vtype="GR", add=(0.5, 0.5), to=("only0", "only0"), **counts)
        yi = effects(call, data)[0]
        return float(pooled.weights @ yi[~np.isnan(yi)] / 100), pooled.se, pooled
    kept = ~silent(counts)
    told = {name: column[kept] for name, column in counts.items()}
    pooled = mantel_haenszel(call.measure, add=(0.5, 0.5), to=("only0", "only0"), **told)
    return pooled.estimate, pooled.se, pooled


def complete(data: Mapping[str, list[Any]]) -> dict[str, Numbers]:
    """Return the counts of a file of meta under our names."""
    names = {"ai": "ai", "n1i": "n1", "ci": "ci", "n2i": "n2"}
    return {ours: numbers(data[theirs]) for ours, theirs in names.items()}


def silent(counts: Mapping[str, Numbers]) -> Any:
    """Return which studies saw no event, or nothing but events."""
    none = (counts["ai"] == 0) & (counts["ci"] == 0)
    return none | ((counts["ai"] == counts["n1i"]) & (counts["ci"] == counts["n2i"]))


def numbers(column: list[Any]) -> Numbers:
    """Return a column with NaN for what is missing."""
    return np.array([np.nan if one in (None, "NA") else one for one in column], dtype=float)


def _half(counts: Mapping[str, Numbers]) -> Numbers:
    empty = (counts["ai"] == 0) | (counts["ci"] == 0)
    empty |= (counts["ai"] == counts["n1i"]) | (counts["ci"] == counts["n2i"])
    return np.where(empty, 0.5, 0.0)


def _of_means(call: Call, data: Mapping[str, list[Any]]) -> tuple[Numbers, Numbers]:
    names = {"m1i": "m1", "sd1i": "s1", "n1i": "n1", "m2i": "m2", "sd2i": "s2", "n2i": "n2"}
    columns = {ours: numbers(data[theirs]) for ours, theirs in names.items()}
    if call.measure != "SMD":
        return _pair(effect_sizes(call.measure, **columns))
    plain = effect_sizes("SMD", correct=call.method == "Hedges", **columns)
    exact = effect_sizes("SMD", vtype="UB", **columns)
    return plain.yi, np.sqrt(exact.vi if call.exact == "TRUE" else plain.vi)


def _pair(sizes: Any) -> tuple[Numbers, Numbers]:
    return sizes.yi, np.sqrt(sizes.vi)
