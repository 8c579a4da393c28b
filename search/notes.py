"""What an entry says of itself in its notes, and how to read that back.

A catalogue may not carry abstracts: it serves an index of their words as keywords and declares so in a note.
A file of citations may bring other people's decisions along: they are kept as notes and decide nothing.
"""

import re
from collections.abc import Iterable

from review.record import Record

__all__ = ["INDEX_NOTE", "from_general_notes", "general_notes", "label_in", "label_note", "tells_a_decision"]

INDEX_NOTE = "Index of words served instead of the abstract"
"""A general note that begins with exactly this text declares the keywords to be an index of the abstract."""

_LABEL = "Label in the file: "
_DECISIONS = re.compile(r"RAYYAN-[A-Z]|\bASReview_\w|^Exclusion reason:", re.IGNORECASE)
"""How Rayyan, ASReview and Covidence write decisions into notes."""

_EXPLANATION = ": the keywords are its distinct words and strategy phrases, without order or count."


def general_notes(record: Record) -> tuple[str, ...]:
    """All general notes of a record: the declaration, once, where it holds, then the record's own notes."""
    declaration = (INDEX_NOTE + _EXPLANATION,) if record.index_only else ()
    return declaration + tuple(note for note in record.notes if not _declares_index(note))


def from_general_notes(texts: Iterable[str]) -> tuple[bool, tuple[str, ...]]:
    """Read general notes back: `index_only` and the notes without the declaration.

    Parameters
    ----------
    texts
        The texts of the entry's GeneralNote elements, in document order.
    """
    notes = tuple(texts)
    return any(map(_declares_index, notes)), tuple(note for note in notes if not _declares_index(note))


def label_note(label: str) -> str:
    """Return the note that keeps a label which a file gives an entry."""
    return _LABEL + label


def label_in(note: str) -> str:
    """Return the label that `note` keeps; empty where it is another note."""
    return note.removeprefix(_LABEL) if note.startswith(_LABEL) else ""


def tells_a_decision(note: str) -> bool:
    """Return whether `note` tells what somebody elsewhere thought of the entry."""
    return bool(label_in(note) or _DECISIONS.search(note))


def _declares_index(note: str) -> bool:
    return note.startswith(INDEX_NOTE)
