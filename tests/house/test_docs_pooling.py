"""The page of the protocol's pooling tells every key, word and default that the code knows."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import EnumMeta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from review import protocol_synthesis as pooling

HEADINGS = {
    pooling.Comparison: "[[comparison]]",
    pooling.Stratum: "[[stratum]]",
    pooling.TimePoint: "[[timepoint]]",
    pooling.Outcome: "[[outcome]]",
    pooling.Instrument: "outcome.instruments",
    pooling.Reexpression: "outcome.reexpress",
    pooling.Subgroup: "[subgroup.NAME]",
    pooling.Moderator: "[moderator.NAME]",
    pooling.SynthesisPlan: "[synthesis]",
    pooling.Fallback: "synthesis.fallback",
    pooling.SharedControlRule: "synthesis.shared_control",
    pooling.SignalRules: "[signals]",
}
NAMES = {
    "Names of `sensitivity`": pooling.SensitivityName,
    "Names of `small_study`": pooling.SmallStudyName,
}
TABLES = [one for name in pooling.__all__ if is_dataclass(one := getattr(pooling, name))]
PAGE = Path(__file__).resolve().parents[2] / "docs/reference/protocol-pooling.md"


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_each_table_tells_its_keys(table: Any) -> None:
    """The page's table has the keys of the code, each once and in its order."""
    assert list(_rows(f"`{HEADINGS[table]}`")) == [field.name for field in fields(table)]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.__name__)
def test_each_key_tells_its_words_and_default(table: Any) -> None:
    """Each key's row lists the words that the code allows, and the default that it takes."""
    rows, hints = _rows(f"`{HEADINGS[table]}`"), get_type_hints(table)
    for field in fields(table):
        allowed, default = rows[field.name][1:3]
        if field.name not in {"sensitivity", "small_study"}:
            assert set(_words(hints[field.name])) - set(re.findall(r"`([^`]+)`", allowed)) == set(), (
                field.name
            )
        assert default == _default(field), field.name


@pytest.mark.parametrize("heading", NAMES)
def test_each_named_analysis_has_its_line(heading: str) -> None:
    """The page lists the names of planned analyses that the code knows, each once and in its order."""
    assert list(_rows(heading)) == list(get_args(NAMES[heading]))


def _rows(heading: str) -> dict[str, list[str]]:
    sections = re.split(r"^#{2,3} ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    (section,) = [one for one in sections if one.partition("\n")[0] == heading]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    rows = [[cell.strip() for cell in line] for line in lines]
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0].strip("`"): row for row in rows}


def _words(hint: Any) -> Iterator[str]:
    if isinstance(hint, EnumMeta):
        yield from (str(word.value) for word in hint)  # type: ignore[attr-defined]
    elif get_origin(hint) is Literal:
        yield from get_args(hint)
    else:
        for part in get_args(hint):
            yield from _words(part)


def _default(field: "Field[Any]") -> str:
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    if default is MISSING:
        return "required"
    if is_dataclass(default):
        return "its defaults"
    if default in (None, "", (), {}):
        return "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
