"""A strategy in Europe PMC's syntax: the counterpart where there is one, and a note where there is none."""

import re

import pytest
from hypothesis import given

from search.query.europepmc import Effect
from search.strategy import StrategyError, parse
from tests.search import pain
from tests.search.test_strategy import QUERIES


@pytest.mark.parametrize(
    ("pubmed", "europepmc"),
    [
        ("pain[ti]", 'TITLE:"pain"'),
        ("pain*[ti]", "TITLE:pain*"),
        ("chronic pain[ab]", 'ABSTRACT:"chronic pain"'),
        ("pain[tiab]", '(TITLE_ABS:"pain" OR KW:"pain")'),
        ('"self-manag*"[ti]', '(TITLE:"self" AND TITLE:manag*)'),
        ('"pain relief"[ti:~2]', 'TITLE:"pain relief"~4'),
        ("pain[all]", '"pain"'),
        ("internet[ot]", 'KW:"internet"'),
        ("chronic pain[mh]", '(KW:"chronic pain" OR TITLE_ABS:"chronic pain")'),
        ("randomized controlled trial[pt]", 'PUB_TYPE:"randomized controlled trial"'),
        ("tester a[au]", 'AUTH:"tester a"'),
        ("tester a[1au] OR other[lastau]", '(AUTH_FIRST:"tester a" OR AUTH_LAST:"other")'),
        ("orcid 0000-0001-2345-678x[auid]", 'AUTHORID:"0000-0001-2345-678X"'),
        ("8[uid]", "(EXT_ID:8 AND SRC:MED)"),
        ("10.9999/x[aid] OR PMC12[aid]", '(DOI:"10.9999/x" OR PMCID:PMC12)'),
        ("pain[ta] AND 1234-5678[ta]", '(JOURNAL:"pain" AND ISSN:"1234-5678")'),
        ("2014/02[dp]", "(FIRST_PDATE:[2014-02-01 TO 2014-02-28] OR P_PDATE:[2014-02-01 TO 2014-02-28])"),
        ("2014[edat]", "CREATION_DATE:[2014-01-01 TO 2014-12-31]"),
        ("english[la]", 'LANG:"eng"'),
        ("a[ti] OR b[ti] AND c[ti]", '((TITLE:"a" OR TITLE:"b") AND TITLE:"c")'),
        ("a[ti] NOT b[ti] NOT c[ti]", '(TITLE:"a" NOT (TITLE:"b" OR TITLE:"c"))'),
    ],
)
def test_parts_with_a_counterpart(pubmed, europepmc):
    """Fields, phrases, truncation, proximity, days and operators go over into Europe PMC's own."""
    assert parse(pubmed).to_europepmc().query == europepmc


@pytest.mark.parametrize(
    ("text", "query", "effect"),
    [
        ("a[ti] AND x[filter]", 'TITLE:"a"', Effect.WIDENED),
        ("a[ti] OR x[sh]", 'TITLE:"a"', Effect.NARROWED),
        ("a[ti] NOT x[filter]", 'TITLE:"a"', Effect.WIDENED),
        ("a[ti] NOT (b[ti] AND x[filter])", 'TITLE:"a"', Effect.WIDENED),
        ("a[ti] NOT (b[ti] OR x[filter])", '(TITLE:"a" NOT TITLE:"b")', Effect.WIDENED),
        ("a[ti] NOT rats[mh]", '(TITLE:"a" NOT MESH:"rats")', Effect.WIDENED),
        ("a[ti] NOT rats[tw]", '(TITLE:"a" NOT TITLE_ABS:"rats")', None),
        ("a[ti] NOT rats[ot]", 'TITLE:"a"', Effect.WIDENED),
        ("rats[mh:noexp]", '(KW:"rats" OR TITLE_ABS:"rats")', Effect.WIDENED),
        ("2014[crdt]", "CREATION_DATE:[2014-01-01 TO 2014-12-31]", Effect.SHIFTED),
    ],
)
def test_parts_without_a_counterpart_are_told(text, query, effect):
    """What is left out or differs is told, with what it does to the whole; a NOT never takes out more."""
    told = parse(text).to_europepmc()
    assert told.query == query
    assert {note.effect for note in told.notes} == ({effect} if effect else set())


def test_a_note_names_the_part_and_its_place():
    """A note says where, which part, what it does and why."""
    told = parse("a[ti] OR\n drug therapy[sh]").to_europepmc()
    assert [str(note) for note in told.notes] == [
        "line 2, column 2: drug therapy[sh]: narrowed: left out: Europe PMC has no field for [sh]"
    ]


def test_nothing_to_ask_is_an_error():
    """A strategy without any counterpart is refused rather than made empty."""
    with pytest.raises(StrategyError, match="no part that Europe PMC can be asked"):
        parse("x[filter] OR 1:5[uid]").to_europepmc()


@given(QUERIES)
def test_what_is_asked_is_well_formed(text):
    """Quotes come in pairs and parentheses are balanced, whatever was translated."""
    try:
        query = parse(text).to_europepmc().query
    except StrategyError:
        return
    bare = re.sub(r'"[^"]*"', "", query)
    assert ('"' in bare, bare.count("("), "()" in bare) == (False, bare.count(")"), False)


def test_what_is_lost_of_the_real_query_is_told(shared_data):
    """The pain strategy goes over whole, but for what its notes name."""
    told = parse(pain.query(shared_data)).to_europepmc()
    left_out = [note.part for note in told.notes if note.text.startswith("left out")]
    assert (left_out, query_terms(told.query) > 100) == (["drug therapy[sh]"], True)


def query_terms(query: str) -> int:
    """How many fields a query asks."""
    return len(re.findall(r"[A-Z_]+:", query))
