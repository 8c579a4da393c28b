"""Real exports: every entry that an independent count sees is accepted, or rejected with line and reason."""

import csv
import gzip
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from search.readers import Import, read

Count = Callable[[str], int]


def _lines(pattern: str) -> Count:
    return lambda text: len(re.findall(pattern, text, re.MULTILINE))


def _rows(text: str) -> int:
    return sum(1 for _ in csv.DictReader(StringIO(text, newline="")))


ENDS = _lines(r"^ER  -\s*$")
FILES: dict[str, tuple[str, Count, int]] = {
    "exports/citesource_Dimensions_246.ris.gz": ("RIS", ENDS, 0),
    "exports/citesource_lens_343.ris.gz": ("RIS", ENDS, 1),
    "exports/citesource_medline_84.ris.gz": ("RIS", ENDS, 0),
    "exports/citesource_wos_278.ris.gz": ("RIS", ENDS, 0),
    "exports/ris_export.txt.gz": ("RIS", ENDS, 0),
    "exports/scopus.ris.gz": ("RIS", ENDS, 0),
    "exports/wos_test.ris.gz": ("RIS", ENDS, 0),
    "exports/zotero_export.ris.gz": ("RIS", ENDS, 0),
    "exports/zotero_export.bib.gz": ("BibTeX", _lines(r"^@(?!comment|string|preamble)\w+\{"), 0),
    "exports/zotero_export.csv.gz": ("CSV", _rows, 0),
    "asysd-labelled-1845.csv.gz": ("CSV", _rows, 0),
    "copper-505.endnote.xml.gz": ("EndNote XML", _lines("<record>"), 0),
}


@pytest.fixture(scope="module", params=FILES)
def export(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, str, Import]:
    """Each file with its text and what is read from it."""
    path = shared_data / "dedupe" / request.param
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig", "replace")
    return request.param, text, read(path)


def test_every_file_of_the_folder_is_listed(shared_data: Path) -> None:
    """No export is left out of the count."""
    exports = {f"exports/{path.name}" for path in (shared_data / "dedupe/exports").iterdir()}
    assert exports <= set(FILES)


def test_counts_are_accounted_for(export: tuple[str, str, Import]) -> None:
    """Accepted and rejected together are what the count sees; only the entry without a title is rejected."""
    name, text, result = export
    form, count, rejected = FILES[name]
    found = (result.format, result.seen, len(result.rejected))
    assert found == (form, count(text), rejected)


def test_what_screening_needs_is_read(export: tuple[str, str, Import]) -> None:
    """Almost every record has authors and a year, and none has a title of two lines."""
    _, _, result = export
    whole = sum(bool(one.authors and one.year) for one in result.records)
    of_two_lines = sum("\n" in one.title for one in result.records)
    assert (whole > 0.96 * len(result.records), of_two_lines) == (True, 0)


def test_the_same_library_is_the_same_in_both_formats(shared_data: Path) -> None:
    """Zotero's BibTeX and RIS of one library give the same DOIs, years, volumes and numbers of authors."""
    folder = shared_data / "dedupe/exports"
    ris, bib = (read(folder / f"zotero_export.{ending}.gz").records for ending in ("ris", "bib"))

    def told(record):
        return record.doi.lower(), record.year, record.volume, len(record.authors)

    same = sum(told(one) == told(other) for one, other in zip(ris, bib, strict=True))
    assert same > 0.98 * len(ris)


def test_signs_survive_bibtex(shared_data: Path) -> None:
    """No command of LaTeX is left in Zotero's titles and abstracts, and comparisons keep their sign."""
    records = read(shared_data / "dedupe/exports/zotero_export.bib.gz").records
    text = " ".join(f"{record.title} {record.abstract}" for record in records)
    assert not re.search(r"\\text|\\%|\\&", text)
    assert (text.count("<"), text.count(">")) > (200, 90)


def test_endnote_keywords_on_bare_lines_are_parted(shared_data: Path) -> None:
    """EndNote writes the tag before the first keyword only; each line is a keyword."""
    records = read(shared_data / "dedupe/exports/ris_export.txt.gz").records
    assert max(len(keyword) for record in records for keyword in record.keywords) < 120


def test_ovid_links_give_pmids(shared_data: Path) -> None:
    """Ovid writes a PMID into its link only, and only for MEDLINE."""
    records = read(shared_data / "dedupe/exports/citesource_medline_84.ris.gz").records
    assert all(record.pmid.isdecimal() for record in records)
