"""Nouns as text and back: the body of every ledger row is the noun in canonical JSON.

Keys are sorted, everything beyond ASCII is escaped (so that both databases hold any character a source may
send), and numbers that JSON lacks are written as the strings that pydantic reads back as floats.
"""

import hashlib
import json
import math
from collections.abc import Hashable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

__all__ = ["canonical", "differing", "dump", "from_text", "load", "sha256", "storable", "to_text"]

Noun = TypeVar("Noun")


def dump(noun: object) -> str:
    """Return the canonical JSON of a noun.

    Raises
    ------
    ValueError
        When a field does not hold what its type says.
    """
    try:
        plain = _adapter(cast("Hashable", type(noun))).dump_python(noun, mode="json", warnings="error")
    except PydanticSerializationError as error:
        raise ValueError(
            f"{type(noun).__name__}: {error}; expected fields of the declared types; nothing was written"
        ) from error
    return canonical(plain)


def load(kind: type[Noun], body: str) -> Noun:
    """Return the noun whose canonical JSON is `body`."""
    return cast("Noun", _adapter(cast("Hashable", kind)).validate_python(json.loads(body)))


def differing(kind: type, new: str, written: str) -> list[str]:
    """Return the fields of a noun, but its time, in which two bodies say different things.

    A body of an earlier version lacks the fields that came later: it says nothing of them, at any depth.
    """
    said = json.loads(written).keys() - {"at"}
    before, now = json.loads(dump(load(kind, written))), json.loads(new)
    return sorted(field for field in said if before[field] != now[field])


def canonical(plain: object) -> str:
    """Return the one JSON text of plain data: sorted keys, no spaces, ASCII."""
    try:
        return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(plain), sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """Return the hexadecimal SHA-256 of an ASCII text."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def to_text(at: datetime) -> str:
    """Return a time as ISO text in UTC with microseconds, so that texts sort as times do.

    Raises
    ------
    ValueError
        When the time has no zone.
    """
    if at.tzinfo is None:
        raise ValueError(
            f"time: found {at.isoformat()} without a zone; expected one with a zone, such as UTC"
        )
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Return the time that ``to_text`` wrote."""
    return datetime.fromisoformat(text)


def storable(text: str) -> str:
    """Return a text without NUL and half characters (lone surrogates), which no text column holds."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", kind))


def _finite(plain: object) -> object:
    match plain:
        case dict():
            return {key: _finite(value) for key, value in plain.items()}
        case list():
            return [_finite(value) for value in plain]
        case float() if math.isnan(plain):
            return "NaN"
        case float() if math.isinf(plain):
            return "Infinity" if plain > 0 else "-Infinity"
    return plain
