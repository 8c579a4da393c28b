"""Reading PubMed XML: what is read without a parser is what a parser reads too."""

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from search.articles import reading
from search.articles.canonical import canonical
from search.articles.parts import record_of
from search.articles.shapes import ARTICLE
from tests.search.lxml_reading import parsed
from tests.search.wire import law

RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)
PATTERN = record_of(ARTICLE)
FRAGMENTS = (
    *(
        b"]]>",
        b"&#0;",
        b"&#x1F;",
        b"&#xD800;",
        b"&#xFFFE;",
        b"&#x1F600;",
        b"&AMP;",
        b"&#X41;",
        b"&amp;",
        b"&#x3b2;",
    ),
    *(
        b"\xef\xbf\xbe",
        b"\xc2\xa0",
        b"\x0b",
        b"\xff",
        b"<i>",
        b"</i>",
        b"<i/>",
        b"<i>x</i>",
        b"<b><i>x</i></b>",
    ),
    *(
        b' UI="x"',
        b' MajorTopicYN="N"',
        b' ValidYN="N"',
        b"<Year>1900</Year>",
        b"<Keyword/>",
        b"<PMID>9</PMID>",
    ),
)


class Records(list[bytes]):
    """Many records, in few words where a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} records"


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Records:
    """Return the 496 real records."""
    with gzip.open(shared_data / "pubmed/distinct-496.xml.gz") as stream:
        return Records(RECORD.findall(stream.read()))


def taken_at_once(record: bytes) -> bool:
    """Return whether a record is read without a parser."""
    return reading._usual(b"PubmedArticle", record) is not None


def accepted(record: bytes) -> bool:
    """Return whether lxml takes a record."""
    try:
        parsed(b'<set xmlns:mml="m">' + record + b"</set>")
    except etree.XMLSyntaxError:
        return False
    return True


def test_nearly_all_real_records_need_no_parser(real: Records) -> None:
    """All but those with formulas or instructions in them are taken at once."""
    others = [one for one in map(reading._uncited, real) if not taken_at_once(one)]
    assert len(others) <= 3
    assert all(b"<mml:" in one or b"<?" in one for one in others)


@law
@given(st.integers(0, 495), st.data())
def test_what_needs_no_parser_is_well_formed(real: Records, which: int, data: st.DataObject) -> None:
    """Whatever is put where in a record, what is then taken at once is accepted by lxml."""
    record = reading._uncited(real[which])
    at, fragment = data.draw(st.integers(1, len(record) - 1)), data.draw(st.sampled_from(FRAGMENTS))
    changed = record[:at] + fragment + record[at:]
    assert accepted(changed) or not taken_at_once(changed)


@law
@given(st.integers(0, 495))
def test_both_ways_say_the_same(real: Records, which: int) -> None:
    """A record is the same when it is brought into form first."""
    record = reading._uncited(real[which])
    assert reading.record(b"PubmedArticle", canonical(record, ARTICLE).encode()) == reading.record(
        b"PubmedArticle", record
    )


OPENINGS = st.sampled_from(
    [b"<Article>", b"<AuthorList>", b"<Author ValidYN='&lt;&#10;'>", b"<PMID>", b"<new>"]
)


@law
@given(st.lists(OPENINGS))
def test_whatever_is_well_formed_can_be_brought_into_form(openings: list[bytes]) -> None:
    """Elements may stand anywhere, also inside each other: what is made of them matches."""
    closings = [b"</%b>" % re.findall(rb"\w+", one)[0] for one in reversed(openings)]
    inside = b"".join([*openings, b"&lt;", *closings])
    record = b"<PubmedArticle><MedlineCitation>%b</MedlineCitation></PubmedArticle>" % inside
    assert PATTERN.fullmatch(canonical(record, ARTICLE))
