"""Phrases of the design tag: how they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.phrases import BORDER, Found, Phrasebook, words


def _found(phrases: str, text: str) -> bool:
    return bool(Phrasebook([phrases]).find(words((text,))))


def test_spelling_case_hyphens_and_accents_fall_away() -> None:
    """British and American, large and small, joined or not: one reading."""
    read = [words((text,)) for text in ("Randomised, cross-over étude", "RANDOMIZED cross over Etude")]
    assert read[0] == read[1] == ["randomized", "cross", "over", "etude", BORDER]


@pytest.mark.parametrize(
    ("phrase", "text", "there"),
    [
        ("trial", "A trial.", True),
        ("trial", "Some trials.", False),
        ("allocat*", "was allocated", True),
        ("usual care", "care as usual", False),
        ("usual care / care as usual", "care as usual", True),
        ("randomized ~ trial", "a randomised, blinded and controlled trial", True),
        ("randomized ~ trial", "randomised one two three four five trial", False),
        ("randomized ~ trial", "They were randomised. This trial", False),
        ("to compare", "We aimed to compare", True),
        ("to compare", "compare", False),
        ("of the trials", "of these trials", False),
        ("random* ~ allocat*", "randomly, in blocks, allocated", True),
        ("case a ~ b", "case a x b", True),
        ("case a ~ b", "case a", False),
    ],
)
def test_a_phrase_is_found_where_it_stands_and_nowhere_else(phrase: str, text: str, there: bool) -> None:
    """Whole words, any ending at a star, at most four words between at a tilde, within one sentence."""
    assert _found(phrase, text) is there


def test_a_place_tells_entry_and_words() -> None:
    """What was found is the entry's number and the words from the phrase's first to its last."""
    text = words(("In a parallel group study",))
    assert Phrasebook(["trial", "parallel ~ study"]).find(text) == [Found(1, 2, 5)]


def test_no_phrase_reaches_across_parts() -> None:
    """Title and abstract, or two keywords, are read apart."""
    assert not Phrasebook(["double blind"]).find(words(("double", "blind")))


@given(st.lists(st.text(max_size=200), max_size=3))
def test_any_text_is_read(parts: list[str]) -> None:
    """Whatever the script or the signs, words are ASCII and every part ends with a border."""
    read = words(parts)
    assert all(word.isascii() and word for word in read)
    assert read.count(BORDER) >= len(parts)
    assert Phrasebook(["a ~ b / a* / of the a"]).find(read) is not None


def test_memory_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long search does not remember every word that it ever saw."""
    monkeypatch.setattr("classifier.phrases._REMEMBERED", 10)
    book = Phrasebook(["trial"])
    for number in range(100):
        assert book.find(words((f"word{number} trial",)))
    assert len(book._begun_by) <= 13
