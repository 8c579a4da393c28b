"""The catalogue: records as JSON lines, their word indexes, and a team's full records in their place."""

import dataclasses
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.catalogue import (
    CatalogueError,
    index_of,
    indexed_record,
    phrases_of,
    read,
    with_abstracts,
    write,
)
from search.query.tree import terms
from search.query.tree import write as write_tree
from search.strategy import Indexed, parse
from tests.search import pain

FACTS = Record(
    source="pubmed",
    accession="900000002",
    pmid="900000002",
    title="A trial of X in Y",
    authors=("Tester AB",),
    journal="Journal of Tests",
    year=2014,
    keywords=("pain", "web", "web based"),
    entered=date(2014, 7, 1),
    index_only=True,
    notes=("The entry date is assumed.",),
)


def test_what_is_written_is_read_back(tmp_path):
    """Reading gives the records that were written."""
    write(tmp_path / "c.jsonl", [FACTS])
    assert read(tmp_path / "c.jsonl") == (FACTS,)


def test_order_of_records_does_not_change_the_file(tmp_path):
    """The same records give the same bytes, in the order of PMID numbers."""
    second = dataclasses.replace(FACTS, accession="99", pmid="99")
    write(tmp_path / "a.jsonl", [FACTS, second])
    write(tmp_path / "b.jsonl", [second, FACTS])
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert [record.accession for record in read(tmp_path / "a.jsonl")] == ["99", "900000002"]


def test_empty_fields_are_left_out(tmp_path):
    """A line holds what is known and nothing else."""
    write(tmp_path / "c.jsonl", [Record(source="pubmed", accession="1", title="T")])
    assert json.loads((tmp_path / "c.jsonl").read_text()) == {"accession": "1", "title": "T"}


def test_two_records_of_one_accession_are_not_written(tmp_path):
    """An accession twice is refused before anything is written."""
    with pytest.raises(CatalogueError, match="found 900000002 twice"):
        write(tmp_path / "c.jsonl", [FACTS, FACTS])
    assert not (tmp_path / "c.jsonl").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: found text that is not JSON"),
        ("[1]", "line 2: found list; expected an object"),
        ('{"accession": "2"}', "line 2: found no title"),
        ('{"accession": "2", "title": "T", "score": 1}', "line 2: found the key 'score'; expected one of"),
        (
            '{"accession": "2", "title": "T", "year": "2014"}',
            "line 2: year: found '2014'; expected a whole number",
        ),
        (
            '{"accession": "2", "title": "T", "mesh": "Pain"}',
            "line 2: mesh: found 'Pain'; expected a list of texts",
        ),
        (
            '{"accession": "2", "title": "T", "entered": "2014"}',
            "line 2: entered: found '2014'; expected YYYY-MM-DD",
        ),
        (
            '{"accession": "2", "title": "T", "index_only": 1}',
            "line 2: index_only: found 1; expected true or false",
        ),
        (
            '{"accession": "2", "title": "T", "abstract": "A", "index_only": true}',
            "line 2: found an abstract beside",
        ),
        ('{"accession": "1", "title": "T"}', "line 2: found 1 a second time"),
        ('{"accession": "2", "title": null}', "line 2: found no title"),
    ],
)
def test_broken_line_is_refused_with_its_number(tmp_path, line, message):
    """A line that is not a record is refused with file, line, what was found and what was expected."""
    path = tmp_path / "c.jsonl"
    path.write_text(f'{{"accession": "1", "title": "T"}}\n{line}\n')
    with pytest.raises(CatalogueError, match=f"c.jsonl: {message}"):
        read(path)


def test_phrases_are_those_of_several_words():
    """Phrases of a strategy are its folded runs of several words in text fields, hyphenated ones too."""
    strategy = parse(
        '"chronic pain"[mh] OR "Web-based"[tiab] OR on-line[ti] OR pain[tiab] OR "self-manag*"[tiab]'
    )
    assert phrases_of(strategy) == ("on line", "self manag*", "web based")


def test_index_is_sorted_distinct_and_holds_phrases_that_occur():
    """An index holds each word once, sorted, and the phrases and truncated phrases that occur."""
    text = "Pain, web-based pain; self-managing Pátients."
    assert index_of(text, ("chronic pain", "self manag*", "web based")) == (
        "based",
        "managing",
        "pain",
        "patients",
        "self",
        "self managing",
        "web",
        "web based",
    )


@given(st.text(), st.text())
def test_index_tells_nothing_of_order(first, second):
    """Two texts of the same words in another order have one index, where no phrase is asked for."""
    assert index_of(f"{first} {second}", ()) == index_of(f"{second} {first} {first}", ())


WORD = st.sampled_from(["pain", "web", "based", "site", "on", "line", "self", "managed", "trial"])
TEXTS = st.lists(WORD, max_size=12).map(" ".join)
TERMS = st.sampled_from(
    [
        '"web based"[tiab]',
        '"self-manag*"[tiab]',
        "pain[tiab]",
        "web[ti]",
        "on-line[tiab]",
        "tria*[tiab]",
        "site",
        "1[uid]",
    ]
)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "NOT"]), inner),
    max_leaves=6,
)


@given(QUERIES, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple))
def test_index_is_found_exactly_when_the_text_is(query, title, abstract, keywords):
    """A strategy finds the indexed form of a record if and only if it finds the full form."""
    record = Record(source="pubmed", accession="1", title=title, abstract=abstract, keywords=keywords)
    strategy = parse(query)
    assert strategy.matches(record) == strategy.matches(indexed_record(record, phrases_of(strategy)))


def test_record_without_abstract_is_no_index():
    """Where there is no abstract nothing is put in its place."""
    record = dataclasses.replace(FACTS, index_only=False)
    assert indexed_record(record, ()) == record


def test_real_records_are_found_by_index_exactly_as_in_full(shared_data):
    """The real query and each of its terms alone find the same real records by index as by abstract."""
    query = parse(pain.query(shared_data))
    alone = [parse(write_tree(term)) for term in terms(query.tree)]
    for record in real_records(shared_data):
        forms = Indexed(record), Indexed(indexed_record(record, phrases_of(query)))
        assert [s.matches(forms[0]) for s in (query, *alone)] == [
            s.matches(forms[1]) for s in (query, *alone)
        ]


def real_records(folder) -> list[Record]:
    """Make full records of the review's own rows and of a part of the background."""
    rows = pain.own_rows(folder) + pain.background_rows(folder)[::20]
    return [pain.as_record(row, str(number)) for number, row in enumerate(rows)]


def full(tmp_path, *rows):
    """Write a team's full records."""
    path = tmp_path / "full.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_full_record_takes_the_place_of_the_index(tmp_path):
    """Abstract and keywords replace the index; all else stays."""
    path = full(
        tmp_path,
        {"pmid": "900", "doi": "10.9999/T.1", "title": "Other", "abstract": "Full.", "keywords": ["k"]},
    )
    entry = dataclasses.replace(FACTS, doi="10.9999/t.1")
    expected = dataclasses.replace(entry, abstract="Full.", keywords=("k",), index_only=False)
    assert with_abstracts([entry], path) == (expected,)


@pytest.mark.parametrize(
    "row",
    [
        {"pmid": "55", "title": "Another title"},
        {"doi": "10.9999/T.1"},
        {"title": "A Trial of X, in Y", "year": 2015},
        {"title": "A trial of X in Y", "year": 2014, "pmid": "55"},
        {"title": "A trial of X in Y.", "year": 2013},
    ],
)
def test_entries_are_recognised(tmp_path, row):
    """An entry is recognised by PMID, DOI, or title and year."""
    entry = dataclasses.replace(FACTS, pmid="55", doi="10.9999/t.1")
    assert with_abstracts([entry], full(tmp_path, row | {"abstract": "Full."}))[0].abstract == "Full."


def test_the_same_abstract_twice_is_no_doubt(tmp_path):
    """Two full records that fit and say the same are as good as one."""
    row = {"title": FACTS.title, "year": 2014, "abstract": "Full."}
    assert with_abstracts([FACTS], full(tmp_path, row, row))[0].abstract == "Full."


def test_placeholder_pmid_contradicts_nothing(tmp_path):
    """An entry under a placeholder is recognised by title though the full record has a PMID."""
    path = full(tmp_path, {"title": FACTS.title, "year": 2014, "pmid": "55", "abstract": "Full."})
    assert with_abstracts([FACTS], path)[0].abstract == "Full."


@pytest.mark.parametrize(
    "rows",
    [
        [{"title": "A trial of X in Y", "year": 2016, "abstract": "A"}],
        [{"title": "A trial of X in Y", "abstract": "A"}],
        [{"title": "A trial of X in Y", "year": 2014, "pmid": "56", "abstract": "A"}],
        [{"title": "A trial of X in Y", "year": 2014, "abstract": text} for text in ("A", "B")],
        [{"pmid": "55", "abstract": None}],
    ],
)
def test_doubtful_entries_keep_their_index(tmp_path, rows):
    """Another year, another PMID, two that fit, or no abstract: the index stays."""
    entry = dataclasses.replace(FACTS, pmid="55")
    assert with_abstracts([entry], full(tmp_path, *rows)) == (entry,)


def test_records_with_an_abstract_are_left_alone(tmp_path):
    """What already has an abstract keeps it."""
    entry = dataclasses.replace(FACTS, abstract="Mine.", index_only=False)
    path = full(tmp_path, {"title": entry.title, "year": 2014, "abstract": "Theirs."})
    assert with_abstracts([entry], path) == (entry,)
