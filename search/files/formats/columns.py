"""The columns of tables of citations, under the names by which programs and databases call them.

ASReview, Rayyan, Covidence, Zotero, Ovid, Embase, Scopus, PubMed, the Cochrane Library and Web of Science:
Zotero after a real export, Embase, Rayyan and Cochrane after public ones, the others after their manuals.
"""

import re
from collections.abc import Iterator, Sequence

from search.files.citation_fields import names_in, parted
from search.files.importing import one_line
from search.files.raw import Vocabulary

__all__ = ["OURS", "VOCABULARY", "WOS", "cells", "joined", "names_a_title", "vocabulary_for"]

OURS = "living_review"
"""The column by which a table says that we wrote it; it tells how lists and formulas are guarded."""

VOCABULARY: Vocabulary = {
    "titles": ("title", "primary_title", "article title", "document title", "original title", "ti"),
    "abstract": ("abstract", "abstract note", "notes_abstract", "original abstract", "ab"),
    "authors": (
        *("authors", "author", "author(s)", "author names", "author full names", "first_authors"),
        *("full author names", "authors/contributors", "au"),
    ),
    "journal": (
        *("journal", "publication title", "source title", "secondary_title", "journal_name"),
        *("journal/book", "journal name", "alternate_title3", "source", "so"),
    ),
    "year": (
        *("year", "publication year", "publication_year", "published year", "year of publication"),
        *("py", "yr", "date", "publication date", "date of publication", "published"),
    ),
    "volume": ("volume", "vl", "vo"),
    "issue": ("issue", "number", "ip"),
    "pages": (
        *("pages", "page", "start_page", "page start", "first page", "sp", "start page", "pg"),
        *("art. no.", "article number"),
    ),
    "last_page": ("end_page", "page end", "last page", "end page", "ep"),
    "doi": ("doi", "do", "digital object identifier"),
    "links": ("url", "urls", "link", "doi link", "full text link"),
    "pmid": ("pmid", "pubmed_id", "pubmed id", "medline pmid"),
    "pmcid": ("pmcid", "pmc_id", "pmc id"),
    "accession": ("accession number", "accession_number", "ui", "an", "unique identifier"),
    "database": ("database", "name_of_database", "db", "database name"),
    "language": ("language", "article language", "language of original document", "lg"),
    "types": ("publication_types", "publication type", "document type", "pt", "type_of_work"),
    "mesh": ("mesh", "mesh subject headings"),
    "keywords": (
        *("keywords", "author keywords", "manual tags", "automatic tags", "index keywords", "kw"),
        *("emtree drug index terms (major focus)", "emtree medical index terms (major focus)"),
        *("emtree drug index terms", "emtree medical index terms"),
    ),
    "registrations": ("registrations",),
    "trials": ("clinical trial numbers", "ctgov id", "ictrp id", "nct number", "secondary source id"),
    "notes": ("notes", "note", "asreview_note", "extra"),
    "labels": (
        *("label", "included", "label_included", "asreview_label", "asreview_prior", "included_label"),
        *("final_included", "rayyan-inclusion", "decision", "tags"),
    ),
}
"""Names in lower case. What a list stands in is parted: authors, types, headings, keywords, notes of ours."""

WOS: Vocabulary = {
    "titles": ("ti",),
    "abstract": ("ab",),
    "authors": ("au", "af"),
    "more_authors": ("ca",),
    "journal": ("so", "j9"),
    "year": ("py", "ea"),
    "volume": ("vl",),
    "issue": ("is",),
    "pages": ("bp", "ar"),
    "last_page": ("ep",),
    "doi": ("di",),
    "pmid": ("pm",),
    "language": ("la",),
    "types": ("dt",),
    "keywords": ("de", "id"),
}
"""The columns of Web of Science's table, which it calls by its tags."""

_LISTS = ("types", "mesh", "keywords")
_OUR_LISTS = (*_LISTS, "registrations", "notes", "authors", "labels")
_ESCAPED = re.compile(r"\\(.)|;", re.DOTALL)


def vocabulary_for(header: Sequence[str]) -> Vocabulary:
    """Return the vocabulary that a header speaks."""
    if {"ti", "ut"} <= set(header):
        return WOS
    # A column "source" is the journal (Cochrane) only where no other column is.
    others = set(VOCABULARY["journal"]) - {"source"}
    sure = tuple(name for name in VOCABULARY["journal"] if name != "source")
    return {**VOCABULARY, "journal": sure} if others & set(header) else VOCABULARY


def names_a_title(header: Sequence[str]) -> bool:
    """Return whether one of the columns holds titles, and the row is no entry of two cells itself."""
    return bool(set(VOCABULARY["titles"]) & set(header))


def cells(header: Sequence[str], row: Sequence[str], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Give out the cells of a row under the names of their columns, lists parted."""
    ours = OURS in header
    lists = {name for meaning in (_OUR_LISTS if ours else _LISTS) for name in vocabulary.get(meaning, ())}
    authors = set(vocabulary["authors"])
    for name, cell in zip(header, row, strict=True):
        if name in lists:
            yield from ((name, part) for part in (_unjoined(cell) if ours else parted(cell)))
        elif name in authors:
            yield from ((name, part) for part in names_in(one_line(cell)))
        else:
            yield name, cell


def joined(values: Sequence[str]) -> str:
    """Return `values` as one cell: parted by semicolons, those inside a value behind a backslash."""
    kept = filter(None, map(one_line, values))
    return "; ".join(re.sub(r"([\\;])", r"\\\1", value) for value in kept)


def _unjoined(cell: str) -> list[str]:
    """Take apart what `joined` put together."""
    parts, at = [""], 0
    for match in _ESCAPED.finditer(cell):
        parts[-1] += cell[at : match.start()] + (match[1] or "")
        at = match.end()
        if match[1] is None:
            parts.append("")
    parts[-1] += cell[at:]
    return parts
