"""Where a term stands in the text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.spans import spans
from classifier.text import LONGEST, Reading, terms, words
from review.record import Record
from review.suggestion import TextSpan

RECORD = Record(
    source="test", accession="1", title="Pain: a trial", abstract="Chronic (low-back) PAIN; pain!"
)

ODD = (
    "pain",
    "Straße",
    "xᾷy",
    "ŉame",
    "ﬃx",
    "ΐσ",
    "İstanbul",
    "慢性",
    "ألم",
    "مُزمِن",
    "👩‍⚕️",
    "\ud83d",
    "\0",
    "a",
    " ",
    "-",
)
TEXTS = st.lists(st.sampled_from(ODD)).map("".join) | st.text()


def _written(record: Record, span: TextSpan) -> str:
    return getattr(record, span.field)[span.start : span.end]


def test_every_occurrence_is_found() -> None:
    """A word is found in title and abstract, in capitals too, in the order of the text."""
    found = spans(RECORD, ["pain"])["pain"]
    assert [_written(RECORD, span) for span in found] == ["Pain", "PAIN", "pain"]
    assert [span.field for span in found] == ["title", "abstract", "abstract"]


def test_a_pair_includes_what_stands_between() -> None:
    """Punctuation and single letters between two words belong to the span."""
    found = spans(RECORD, ["pain trial", "back pain"])
    assert _written(RECORD, found["pain trial"][0]) == "Pain: a trial"
    assert _written(RECORD, found["back pain"][0]) == "back) PAIN"


def test_no_pair_crosses_the_border_of_title_and_abstract() -> None:
    """The last word of the title and the first of the abstract are not neighbours."""
    assert spans(RECORD, ["trial chronic"]) == {"trial chronic": ()}


def test_letters_that_grow_when_folded_keep_their_place() -> None:
    """What follows a letter whose lower case is longer is marked where it is written."""
    record = replace(RECORD, title="Große Straße, pain")
    (span,) = spans(record, ["pain"])["pain"][:1]
    assert (span.start, span.end) == (14, 18)


@given(TEXTS, TEXTS)
def test_a_span_read_again_gives_the_term(title: str, abstract: str) -> None:
    """Every term of any text has a span for each time it counts, and nothing else is in it."""
    record = Record(source="test", accession="1", title=title, abstract=abstract)
    read = terms(record, Reading.TEXT)
    found = spans(record, read)
    assert {term: len(places) for term, places in found.items()} == {term: read.count(term) for term in read}
    for term, places in found.items():
        assert {" ".join(words(_written(record, span))) for span in places} == {term}


def test_an_index_is_not_pointed_at() -> None:
    """Where there is an index for an abstract, only the title has places."""
    record = replace(RECORD, abstract="", keywords=("chronic", "pain"), index_only=True)
    found = spans(record, ["pain", "chronic"])
    assert [span.field for span in found["pain"]] == ["title"]
    assert found["chronic"] == ()


@pytest.mark.parametrize("title", ["", "\0", "\ud83d"])
def test_nothing_to_read_has_no_spans(title: str) -> None:
    """A term that is not there is answered with no place."""
    assert spans(Record(source="test", accession="1", title=title), ["pain"]) == {"pain": ()}


def test_ten_megabytes_are_marked_at_the_beginning() -> None:
    """What is not read for ranking is not marked as a reason."""
    monster = replace(RECORD, abstract="filler " * 1_400_000 + "pain")
    assert {span.field for span in spans(monster, ["pain"])["pain"]} == {"title"}
    assert max(span.end for span in spans(monster, ["filler"])["filler"]) <= LONGEST
