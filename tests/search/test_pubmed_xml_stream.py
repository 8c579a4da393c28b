"""Reading PubMed XML: the stream, its end, and real records."""

import gzip
import tracemalloc
from collections import Counter
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.errors import Truncated
from search.pubmed_xml import Deleted, read
from tests.search.wire import article_xml, articles, law

THREE = articles(*(article_xml(pmid) for pmid in ("1", "2", "3"))).encode()


class Trickle:
    """Gives a few bytes at a time, as a socket may."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step = data, step

    def read(self, size: int = -1) -> bytes:
        """Return a few bytes."""
        most = self.step if size < 0 else min(size, self.step)
        given, self.data = self.data[:most], self.data[most:]
        return given


@pytest.fixture(scope="module")
def elements(shared_data: Path) -> dict[str, Element]:
    """Return the 496 real records as plain elements, by PMID, to compare with."""
    with gzip.open(shared_data / "pubmed/distinct-496.xml.gz") as stream:
        return {element.findtext("MedlineCitation/PMID"): element for element in parse(stream).getroot()}


def pmids(stream: object) -> tuple[list[str], Truncated | None]:
    """Return what was given out, and what ended it."""
    taken: list[str] = []
    try:
        taken.extend(item.pmid for item in _each(stream, taken))
    except Truncated as error:
        return taken, error
    return taken, None


def _each(stream, taken):
    for item in read(stream):
        taken.append(item.pmid)
    return ()


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[Record]:
    """Return the 496 real records."""
    with (shared_data / "pubmed/distinct-496.xml.gz").open("rb") as stream:
        return [item for item in read(stream) if isinstance(item, Record)]


@law
@given(st.integers(1, 400))
def test_the_size_of_pieces_does_not_matter(step: int) -> None:
    """The same records come out however few bytes arrive at a time."""
    assert pmids(Trickle(THREE, step)) == (["1", "2", "3"], None)


@law
@given(st.integers(0, len(THREE) - 1))
def test_every_cut_is_noticed(at: int) -> None:
    """Wherever the input breaks off, the whole records before it come out, and then Truncated."""
    taken, error = pmids(BytesIO(THREE[:at]))
    assert error is not None
    assert taken == ["1", "2", "3"][: error.good]
    assert len(taken) == THREE[:at].count(b"</PubmedArticle>")


@law
@given(st.integers(1, 200))
def test_every_cut_of_a_gzip_stream_is_noticed(missing: int) -> None:
    """A gzip stream that breaks off is never taken for a short one."""
    packed = gzip.compress(THREE)
    _, error = pmids(BytesIO(packed[:-missing]))
    assert error is not None


def test_a_gzip_stream_is_unpacked() -> None:
    """Packed and plain input give the same records."""
    assert pmids(BytesIO(gzip.compress(THREE))) == (["1", "2", "3"], None)


def test_a_bad_record_ends_the_reading_where_it_stands() -> None:
    """The records before a malformed one come out, with the place of the bad one."""
    bad = articles(article_xml("1"), "<PubmedArticle><a></PubmedArticle>", article_xml("3")).encode()
    taken, error = pmids(BytesIO(bad))
    assert (taken, error and error.good) == (["1"], 1)
    assert error is not None
    assert error.where == f"byte {bad.index(b'<PubmedArticle><a>')}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"<html><body>down</body></html>",
        b"<eFetchResult><ERROR>x</ERROR></eFetchResult>",
        b"PMID- 1",
        b"\x1f\x8bnot gzip",
        THREE + THREE,
        THREE.replace(b'<PMID Version="1">2</PMID>', b""),
        THREE.replace(b'<PMID Version="1">2</PMID>', b"<PMID>x</PMID>"),
        THREE.replace(b"A trial of X in Y.", b"\xff\xfe", 1),
        THREE.replace(b"</PubmedArticleSet>", b"<Other></Other></PubmedArticleSet>"),
        THREE.replace(b"</PubmedArticleSet>", b"</Other>"),
        THREE.replace(b"A trial of X", b"&outside;", 1),
        THREE.replace(b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='ISO-8859-1'?>"),
    ],
)
def test_what_is_no_complete_set_is_said(data: bytes) -> None:
    """Anything but a complete set ends in Truncated that says where."""
    with pytest.raises(
        Truncated, match=r"^PubMed XML: found .*expected a complete PubmedArticleSet.* at byte \d+"
    ):
        list(read(BytesIO(data)))


@pytest.mark.parametrize(
    "prologue",
    [
        b"\xef\xbb\xbf<?xml version='1.0'?>",
        b"<!DOCTYPE PubmedArticleSet PUBLIC '-//NLM//DTD 2099//EN' 'https://example.org/pubmed_990101.dtd'>",
        b"<?xml version='1.0'?>\n<!-- made -->\n",
        b"",
    ],
)
def test_any_prologue_will_do(prologue: bytes) -> None:
    """Marks, comments and the document type of any year stand before the set without being followed."""
    body = THREE.partition(b"?>")[2]
    assert pmids(BytesIO(prologue + body)) == (["1", "2", "3"], None)


def test_declarations_in_the_document_type_are_refused() -> None:
    """Entities that a document brings along are never read, so they cannot unfold."""
    bomb = b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + THREE.partition(b"?>")[2]
    with pytest.raises(Truncated, match="declarations"):
        list(read(BytesIO(bomb)))


@pytest.mark.parametrize(
    "empty", ["<PubmedArticleSet/>", "<PubmedArticleSet></PubmedArticleSet>", "<PubmedBookArticleSet />"]
)
def test_an_empty_set_is_empty(empty: str) -> None:
    """A complete set without records is no error here; whoever asked for records knows."""
    assert list(read(BytesIO(empty.encode()))) == []


@law
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Arbitrary bytes end in Truncated."""
    with pytest.raises(Truncated):
        list(read(BytesIO(data)))


@law
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    """A set in which some bytes were changed gives records and deletions, then perhaps Truncated."""
    damaged = bytearray(THREE)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(THREE) - 1))] = data.draw(st.integers(0, 255))
    taken, error = pmids(BytesIO(bytes(damaged)))
    assert error is None or error.good == len(taken)


def test_memory_is_that_of_a_record() -> None:
    """Two megabytes of records pass without being held."""
    one = article_xml(
        "1", more="<Abstract><AbstractText>" + "word " * 1000 + "</AbstractText></Abstract>"
    ).encode()

    class Long:
        def __init__(self) -> None:
            self.pieces = chain([b"<PubmedArticleSet>"], repeat(one * 10, 40), [b"</PubmedArticleSet>"])

        def read(self, _: int = -1) -> bytes:
            """Return the next piece."""
            return next(self.pieces, b"")

    tracemalloc.start()
    count = sum(1 for _ in read(Long()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 1_000_000) == (400, True)


def test_real_records_are_all_read(real: list[Record]) -> None:
    """Each of the 496 real records comes out once, with a title and an entry date."""
    assert len({record.pmid for record in real}) == 496
    assert all(record.title and record.entered and record.year and record.journal for record in real)


def test_no_cited_doi_is_taken(real: list[Record], elements: dict[str, Element]) -> None:
    """In the 68 real records that list DOIs of cited works, none of those is taken for the record's own."""
    cited = {
        pmid: {
            found.text
            for found in element.iterfind(".//ReferenceList//ArticleId")
            if found.get("IdType") == "doi"
        }
        for pmid, element in elements.items()
    }
    assert sum(map(bool, cited.values())) == 68
    assert not [record.pmid for record in real if record.doi in cited[record.pmid]]


def test_no_text_is_cut_at_markup(real: list[Record], elements: dict[str, Element]) -> None:
    """In the 135 real records with markup inside title or abstract, every word around and in it is read."""
    marked = 0
    for record in real:
        article = elements[record.pmid].find("MedlineCitation/Article")
        parts = [article.find("ArticleTitle"), *article.iterfind("Abstract/AbstractText")]
        marked += any(len(part) for part in parts)
        words = " ".join("".join(part.itertext()) for part in parts).split()
        assert not set(words) - set(f"{record.title} {record.abstract}".split())
    assert marked == 135


def test_real_labels_are_kept(real: list[Record], elements: dict[str, Element]) -> None:
    """The 67 real structured abstracts keep each label."""
    parts = [
        (record, part.get("Label"))
        for record in real
        for part in elements[record.pmid].iterfind("MedlineCitation/Article/Abstract/AbstractText")
        if part.get("Label")
    ]
    assert len({record.pmid for record, _ in parts}) == 67
    assert all(f"{label}: " in record.abstract for record, label in parts)


def test_real_records_show_the_known_pitfalls(real: list[Record]) -> None:
    """As many real records lack an abstract, DOI or MeSH, or were retracted, as were counted."""
    seen = Counter(
        none
        for record in real
        for none, holds in {
            "abstract": not record.abstract,
            "doi": not record.doi,
            "mesh": not record.mesh,
            "retracted": "Retracted Publication" in record.publication_types,
        }.items()
        if holds
    )
    assert seen == {"abstract": 81, "doi": 10, "mesh": 209, "retracted": 1}


def test_recorded_replies_are_read(shared_data: Path) -> None:
    """Every recorded EFetch reply of PubMed gives its records."""
    found = {}
    for path in sorted((shared_data / "pubmed/eutils").glob("pubmed*.xml")):
        with path.open("rb") as stream:
            found[path.name] = sum(1 for _ in read(stream))
    assert found == {f"pubmed{n}.xml": count for n, count in ((1, 2), (2, 2), (4, 1), (5, 1), (6, 1), (7, 1))}


def test_deletions_and_records_are_told_apart() -> None:
    """A deletion is not a record."""
    xml = articles("<DeleteCitation><PMID>8</PMID></DeleteCitation>")
    assert list(read(BytesIO(xml.encode()))) == [Deleted("8")]
