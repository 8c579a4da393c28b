"""ECitMatch: what is asked, and what its plain text says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import BadReply
from search.eutils.citation_match import CitationKey, question, read_matches
from search.eutils.replies import Reply

FIELD = st.text(max_size=20)


def _reply(text: str, status: int = 200) -> Reply:
    return Reply("PubMed ECitMatch", status, text.encode())


def test_a_recorded_reply_is_read(shared_data):
    """A real reply gives the PMIDs that were found, and none for the journal that PubMed does not know."""
    text = (shared_data / "pubmed/reported/ecitmatch_mixed.txt").read_text()
    assert read_matches(_reply(text)) == {"Art1": ("2014248",), "ref2": (), "Art4": ("31978945",)}


@pytest.mark.parametrize(
    ("said", "pmids"),
    [
        ("900000001", ("900000001",)),
        ("AMBIGUOUS 900000001,900000002", ("900000001", "900000002")),
        ("AMBIGUOUS (3 citations)", ()),
        ("NOT_FOUND;INVALID_JOURNAL", ()),
        ("NOT_FOUND", ()),
        ("", ()),
    ],
)
def test_the_last_field_is_pmids_or_words(said, pmids):
    """PMIDs are taken, words about how many there are or that there is none are not."""
    assert read_matches(_reply(f"j|2000|1|1|a|k|{said}\n")) == {"k": pmids}


@pytest.mark.parametrize("body", ["", "<html>down</html>", "Unable to route request!", "j|2000|1"])
def test_anything_else_is_no_answer(body):
    """A body without lines of citations is a failure and never *nothing found*."""
    with pytest.raises(BadReply):
        read_matches(_reply(body))


@given(st.lists(st.builds(CitationKey, key=FIELD, journal=FIELD, year=FIELD, author=FIELD), min_size=1))
def test_no_citation_breaks_into_two(citations):
    """Whatever stands in its fields, each citation is one line of six fields."""
    lines = question(citations).split("\r")
    assert [line.count("|") for line in lines] == [6] * len(citations)
