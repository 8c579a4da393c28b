"""The protocol's terms made visible in a text: every piece is escaped, then the matches are marked."""

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

__all__ = ["highlight"]


def highlight(text: str, include: Sequence[str], exclude: Sequence[str]) -> Markup:
    """Return `text` as safe HTML with the terms that speak for and against inclusion in ``<mark>``.

    A term may end in ``*``, which stands for any further letters; where two terms meet, the longer wins.
    """
    pattern = _pattern(tuple(include), tuple(exclude))
    if pattern is None:
        return escape(text)
    pieces: list[Markup] = []
    end = 0
    for match in pattern.finditer(text):
        kind = "for" if match.lastgroup and match.lastgroup.startswith("f") else "against"
        pieces += [
            escape(text[end : match.start()]),
            Markup('<mark class="{}">{}</mark>').format(kind, match[0]),
        ]
        end = match.end()
    return Markup("").join([*pieces, escape(text[end:])])


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
