"""The fields that PubMed lets one search, their tags, and which of them can be evaluated offline.

Sources: PubMed User Guide (NLM), "Search field tags", and EInfo's FieldList of November 2025.
"""

from dataclasses import dataclass
from enum import Enum

__all__ = ["FIELDS", "Field", "Kind", "field_of"]


class Kind(Enum):
    """How a field is compared: by words and phrases, as a whole value, by day, or not offline at all."""

    TEXT = "words and phrases"
    VALUE = "whole values"
    DATE = "days"
    NOT_HELD = "not held offline"


@dataclass(frozen=True, slots=True)
class Field:
    """One searchable field.

    Parameters
    ----------
    tag
        The short tag that `Strategy.to_pubmed` writes.
    name
        PubMed's name of it, as query translations show it.
    aliases
        Further tags that PubMed accepts or once accepted, lower-case.
    instead
        What to write instead, for a tag that is met in strategies and that neither the guide nor EInfo lists.
    """

    tag: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    instead: str = ""

    @property
    def is_heading(self) -> bool:
        """True for the fields that PubMed explodes downwards through the MeSH tree."""
        return self.tag in {"mh", "majr", "sh"}

    @property
    def explodes(self) -> bool:
        """True where PubMed adds narrower values unless told ``:noexp``: headings and publication types."""
        return self.is_heading or self.tag == "pt"

    @property
    def has_proximity(self) -> bool:
        """True for the three fields in which ``[tag:~N]`` works."""
        return self.tag in {"ti", "tiab", "ad"}


FIELDS: tuple[Field, ...] = (
    Field("all", "All Fields", Kind.TEXT, ("all field",)),
    Field("tiab", "Title/Abstract", Kind.TEXT, ("title abstract", "title/abstract")),
    Field("ti", "Title", Kind.TEXT, ("titl",)),
    Field("ab", "Abstract", Kind.TEXT, ("abst",), "[tiab]; PubMed has no field of abstracts alone"),
    Field("ot", "Other Term", Kind.TEXT, ("otrm", "keyword")),
    Field("tw", "Text Word", Kind.TEXT, ("word", "text words")),
    Field("mh", "MeSH Terms", Kind.VALUE, ("mesh", "mesh term")),
    Field("majr", "MeSH Major Topic", Kind.VALUE, ("mjr",)),
    Field("sh", "MeSH Subheading", Kind.VALUE, ("subh", "mesh subheadings")),
    Field("pt", "Publication Type", Kind.VALUE, ("ptyp",)),
    Field("uid", "UID", Kind.VALUE, ("pmid",)),
    Field("au", "Author", Kind.VALUE, ("auth",)),
    Field("1au", "Author - First", Kind.VALUE, ("first author name", "faut", "fau1")),
    Field("lastau", "Author - Last", Kind.VALUE, ("last author name", "laut")),
    Field("auid", "Author - Identifier", Kind.VALUE, ("author identifier",)),
    Field("ta", "Journal", Kind.VALUE, ("jour", "jo", "so")),
    Field("la", "Language", Kind.VALUE, ("lang",)),
    Field("vi", "Volume", Kind.VALUE, ("vol",)),
    Field("ip", "Issue", Kind.VALUE, ("iss",)),
    Field("pg", "Pagination", Kind.VALUE, ("page", "pagi")),
    Field("si", "Secondary Source ID", Kind.VALUE),
    Field("aid", "Article Identifier", Kind.VALUE, ("doi",)),
    Field("lid", "Location ID", Kind.VALUE, ("locationid",)),
    Field("dp", "Date - Publication", Kind.DATE, ("pdat", "publication date")),
    Field("edat", "Date - Entry", Kind.DATE, ("date - entrez", "entrez date", "entry date")),
    Field("crdt", "Date - Create", Kind.DATE, ("create date",)),
    Field("lr", "Date - Modification", Kind.DATE, ("mdat", "modification date")),
    Field("mhda", "Date - MeSH", Kind.NOT_HELD, ("mesh date",)),
    Field("dcom", "Date - Completion", Kind.NOT_HELD, ("cdat", "completion date")),
    Field("epdat", "Electronic Publication Date", Kind.NOT_HELD, ("epdt",)),
    Field("ppdat", "Print Publication Date", Kind.NOT_HELD, ("ppdt",)),
    Field("ad", "Affiliation", Kind.NOT_HELD, ("affl",)),
    Field("cn", "Author - Corporate", Kind.NOT_HELD, ("coln", "corp", "corporate author")),
    Field("fau", "Author - Full", Kind.NOT_HELD, ("full author name", "full")),
    Field("book", "Book", Kind.NOT_HELD),
    Field("cois", "Conflict of Interest Statements", Kind.NOT_HELD, ("conflict of interest statement",)),
    Field("ed", "Editor", Kind.NOT_HELD),
    Field("filter", "Filter", Kind.NOT_HELD, ("filt", "sb", "subset")),
    Field("gr", "Grants and Funding", Kind.NOT_HELD, ("gran", "grnt", "grant number", "grant")),
    Field("ir", "Investigator", Kind.NOT_HELD, ("inve", "finv")),
    Field("fir", "Investigator - Full", Kind.NOT_HELD, ("full investigator name",)),
    Field("isbn", "ISBN", Kind.NOT_HELD),
    Field("jid", "NLM Unique ID", Kind.NOT_HELD, ("nlmid",)),
    Field("nm", "Supplementary Concept", Kind.NOT_HELD, ("subs", "substance name")),
    Field("pa", "Pharmacological Action", Kind.NOT_HELD, ("papx",)),
    Field("pl", "Place of Publication", Kind.NOT_HELD, ("cnty", "cntry")),
    Field("ps", "Subject - Personal Name", Kind.NOT_HELD, ("personal name as subject",)),
    Field("pubn", "Publisher", Kind.NOT_HELD),
    Field("rn", "EC/RN Number", Kind.NOT_HELD, ("ecno",)),
    Field("tt", "Transliterated Title", Kind.NOT_HELD),
    Field("is", "ISSN", Kind.NOT_HELD, ("issn",), "the ISSN with [ta]"),
    Field("own", "Owner", Kind.NOT_HELD, ("owner",), "the untagged owner, as in ownernasa"),
)


def field_of(tag: str) -> Field | None:
    """Find the field of a tag, long name or alias, in any case; None where PubMed has no such field."""
    return _BY_TAG.get(" ".join(tag.lower().split()))


def _index() -> dict[str, Field]:
    return {name: field for field in FIELDS for name in (field.tag, field.name.lower(), *field.aliases)}


_BY_TAG = _index()
