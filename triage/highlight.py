"""Terms made visible in a text, escaped piece by piece: the protocol's, and those a ranking went by."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise

from markupsafe import Markup, escape

__all__ = ["Kind", "Place", "highlight", "paragraphs", "protocol_places"]

_PARAGRAPH = re.compile(r"\S(?:[^\n]*\S)?")


class Kind(StrEnum):
    """What a place in a text says: the protocol's terms for and against, the ranking's up and down."""

    FOR = "for"
    AGAINST = "against"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end`, the last one excluded; where two of a sort meet, the heavier is shown."""

    start: int
    end: int
    kind: Kind
    weight: float = 0.0

    @property
    def by_ranking(self) -> bool:
        """Whether a ranking marked it, not the protocol."""
        return self.kind in {Kind.UP, Kind.DOWN}


def highlight(text: str, places: Iterable[Place]) -> Markup:
    """Return `text` as safe HTML with every place in a ``<mark>``; one piece may bear two kinds."""
    return _joined(text, _pieces(text, places, ()))


def paragraphs(text: str, places: Iterable[Place]) -> list[Markup]:
    """Return the lines of a text that are not empty, highlighted; places count in the whole text."""
    lines = [match.span() for match in _PARAGRAPH.finditer(text)]
    pieces = list(_pieces(text, places, (edge for line in lines for edge in line)))
    starts = [start for start, _, _ in pieces]
    return [
        _joined(text, pieces[bisect_left(starts, start) : bisect_left(starts, end)]) for start, end in lines
    ]


def protocol_places(text: str, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Place]:
    """Yield where the protocol's terms stand that speak for and against inclusion.

    A term may end in ``*``, which stands for any further letters; where two terms meet, the longer wins.
    """
    pattern = _pattern(tuple(include), tuple(exclude))
    for match in pattern.finditer(text) if pattern else ():
        yield Place(
            match.start(), match.end(), Kind.FOR if (match.lastgroup or "").startswith("f") else Kind.AGAINST
        )


_Piece = tuple[int, int, tuple[Kind, ...]]


def _pieces(text: str, places: Iterable[Place], edges: Iterable[int]) -> Iterator[_Piece]:
    """Yield the text cut wherever a place begins or ends, with the kinds that hold in each piece."""
    opening: dict[int, list[Place]] = defaultdict(list)
    closing: dict[int, list[Place]] = defaultdict(list)
    for one in places:
        opening[one.start].append(one)
        closing[one.end].append(one)
    holding: list[Place] = []
    for start, end in pairwise(sorted({0, len(text), *edges, *opening, *closing})):
        for one in closing[start]:
            holding.remove(one)
        holding += opening[start]
        yield start, end, _kinds(holding)


def _kinds(holding: Sequence[Place]) -> tuple[Kind, ...]:
    sorts = ([one for one in holding if one.by_ranking is ranking] for ranking in (False, True))
    return tuple(max(sort, key=lambda one: abs(one.weight)).kind for sort in sorts if sort)


def _joined(text: str, pieces: Iterable[_Piece]) -> Markup:
    runs = ((kinds, list(run)) for kinds, run in groupby(pieces, key=lambda piece: piece[2]))
    return Markup("").join(_marked(text[run[0][0] : run[-1][1]], kinds) for kinds, run in runs)


def _marked(text: str, kinds: tuple[Kind, ...]) -> Markup:
    return Markup('<mark class="{}">{}</mark>').format(" ".join(kinds), text) if kinds else escape(text)


@lru_cache(maxsize=32)
def _pattern(include: tuple[str, ...], exclude: tuple[str, ...]) -> re.Pattern[str] | None:
    terms = [(term, "f") for term in include if term.strip("* ")]
    terms += [(term, "a") for term in exclude if term.strip("* ")]
    terms.sort(key=lambda one: -len(one[0]))
    parts = [f"(?P<{kind}{number}>{_one(term)})" for number, (term, kind) in enumerate(terms)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def _one(term: str) -> str:
    words = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in term.split()]
    return r"[\s-]+".join(words)
