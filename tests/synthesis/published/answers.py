"""Published analyses as data (``analyses/*.toml``), and what our functions answer to the same call.

A result names its data set (``data.toml``), how effects are made of it, the function to call, and the numbers
that were printed. ``article`` holds numbers that the article itself prints otherwise, as the source of the
comparison notes; ``left_out`` says why ours differs, ``unbuilt`` why
there is nothing of ours.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from synthesis import (
    EffectSizes,
    effect_sizes,
    fail_safe_n,
    glmm,
    henmi_copas,
    mantel_haenszel,
    multivariate,
    peto,
    pool,
    regress,
    three_level,
    trim_and_fill,
)

HERE = Path(__file__).parent
TABLE, RATES = ("ai", "bi", "ci", "di", "n1i", "n2i"), ("x1i", "t1i", "x2i", "t2i")
CELLS = (*TABLE, *RATES, "m1i", "sd1i", "m2i", "sd2i", "xi", "ni", "yi", "vi")
SCALES: dict[str, Callable[[Any], Any]] = {"exp": np.exp, "logistic": expit}

Printed = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Result:
    """One call, and what was printed of its answer."""

    analysis: str
    citation: str
    seen: str
    where: str
    call: str
    printed: Printed
    data: str
    article: Printed = field(default_factory=dict)
    effects: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, float] = field(default_factory=dict)
    mods: tuple[str, ...] = ()
    centre: Mapping[str, float | str] = field(default_factory=dict)
    at: Mapping[str, list[float]] = field(default_factory=dict)
    study: str = "trial"
    left_out: str = ""
    unbuilt: str = ""

    @property
    def id(self) -> str:
        """Return the analysis and the place in it."""
        return f"{self.analysis}: {self.where}"


def results() -> Iterator[Result]:
    """Yield every result of every analysis, those that are left out as well."""
    for path in sorted((HERE / "analyses").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        shared = {name: value for name, value in content.items() if name != "result"}
        for one in content["result"]:
            yield Result(analysis=path.stem, **(shared | one))


def answer(result: Result) -> Any:
    """Return what our function answers."""
    columns = _columns(result)
    counting: dict[str, Callable[..., Any]] = {"mantel_haenszel": mantel_haenszel, "peto": peto, "glmm": glmm}
    if result.call in counting:
        return counting[result.call](**result.options, **_cells(result, columns))
    made = _effects(result, columns)
    if result.call in ("regress", "predict"):
        return _regression(result, made, columns)
    if result.call in ("three_level", "multivariate"):
        return _dependent(result, made, columns)
    calls = {
        "pool": pool,
        "trim_and_fill": trim_and_fill,
        "fail_safe_n": fail_safe_n,
        "henmi_copas": henmi_copas,
    }
    return made if result.call == "effects" else calls[result.call](made.yi, made.vi, **result.options)


def read(found: Any, name: str) -> Any:
    """Return a number of an answer: a field's path, a scale before it, or a pool's interval by its name."""
    scale, _, rest = name.partition(" ")
    if scale in SCALES:
        return SCALES[scale](read(found, rest))
    match name.split():
        case ["tau"]:
            return np.sqrt(found.tau2)
        case ["tau2", kind, bound]:
            return getattr(found.tau2_interval(kind), bound)
        case ["pi", df, bound]:
            return getattr(found.prediction_interval(df), bound)
        case ["blup", part, *end]:
            column = getattr(found.blup(), part)
            return getattr(column, end[0])() if end else column
    return attrgetter(name)(found)


def as_printed(numbers: Any, printed: str | list[str]) -> str | list[str]:
    """Return numbers with the digits that the printed ones have."""
    if isinstance(printed, list):
        return [_rounded(one, text) for one, text in zip(np.ravel(numbers), printed, strict=True)]
    return _rounded(numbers, printed)


def _rounded(number: float, printed: str) -> str:
    text = f"{float(number):.{len(printed.partition('.')[2])}f}"
    # A zero has lost its sign in most tables.
    return text.lstrip("-") if float(text) == 0 and not printed.startswith("-") else text


def _columns(result: Result) -> dict[str, np.ndarray]:
    data = tomllib.loads((HERE / "data.toml").read_text(encoding="utf-8"))[result.data]
    columns = {name: np.array(column, dtype=float) for name, column in data.items()}
    kept = np.all([columns[name] == value for name, value in result.only.items()], axis=0)
    return {name: column[kept] for name, column in columns.items()} if result.only else columns


def _effects(result: Result, columns: Mapping[str, np.ndarray]) -> EffectSizes:
    options = dict(result.effects) or {"measure": "GEN"}
    if "v1i" in columns:
        diagonal = np.diag(_blocks(columns[result.study], columns))
        return effect_sizes("GEN", yi=columns["yi"], vi=diagonal)
    percent, smoothed = options.pop("percent", False), options.pop("smoothed", False)
    options.pop("columns", None)
    made = effect_sizes(**options, **_cells(result, columns))
    scale, vi = (100 if percent else 1), _smoothed(columns) if smoothed else made.vi
    kept = np.isfinite(made.yi)
    return effect_sizes("GEN", yi=scale * made.yi[kept], vi=scale**2 * vi[kept])


def _cells(result: Result, columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    named = result.effects.get("columns", {name: name for name in columns if name in CELLS})
    return {name: columns[column] for name, column in named.items()}


def _smoothed(table: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return Berkey et al.'s variances of log risk ratios: the mean odds of all trials."""
    arms = [(table["ai"], table["bi"]), (table["ci"], table["di"])]
    return np.asarray(sum(np.mean(well / ill) / (well + ill) for ill, well in arms))


def _regression(result: Result, made: EffectSizes, columns: Mapping[str, np.ndarray]) -> Any:
    centre = _centre(result, columns)
    model = regress(made.yi, made.vi, _moderators(result.mods, centre, columns), **result.options)
    if result.call == "regress":
        return model
    return model.predict(
        _moderators(result.mods, centre, {name: np.array(at) for name, at in result.at.items()})
    )


def _dependent(result: Result, made: EffectSizes, columns: Mapping[str, np.ndarray]) -> Any:
    study, options = columns[result.study], dict(result.options)
    options["mods"] = _moderators(result.mods, _centre(result, columns), columns) or None
    if result.call == "three_level":
        return three_level(made.yi, made.vi, study, **options)
    v = _blocks(study, columns) if "v1i" in columns else made.vi
    return multivariate(made.yi, v, study, columns["outcome"], **options)


def _blocks(study: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the covariances of effects whose studies stand together, two rows each."""
    rows = np.stack([columns["v1i"], columns["v2i"]], axis=1)
    v = np.zeros((len(study), len(study)))
    for start in range(0, len(study), 2):
        v[start : start + 2, start : start + 2] = rows[start : start + 2]
    return v


def _centre(result: Result, columns: Mapping[str, np.ndarray]) -> dict[str, float]:
    return {name: columns[name].mean() if at == "mean" else at for name, at in result.centre.items()}


def _moderators(
    names: tuple[str, ...], centre: Mapping[str, Any], columns: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    centred = {name: column - centre.get(name, 0.0) for name, column in columns.items()}
    return {name: np.prod([centred[one] for one in name.split("*")], axis=0) for name in names}
