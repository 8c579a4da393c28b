"""A record broken into words once, so that many strategies can be put to it quickly."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from review.record import Record
from search.query.qualifiers import qualifier_of
from search.words import BREAK, folded_line, folded_words

__all__ = ["Indexed", "Text", "value_of"]


_LAST = "\U0010ffff"


class Text:
    """The words of a field: as a set, sorted, and in order on one line.

    Parameters
    ----------
    parts
        Texts between which no phrase runs: title, abstract, each keyword.
    """

    def __init__(self, parts: Iterable[str]) -> None:
        self.line = folded_line(parts)
        self.words = frozenset(self.line.split()) - {BREAK}

    @cached_property
    def ordered(self) -> list[str]:
        """The distinct words in order, and a sentinel behind them, to look stems up in."""
        return [*sorted(self.words), _LAST]

    @property
    def parts(self) -> list[str]:
        """The words of each part."""
        return self.line.split(BREAK)


class Indexed:
    """A record ready to be asked.

    Where a record serves an index of words instead of the abstract, its keywords stand for the abstract too.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._texts: dict[str, Text] = {}
        self._values: dict[str, frozenset[str]] = {}

    def text(self, tag: str) -> Text:
        """Give the words of a field: ti, ab, ot, tiab, tw or all."""
        if tag not in self._texts:
            self._texts[tag] = Text(_parts(self.record, tag))
        return self._texts[tag]

    def values(self, tag: str) -> frozenset[str]:
        """Give the folded whole values of a field: headings, types, names, identifiers."""
        if tag not in self._values:
            self._values[tag] = frozenset(map(value_of, _values(self.record, tag)))
        return self._values[tag]


def value_of(text: str) -> str:
    """Fold a value that is compared as a whole; a slash stays, as between heading and subheading."""
    return "/".join(" ".join(folded_words(part)) for part in text.split("/"))


def _parts(record: Record, tag: str) -> tuple[str, ...]:
    if tag == "ti":
        return (record.title,)
    if tag == "ab":
        return record.keywords if record.index_only else (record.abstract,)
    if tag == "ot":
        return record.keywords
    text = (record.title, record.abstract, *record.keywords)
    if tag == "tiab":
        return text
    text_words = (*text, *record.mesh, *record.publication_types, *record.registrations)
    return text_words if tag == "tw" else (*text_words, *_rest(record))


def _rest(record: Record) -> tuple[str, ...]:
    place = (record.journal, str(record.year or ""), record.volume, record.issue, record.pages)
    return (*record.authors, *place, _pmid(record), record.doi, record.pmcid)


def _values(record: Record, tag: str) -> tuple[str, ...]:
    if tag in _HEADINGS:
        return _HEADINGS[tag](record)
    names = {"au": record.authors, "1au": record.authors[:1], "lastau": record.authors[-1:]}
    held = {
        "pt": record.publication_types,
        "si": record.registrations,
        "uid": (_pmid(record),),
        "ta": (record.journal,),
        "la": (record.language.lower()[:3],),
        "auid": tuple(orcid.rsplit("/", 1)[-1] for orcid in record.orcids),
        "vi": (record.volume,),
        "ip": (record.issue,),
        "pg": (record.pages, record.pages.split("-")[0]),
        "aid": (record.doi, record.pmcid),
        "lid": (record.doi,),
    }
    return tuple(filter(None, {**names, **held}[tag]))


def _headings(record: Record) -> tuple[str, ...]:
    """Headings alone and with each of their subheadings; the star of a major topic is no part of a name."""
    return tuple(name for heading in record.mesh for name, _ in _combinations(heading))


def _major(record: Record) -> tuple[str, ...]:
    return tuple(name for heading in record.mesh for name, starred in _combinations(heading) if starred)


def _subheadings(record: Record) -> tuple[str, ...]:
    parts = (part for heading in record.mesh for part in heading.split("/")[1:])
    return tuple(_qualifier(part) for part in parts)


def _combinations(heading: str) -> Iterator[tuple[str, bool]]:
    """Give a heading of MEDLINE's form alone and with each subheading, and whether it is a major topic so.

    A star stands before the heading (``*Pain/psychology``) or before one subheading (``Pain/*psychology``).
    """
    name, *qualifiers = heading.split("/")
    plain = name.replace("*", "")
    yield plain, "*" in heading
    for qualifier in qualifiers:
        yield f"{plain}/{_qualifier(qualifier)}", "*" in name or "*" in qualifier


def _qualifier(text: str) -> str:
    return qualifier_of(" ".join(folded_words(text)))


_HEADINGS = {"mh": _headings, "majr": _major, "sh": _subheadings}


def _pmid(record: Record) -> str:
    return record.pmid or (record.accession if record.source == "pubmed" else "")
