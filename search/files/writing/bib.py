"""Records as BibTeX: what LaTeX would take for a command is written so that it does not."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from review.record import Record
from search.files.formats.latex import protected
from search.files.importing import one_line
from search.notes import label_in

__all__ = ["bibtex_text"]

_AND = re.compile(r"\band\b|^others$|^\s|\s$", re.IGNORECASE)


def bibtex_text(records: Iterable[Record]) -> str:
    """Return `records` as BibTeX, UTF-8, one ``@article`` each, under keys that name and year give."""
    keys: dict[str, int] = {}
    return "\n".join(_entry(record, _key(record, keys)) for record in records)


def _entry(record: Record, key: str) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(record) if value]
    return "\n".join([f"@article{{{key},", *lines, "}", ""])


def _key(record: Record, keys: dict[str, int]) -> str:
    name = record.authors[0].split(",")[0].split(" ")[0] if record.authors else ""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    key = re.sub(r"[^A-Za-z0-9]", "", plain).lower() + str(record.year or "") or "record"
    keys[key] = keys.get(key, 0) + 1
    return key if keys[key] == 1 else f"{key}-{keys[key]}"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "title", _said(record.title)
    yield "author", " and ".join(_name(name) for name in map(one_line, record.authors) if name)
    singles = {
        "journal": record.journal,
        "year": str(record.year or ""),
        "volume": record.volume,
        "number": record.issue,
        "pages": record.pages,
        "doi": record.doi,
        "pmid": record.pmid,
        "pmcid": record.pmcid,
        "language": record.language,
        "abstract": record.abstract,
    }
    yield from ((name, _said(value)) for name, value in singles.items())
    yield "keywords", _list(record.keywords)
    yield "publication_types", _list(record.publication_types)
    yield "registrations", _list(record.registrations)
    yield "notes", _list(tuple(note for note in record.notes if not label_in(note)))
    yield "label", _list(tuple(filter(None, map(label_in, record.notes))))


def _said(text: str) -> str:
    return protected(one_line(text))


def _name(name: str) -> str:
    """Hold a name together where it holds the word that parts names."""
    return f"{{{protected(name)}}}" if _AND.search(name) else protected(name)


def _list(values: tuple[str, ...]) -> str:
    """Part by semicolons, with one at the end; a value that holds one is held together by braces."""
    said = (one_line(value) for value in values)
    kept = [f"{{{protected(value)}}}" if ";" in value else protected(value) for value in said if value]
    return "; ".join(kept) + (";" if kept else "")
