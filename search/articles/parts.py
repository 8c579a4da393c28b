"""The parts that a record is made of: how PubMed writes them, and the regular expressions that find them so.

Every part may be missing. Which follow each other is fixed, what is not named has no place, and every tag is
closed: so what matches is well-formed, and each thing that is captured stands where its part belongs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby, permutations

__all__ = ["Kind", "Part", "each", "holder", "many", "marked", "mixed", "record_of", "text"]

_BLANKS = r"[ \n\r\t]*+"
_TEXT = "[^<]*+"
_VALUE = r'[^"<\n\r\t]*+'
_MARKUP = ("i", "sub", "sup", "b", "u")
# Formulas, and markup any deeper, are left to a parser.
_MARKUP_IN_MARKUP = ("i", "sub", "sup")


class Kind(Enum):
    """What stands inside a part."""

    TEXT = "text alone"
    MARKED = "text with inline markup"
    PARTS = "parts in their order"
    MIXED = "parts in any order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An element: what stands in it, which attributes it has, and the names of what is captured.

    Parameters
    ----------
    attributes
        In PubMed's order, with the name each is captured by; no name where it is not read.
    name
        By which what stands inside is captured; nothing where it is not read as one.
    several
        Whether there may be more than one, one after the other.
    together
        By which several are captured as one; nothing where they are not.
    """

    tag: str
    kind: Kind
    parts: tuple["Part", ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    name: str = ""
    several: bool = False
    together: str = ""


def text(tag: str, name: str = "", **attributes: str) -> Part:
    """Return a part with text alone."""
    return Part(tag=tag, kind=Kind.TEXT, name=name, attributes=tuple(attributes.items()))


def marked(tag: str, name: str = "", **attributes: str) -> Part:
    """Return a part whose text may have inline markup."""
    return Part(tag=tag, kind=Kind.MARKED, name=name, attributes=tuple(attributes.items()))


def holder(tag: str, *parts: Part, name: str = "", **attributes: str) -> Part:
    """Return a part that holds others, in this order."""
    return Part(tag=tag, kind=Kind.PARTS, parts=parts, name=name, attributes=tuple(attributes.items()))


def mixed(tag: str, *parts: Part, name: str = "", **attributes: str) -> Part:
    """Return a part that holds others in any order, as often as they come."""
    return Part(tag=tag, kind=Kind.MIXED, parts=parts, name=name, attributes=tuple(attributes.items()))


def many(part: Part, together: str = "") -> Part:
    """Return a part of which there may be several, one after the other."""
    return replace(part, several=True, together=together)


def record_of(part: Part) -> re.Pattern[str]:
    """Return what matches a whole record, in groups by name."""
    return re.compile(_whole(part, "(?P<{}>"))


def each(part: Part) -> re.Pattern[str]:
    """Return what finds each of several in a record that matched, in groups by their order.

    What follows the last thing that is read is not looked at again.
    """
    if part.kind is not Kind.PARTS:
        return re.compile(_whole(part, "("))
    last = max(place for place, one in enumerate(part.parts, 1) if _is_read(one))
    opening = f"<{part.tag}{_attributes(part, '(')}>"
    return re.compile(opening + _inside(replace(part, parts=part.parts[:last]), "("))


def _is_read(part: Part) -> bool:
    return bool(part.name or part.together) or (not part.several and any(map(_is_read, part.parts)))


def _whole(part: Part, group: str) -> str:
    opening = f"<{part.tag}{_attributes(part, group)}"
    return f"{opening}(?:>{_captured(_inside(part, group), part.name, group)}</{part.tag}>|/>)"


def _inside(part: Part, group: str) -> str:
    if part.kind is Kind.TEXT:
        return _TEXT
    if part.kind is Kind.MARKED:
        return _marked(_MARKUP, _marked(_MARKUP_IN_MARKUP, _TEXT))
    if part.kind is Kind.MIXED:
        return f"{_BLANKS}(?:(?:{'|'.join(_whole(one, '') for one in part.parts)}){_BLANKS})*+"
    return _BLANKS + "".join(_perhaps(one, group) for one in part.parts)


def _perhaps(part: Part, group: str) -> str:
    if part.several:
        return _captured(f"(?:{_whole(part, '')}{_BLANKS})*+", part.together, group)
    return f"(?:{_whole(part, group)}{_BLANKS})?"


def _attributes(part: Part, group: str) -> str:
    runs = groupby(part.attributes, lambda attribute: bool(attribute[1]))
    return "".join(_in_order(run, group) if read else _in_any_order(run) for read, run in runs)


def _in_order(attributes: Iterable[tuple[str, str]], group: str) -> str:
    return "".join(f'(?: {name}="{_captured(_VALUE, said, group)}")?' for name, said in attributes)


def _in_any_order(attributes: Iterable[tuple[str, str]]) -> str:
    """Return what matches any of them in their order, or all of them in another."""
    usual, *others = permutations(attributes)
    all_in = ["".join(f' {name}="{_VALUE}"' for name, _ in order) for order in others]
    return f"(?:{'|'.join([_in_order(usual, ''), *all_in])})"


def _marked(signs: Iterable[str], inside: str) -> str:
    marked = "|".join(f"<{sign}>{inside}</{sign}>" for sign in signs)
    return f"{_TEXT}(?:(?:{marked}){_TEXT})*+"


# Nothing is captured inside what is possessive: Python's re has had faults there.
def _captured(pattern: str, name: str, group: str) -> str:
    return f"{group.format(name)}{pattern})" if name and group else pattern
