"""Every recorded and every reported reply: what is made of it, over a real socket and under HTTP 200."""

from functools import partial
from pathlib import Path

import pytest

from search.errors import SourceError
from search.eutils.citation_match import is_answer, read_matches
from search.eutils.links import SIMILAR, read_links
from search.eutils.replies import read_answer, read_build, read_records
from tests.search.wire import Scripted, pubmed_at, serving

ANSWERS = {
    # name: how many records are counted, and how many PMIDs the file lists
    "esearch1.xml": (63, 20),
    "esearch2.xml": (42249, 100),
    "esearch3.xml": (2651, 6),
    "esearch5.xml": (5, 5),
    "esearch6.xml": (1018, 20),
    "esearch7.xml": (330, 20),
}
RECORDS = {
    "pubmed1.xml": ("12091962", "9997"),
    "pubmed2.xml": ("11748933", "11700088"),
    "pubmed4.xml": ("27797938",),
    "pubmed5.xml": ("28775130",),
    "pubmed6.xml": ("30108519",),
    "pubmed7.xml": ("29963580",),
}
LINKS = {"elink1.xml": ("9298984", 100), "elink4.xml": ("12242737", 155)}
MATCHES = {"Art1": ("2014248",), "ref2": (), "Art4": ("31978945",)}
REFUSED = {
    "efetch_pmc.xml": "expected a complete PubmedArticleSet",
    "einfo1.xml": "no DbBuild",
    "einfo4.xml": "broken XML",
    "elink2.xml": "2 PMIDs together",
    "elink3.xml": "2 PMIDs together",
    "elink5.xml": "0 PMIDs together",
    "elink6.xml": "0 PMIDs together",
    "elink7.xml": "0 PMIDs together",
    "elink8.xml": "0 PMIDs together",
    "epost1.xml": "<ePostResult>; expected <eSearchResult>",
    "epost2.xml": "Invalid db name specified: nothing",
    "epost3.xml": "Empty ID list; Nothing to store; Some IDs have invalid value",
    "esearch8.xml": "PhraseNotFound 'abcXYZ'",
    "espell.xml": "<eSpellResult>; expected <eSearchResult>",
    "esummary1.xml": "<eSummaryResult>; expected <eSearchResult>",
    "esummary3.xml": "<eSummaryResult>; expected <eSearchResult>",
    "esummary4.xml": "<eSummaryResult>; expected <eSearchResult>",
    "esummary5.xml": "<eSummaryResult>; expected <eSearchResult>",
    "esummary6.xml": "<eSummaryResult>; expected <eSearchResult>",
    "esummary8.xml": "Neither query_key nor id specified",
    "esummary9.xml": "<eSummaryResult>; expected <eSearchResult>",
    "journals.xml": "<SerialsSet>; expected <eSearchResult>",
    "pubmed3.html": "a web page",
    "empty_body.txt": "an empty body",
    "esearch_200_backend_failed.xml": "Unable to open connection to #PMQuerySrv",
    "esearch_200_db_not_supported.xml": "Database is not supported: pubmed",
    "esearch_retstart_message.txt": "plain text .*cannot be larger than 9998",
    "http429.json": r"asked too often .*\[address\]",
    "http500_forwarding.json": r"error forwarding request.*\[address\]",
    "http500_www_error.txt": "WWW Error 500",
    "plain_unable_to_route.txt": "Unable to route request!",
}
BUILD, CITATIONS, NOTES = "einfo2.xml", "ecitmatch_mixed.txt", "README.md"

READERS = {
    "efetch": ("EFetch", read_records),
    "pubmed": ("EFetch", read_records),
    "einfo": ("EInfo", read_build),
    "elink": ("ELink", partial(read_links, asked=("1",), name=SIMILAR)),
    "ecitmatch": ("ECitMatch", read_matches),
}


def put(shared_data: Path, name: str, read=None, **changes):
    """Serve a file as the reply to the question it would answer, and return what is made of it."""
    folder = "eutils" if (shared_data / "pubmed/eutils" / name).exists() else "reported"
    body = (shared_data / "pubmed" / folder / name).read_bytes()
    kind = next((kind for kind in READERS if name.startswith(kind)), "")
    utility, usual = READERS.get(kind, ("ESearch", read_answer))
    with serving(Scripted(body=body)) as wire, pubmed_at(wire.url, attempts=1) as pubmed:
        return pubmed.ask(utility, {}, read or usual, **changes)


def test_every_file_is_accounted_for(shared_data):
    """Each file is in one of the tables here: a new one fails this test."""
    told = [*ANSWERS, *RECORDS, *LINKS, *REFUSED, BUILD, CITATIONS, NOTES]
    there = [
        path.name for kind in ("eutils", "reported") for path in (shared_data / "pubmed" / kind).iterdir()
    ]
    assert sorted(told) == sorted(there)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_counted(name, shared_data):
    """An ESearch reply gives its count and every PMID it lists."""
    answer = put(shared_data, name)
    assert (answer.count, len(set(answer.pmids))) == ANSWERS[name]


@pytest.mark.parametrize("name", RECORDS)
def test_records_are_all_read(name, shared_data):
    """An EFetch reply of any year's DTD gives every record in it."""
    assert tuple(record.pmid for record in put(shared_data, name)) == RECORDS[name]


@pytest.mark.parametrize("name", LINKS)
def test_links_are_read(name, shared_data):
    """An ELink reply for one PMID gives every link of the name asked for."""
    pmid, count = LINKS[name]
    found = put(shared_data, name, partial(read_links, asked=(pmid,), name=SIMILAR))
    assert len(found[pmid]) == count


def test_the_build_is_read(shared_data):
    """EInfo's reply gives PubMed's version."""
    assert put(shared_data, BUILD) == "Build-2025.11.27.06.33"


def test_citations_are_read(shared_data):
    """ECitMatch's plain text is an answer: two found, one not."""
    assert put(shared_data, CITATIONS, lenient=is_answer) == MATCHES


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_an_error(name, shared_data):
    """What answers another question, or none, is a declared error that says what was found."""
    with pytest.raises(SourceError, match=f"(?s){REFUSED[name]}"):
        put(shared_data, name)
