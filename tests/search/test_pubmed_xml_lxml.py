"""Reading PubMed XML: the same as a second reading by lxml, whatever is done to the records."""

import dataclasses
import gzip
import re
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from review.record import Record
from search.errors import Truncated
from search.pubmed_xml import read
from tests.search.lxml_reading import parsed, reading
from tests.search.wire import law

START = (
    b'<?xml version="1.0" encoding="utf-8"?><PubmedArticleSet xmlns:mml="http://www.w3.org/1998/Math/MathML">'
)
END = b"</PubmedArticleSet>"
ARTICLE = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.DOTALL)
TAG = re.compile(rb"<(\w+)((?: \w+=\"[^\"]*\")+)(/?)>")
INSIDE = re.compile(rb"(?<=>)")
EXTRAS = (
    b"<!-- between -->",
    b"<!-- <PMID>9</PMID><ArticleTitle>Not this</ArticleTitle> -->",
    b"<!-- <ReferenceList> -->",
    b"<!-- </ReferenceList> -->",
    b"<![CDATA[<PMID>9</PMID> & more]]>",
    b"<![CDATA[</PubmedArticle>]]>",
    b"<?note <Year>1900</Year>?>",
    b"&amp;&lt;&#8201;&#x3b2;&quot;",
    b"<future><PMID>9</PMID><Year>1900</Year></future>",
    b"<future a='>'/>",
    b"\n\t ",
)
RECORDS = st.integers(0, 495)


class Records(tuple):
    """Many records, in few words where a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} records"


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Records:
    """Return the 496 real records, as they stand."""
    with gzip.open(shared_data / "pubmed/distinct-496.xml.gz") as stream:
        return Records(ARTICLE.findall(stream.read()))


@pytest.fixture(scope="module")
def unreferenced(real: Records) -> Records:
    """Return those without a list of cited works, all of whose bytes are read."""
    return Records(record for record in real if b"<ReferenceList>" not in record)


def fields(record: Record) -> dict[str, object]:
    """Return a record as the second reading has it."""
    shallow = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    return shallow | {"corrections": tuple((one.kind, one.pmid, one.citation) for one in record.corrections)}


def ours(*records: bytes) -> tuple[list[dict[str, object]], Truncated | None]:
    """Return what the reader makes of a set of the records, and how it ended."""
    taken: list[dict[str, object]] = []
    try:
        taken.extend(_fields_of_each(records, taken))
    except Truncated as error:
        return taken, error
    return taken, None


def _fields_of_each(records, taken):
    for item in read(BytesIO(START + b"".join(records) + END)):
        taken.append(fields(item))
    return ()


def theirs(*records: bytes) -> list[dict[str, object]]:
    """Return what lxml makes of them."""
    return [reading(article) for article in parsed(START + b"".join(records) + END)]


def test_every_field_of_every_real_record_is_the_same(real: Records) -> None:
    """All fields of the 496 real records are those of the second reading."""
    assert ours(*real) == (theirs(*real), None)


def test_recorded_replies_are_read_the_same(shared_data: Path) -> None:
    """All fields of the recorded EFetch replies are those of the second reading."""
    replies = [path.read_bytes() for path in sorted((shared_data / "pubmed/eutils").glob("pubmed*.xml"))]
    records = [record for reply in replies for record in ARTICLE.findall(reply)]
    assert (len(records), ours(*records)) == (8, (theirs(*records), None))


@law
@given(RECORDS, st.data())
def test_every_cut_of_a_real_record_is_noticed(real: Records, which: int, data: st.DataObject) -> None:
    """Wherever a real record breaks off, the one before it comes out, and then Truncated with its place."""
    cut = data.draw(st.integers(1, len(real[which]) - 1))
    stream = BytesIO(START + real[0] + real[which][:cut])
    with pytest.raises(Truncated) as caught:
        list(read(stream))
    assert (caught.value.good, caught.value.offset) == (1, len(START + real[0]))


@law
@given(RECORDS, st.data())
def test_damage_is_noticed_or_does_no_harm(unreferenced: Records, which: int, data: st.DataObject) -> None:
    """With bytes changed, a record is read as lxml reads it, or Truncated where lxml refuses it too."""
    record = bytearray(unreferenced[which % len(unreferenced)])
    for _ in range(data.draw(st.integers(1, 3))):
        record[data.draw(st.integers(0, len(record) - 1))] = data.draw(st.integers(0, 255))
    hold_against_lxml(unreferenced[0], bytes(record))


@law
@given(RECORDS, st.sampled_from(EXTRAS), st.integers(0, 10**6))
def test_what_is_put_in_is_read_as_xml(real: Records, which: int, extra: bytes, place: int) -> None:
    """Comments, character data, instructions, references and new elements mean what lxml takes them for."""
    places = [found.start() for found in INSIDE.finditer(real[which][:-1])]
    at = places[place % len(places)]
    hold_against_lxml(real[0], real[which][:at] + extra + real[which][at:])


@law
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_writing_of_attributes_does_not_matter(real: Records, which: int, random) -> None:
    """Attributes may change places, quotes and blanks."""

    def rewritten(tag: re.Match[bytes]) -> bytes:
        attributes = re.findall(rb'(\w+)="([^"]*)"', tag[2])
        random.shuffle(attributes)
        pairs = [
            b"%b='%b'" % pair if b"'" not in pair[1] and random.random() < 0.5 else b'%b = "%b"' % pair
            for pair in attributes
        ]
        return b"<%b\n%b %b>" % (tag[1], b"\t".join(pairs), tag[3])

    changed = TAG.sub(rewritten, real[which])
    assert ours(changed) == (theirs(real[which]), None)


def hold_against_lxml(before: bytes, record: bytes) -> None:
    """Assert that a record is read as lxml reads it, or refused where it stands."""
    taken, error = ours(before, record)
    try:
        expected = theirs(before, record)
    except etree.XMLSyntaxError:
        assert error is not None
        expected = []
    if error is None:
        assert taken == expected
    else:
        assert taken == theirs(before)
        assert (error.good, error.offset >= len(START + before)) == (1, True)
