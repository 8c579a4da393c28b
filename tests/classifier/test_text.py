"""The words of a record."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import LONGEST, Reading, has_body, reading_for, terms
from review.record import Record

FULL = Record(source="test", accession="1", title="A trial of X1", abstract="Waiting list, waiting room")
INDEXED = Record(
    source="test",
    accession="2",
    title="Trial of X1",
    keywords=("list", "waiting", "waiting list"),
    index_only=True,
)
BARE = Record(source="test", accession="3", title="Trial of X1")


def test_text_gives_words_and_pairs_with_their_counts() -> None:
    """A word that occurs twice in the abstract is returned twice, next to pairs of neighbours."""
    read = terms(FULL, Reading.TEXT)
    assert read.count("waiting") == 2
    assert "waiting list" in read


def test_no_pair_crosses_the_border_of_title_and_abstract() -> None:
    """The last word of the title and the first of the abstract are not neighbours."""
    assert "x1 waiting" not in terms(FULL, Reading.TEXT)


def test_neighbours_in_a_sorted_index_make_no_pair() -> None:
    """An index gives its single words and its own phrases, but no pair across two keywords."""
    body = set(terms(INDEXED, Reading.INDEX)) - set(terms(INDEXED, Reading.TITLE))
    assert body == {"list", "waiting", "waiting list"}


def test_words_of_a_mixed_set_are_read_alike_from_abstract_and_index() -> None:
    """Under the common reading an abstract and its own index give the same terms."""
    words = ("list", "room", "waiting", "waiting list")
    index = replace(FULL, abstract="", keywords=words, index_only=True)
    assert terms(FULL, Reading.WORDS) == terms(index, Reading.WORDS)


def test_author_keywords_are_not_read() -> None:
    """Keywords count only where they stand for the abstract."""
    assert terms(replace(FULL, keywords=("unread",)), Reading.TEXT) == terms(FULL, Reading.TEXT)


def test_abstracts_and_indexes_together_are_read_as_words() -> None:
    """A mixed set is read so that its two kinds cannot be told apart."""
    assert reading_for([FULL, INDEXED, BARE]) is Reading.WORDS


def test_records_without_a_body_have_no_say_in_the_reading() -> None:
    """A set of one kind is read as that kind, whatever bare titles it holds."""
    assert reading_for([INDEXED, BARE]) is Reading.INDEX
    assert reading_for([FULL, BARE]) is Reading.TEXT


def test_other_scripts_and_capitals_are_words_too() -> None:
    """Case is folded and letters of any script are read."""
    assert terms(replace(BARE, title="ΔΟΚΙΜΗ Straße"), Reading.TITLE)[:2] == ["δοκιμη", "strasse"]


def test_only_the_beginning_of_a_monstrous_abstract_is_read() -> None:
    """What comes after the longest plausible abstract is left out."""
    monster = replace(BARE, abstract="word " * (LONGEST // 5) + "beyond")
    assert "beyond" not in terms(monster, Reading.TEXT)


def test_punctuation_is_no_body() -> None:
    """An abstract without a word counts as missing."""
    assert not has_body(replace(BARE, abstract=" - . "))


@given(st.text(), st.text())
def test_any_text_can_be_read(title: str, abstract: str) -> None:
    """No text makes reading fail, and no term is empty."""
    record = Record(source="test", accession="1", title=title, abstract=abstract)
    assert all(terms(record, Reading.TEXT))
