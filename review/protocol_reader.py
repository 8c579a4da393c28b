"""Read ``protocol.toml``: each key known, each reference leading somewhere, each direction declared."""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from review import protocol as nouns
from review import protocol_sources as sources
from review import protocol_synthesis as pooling
from review.errors import ReviewError
from review.protocol import Protocol
from review.protocol_limits import Contradiction, beyond_limits, unanswerable, unaudited, unknown_drafts

__all__ = ["ProtocolError", "read_protocol"]


class ProtocolError(ReviewError):
    """The protocol cannot be followed as it stands; nothing was changed."""


def read_protocol(folder: Path) -> Protocol:
    """Read the protocol of the review in `folder`.

    Raises
    ------
    ProtocolError
        When the file is missing or not TOML, a key is unknown, missing or of the wrong kind, or a name
        refers to nothing the protocol declares. The message is *file: key: found; expected; what to do*.
    """
    path = folder / "protocol.toml"
    protocol = _validated(_parsed(path), path)
    for where, found, expected, todo in _contradictions(protocol, folder):
        raise ProtocolError(f"{path}: {where}", found, expected, todo)
    return protocol


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ProtocolError(
            str(path), "no such file", "a review's protocol", "name a review's folder with --review"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ProtocolError(
            str(path), str(problem), "a TOML file in UTF-8", "mend the line it names"
        ) from None


def _validated(data: dict[str, Any], path: Path) -> Protocol:
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as problem:
        first = min(problem.errors(), key=_unknown_keys_first)
        raise _as_protocol_error(first, path) from None


_TABLES: tuple[Any, ...] = tuple(
    noun
    for module in (sources, pooling, nouns)
    for noun in (getattr(module, name) for name in module.__all__)
    if is_dataclass(noun)
)


def _forbid_unknown_keys() -> TypeAdapter[Protocol]:
    for table in _TABLES:
        table.__pydantic_config__ = ConfigDict(extra="forbid")
    return TypeAdapter(Protocol)


_ADAPTER = _forbid_unknown_keys()


def _unknown_keys_first(error: ErrorDetails) -> bool:
    return error["type"] != "unexpected_keyword_argument"


_EXPECTED = {"tuple_type": 'a list: ["one", "another"]'}
"""In words of the file's format where pydantic's are Python's."""


def _as_protocol_error(error: ErrorDetails, path: Path) -> ProtocolError:
    key = _key(error["loc"])
    where = f"{path}: {key}"
    if error["type"] == "unexpected_keyword_argument":
        return ProtocolError(where, "an unknown key", _known_keys(key), "correct its spelling or remove it")
    if error["type"] == "missing":
        todo = "declare which way is good for the patient" if key.endswith("better") else "add the key"
        return ProtocolError(where, "nothing", "a value", todo)
    expected = _EXPECTED.get(error["type"]) or error["msg"][0].lower() + error["msg"][1:]
    return ProtocolError(
        where, repr(error["input"]), expected.removeprefix("input should be "), "change the value"
    )


def _key(loc: Iterable[int | str]) -> str:
    names = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc]
    return "".join(names).lstrip(".")


def _known_keys(key: str) -> str:
    last = key.rsplit(".", 1)[-1]
    known = sorted({field.name for table in _TABLES for field in fields(table)})
    near = difflib.get_close_matches(last, known, n=1)
    return f"a key of the protocol, perhaps {near[0]!r}" if near else "a key of the protocol"


def _contradictions(protocol: Protocol, folder: Path) -> Iterator[Contradiction]:
    yield from _versions(protocol)
    yield from _missing_files(protocol, folder)
    yield from _doubled_ids(protocol)
    yield from beyond_limits(protocol)
    yield from unaudited(protocol)
    yield from unanswerable(protocol.search)
    yield from unknown_drafts(protocol)
    strata = {stratum.id for stratum in protocol.stratum}
    outcomes = {outcome.id for outcome in protocol.outcome}
    for outcome in protocol.outcome:
        for stratum in outcome.measure_in:
            if stratum not in strata:
                where = f"outcome.{outcome.id}.measure_in.{stratum}"
                yield where, "no such stratum", _one_of(strata), "declare the stratum or remove the entry"
    for outcome_id in protocol.pico.outcomes:
        if outcome_id not in outcomes:
            yield (
                f"pico.outcomes: {outcome_id}",
                "no such outcome",
                _one_of(outcomes),
                "add an [[outcome]] table",
            )
    if protocol.rehearsal:
        yield from _bad_analysis(protocol, protocol.rehearsal.analysis)


def _versions(protocol: Protocol) -> Iterator[Contradiction]:
    last = max((amendment.version for amendment in protocol.history), default=None)
    if last != protocol.version:
        todo = "add a [[history]] entry that says what changed"
        yield "version", str(protocol.version), f"the last version of the history, {last}", todo


def _missing_files(protocol: Protocol, folder: Path) -> Iterator[Contradiction]:
    named = {
        f"references.{key}": getattr(protocol.references, key) for key in ("studies", "reports", "effects")
    }
    if protocol.search.pubmed:
        named["search.pubmed.strategy"] = protocol.search.pubmed.strategy
    if protocol.rehearsal:
        for key in ("catalogue", "decisions", "effects", "trials", "near_misses"):
            named[f"rehearsal.{key}"] = getattr(protocol.rehearsal, key)
    for key, name in named.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            yield key, repr(name), "a file inside the review's folder", "move the file into the folder"
        elif not path.is_file():
            yield (
                key,
                f"no file {name!r}",
                "a file in the review's folder",
                "add the file or correct the name",
            )


def _doubled_ids(protocol: Protocol) -> Iterator[Contradiction]:
    tables: Mapping[str, Iterable[Any]] = {
        "comparison": protocol.comparison,
        "stratum": protocol.stratum,
        "timepoint": protocol.timepoint,
        "outcome": protocol.outcome,
    }
    for table, rows in tables.items():
        ids = [row.id for row in rows]
        if not ids:
            yield table, "none", "at least one", f"add a [[{table}]] table"
        for name in {one for one in ids if ids.count(one) > 1}:
            yield (
                f"{table}.{name}",
                f"{ids.count(name)} tables",
                "one table for each id",
                "rename all but one",
            )


def _bad_analysis(protocol: Protocol, analysis: str) -> Iterator[Contradiction]:
    tables = (protocol.comparison, protocol.outcome, protocol.timepoint, protocol.stratum)
    parts = analysis.split("/")
    known = len(parts) == len(tables) and all(
        part in {row.id for row in rows}  # type: ignore[attr-defined]  # each table's rows have an id
        for part, rows in zip(parts, tables, strict=True)
    )
    if not known:
        expected = "comparison/outcome/timepoint/stratum, each an id the protocol declares"
        yield "rehearsal.analysis", repr(analysis), expected, "correct the id that is not declared"


def _one_of(names: Iterable[str]) -> str:
    return f"one of {', '.join(sorted(names))}"
