"""A record whose title or abstract is no text: an empty cell of a table is often a number, NaN."""

from collections.abc import Iterable

from review.record import Record

__all__ = ["NotTextError", "refuse_what_is_no_text"]


class NotTextError(ValueError):
    """A title, an abstract or a keyword is something else than text."""


def refuse_what_is_no_text(records: Iterable[Record]) -> None:
    """Look at the types of all texts that a ranker reads.

    Raises
    ------
    NotTextError
        Naming the record, the field and what was found.
    """
    for record in records:
        for field, text in (("title", record.title), ("abstract", record.abstract), *_keywords(record)):
            if not isinstance(text, str):
                raise NotTextError(
                    f"{record.id}: found the {field} {text!r}; expected text: "
                    "where a table has an empty cell, give ''"
                )


def _keywords(record: Record) -> list[tuple[str, str]]:
    return [("keyword", one) for one in record.keywords]
