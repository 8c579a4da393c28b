"""How a source read the strategy, compared with the last time: mappings change while the strategy stays."""

import re
from collections.abc import Iterable

from review.searching import SearchRun

__all__ = ["changed_reading", "last_translation", "without_days"]

_DAYS = re.compile(
    r"\s+AND\s+\(?\s*\"?\d{4}(?:/\d{1,2}){0,2}[\d/ :\"]*\[\s*(?:Date - Entry|Entry Date|edat)\s*\]\)?\s*$",
    re.IGNORECASE,
)
_TERM = re.compile(r"(?:\"[^\"]*\"|[^\s()\[\]\"]+)\[[^\]]*\]")
_NAMED = 4
"""Terms that a message names; the page of searches shows both readings in full."""


def last_translation(runs: Iterable[SearchRun], source: str, strategy_sha256: str) -> str:
    """Return how the source read this same strategy when it last said so; empty where it never did."""
    said = [
        run.translation
        for run in runs
        if (run.source, run.strategy_sha256) == (source, strategy_sha256) and run.translation
    ]
    return said[-1] if said else ""


def changed_reading(before: str, now: str) -> str:
    """Return one sentence on what is read otherwise than before; empty where nothing is, or nobody knows.

    The days that each run adds to its question do not count.
    """
    old, new = without_days(before), without_days(now)
    if not old or not new or old == new:
        return ""
    terms_before, terms_now = _TERM.findall(old), _TERM.findall(new)
    added = [term for term in dict.fromkeys(terms_now) if term not in set(terms_before)]
    gone = [term for term in dict.fromkeys(terms_before) if term not in set(terms_now)]
    said = [f"{what} {_some(terms)}" for what, terms in (("now with", added), ("now without", gone)) if terms]
    return (
        f"the source reads the same strategy otherwise than at the last search: "
        f"{'; '.join(said) or 'the same terms, joined otherwise'}; look whether it still asks what it should"
    )


def without_days(translation: str) -> str:
    """Return a translation without the window's days and the brackets that they made necessary."""
    text = " ".join(translation.split())
    bare = _DAYS.sub("", text)
    return _opened(bare) if bare != text else text


def _opened(text: str) -> str:
    """Take off a bracket that encloses all of the text."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and at < len(text) - 1:
            return text
    return text[1:-1]


def _some(terms: list[str]) -> str:
    more = f" and {len(terms) - _NAMED} more" if len(terms) > _NAMED else ""
    return ", ".join(terms[:_NAMED]) + more
