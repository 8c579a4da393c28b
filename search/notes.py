"""What a PubMed entry says of itself in its general notes, and how to read that back.

A catalogue may not carry abstracts: it serves an index of their words as keywords and declares so in a note.
"""

from collections.abc import Iterable

from review.record import Record

__all__ = ["INDEX_NOTE", "from_general_notes", "general_notes"]

INDEX_NOTE = "Index of words served instead of the abstract"
"""A general note that begins with exactly this text declares the keywords to be an index of the abstract."""

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


def _declares_index(note: str) -> bool:
    return note.startswith(INDEX_NOTE)
