"""Which words stand near which."""

import pytest

from classifier.company import WINDOW, count_company
from classifier.text import Reading
from review.record import Record


def _company(titles, abstracts=None, **kwargs):
    records = [
        Record(source="test", accession=str(at), title=title, abstract=abstract, **kwargs)
        for at, (title, abstract) in enumerate(zip(titles, abstracts or [""] * len(titles), strict=True))
    ]
    words, table = count_company(records, Reading.TEXT)
    table = table.toarray()
    return {(a, b): table[i, j] for i, a in enumerate(words) for j, b in enumerate(words)}


def test_a_word_counts_by_its_distance():
    """Next to each other counts 1, two apart a half, in both directions."""
    counted = _company(["aa bb cc"] * 3)
    assert counted["aa", "bb"] == counted["bb", "aa"] == pytest.approx(3)
    assert counted["aa", "cc"] == pytest.approx(1.5)
    assert counted["aa", "aa"] == 0


def test_beyond_the_window_nothing_is_counted():
    """Words that stand further apart than the window keep no company."""
    between = " ".join(f"word{at}" for at in range(WINDOW))
    counted = _company([f"aa {between} bb"] * 3)
    assert counted["aa", "bb"] == 0
    assert counted["aa", f"word{WINDOW - 1}"] == pytest.approx(3 / WINDOW)


def test_borders_are_not_crossed():
    """The last word of a title and the first of the abstract, or of the next record, are no neighbours."""
    counted = _company(["aa bb"] * 3, ["cc dd"] * 3)
    assert counted["bb", "cc"] == counted["dd", "aa"] == 0
    assert counted["cc", "dd"] == pytest.approx(3)


def test_rare_words_are_left_out_and_still_take_room():
    """A word that occurs twice has no column; what stands on both sides of it is two apart."""
    counted = _company(["aa rare bb", "aa rare bb", "aa other bb"])
    assert {one for one, _ in counted} == {"aa", "bb"}
    assert counted["aa", "bb"] == pytest.approx(1.5)


def test_an_index_of_words_keeps_no_company():
    """Where neighbours in a list mean nothing, only titles are counted."""
    records = [
        Record(source="test", accession=str(at), title="aa bb", keywords=("cc", "dd"), index_only=True)
        for at in range(3)
    ]
    words, _ = count_company(records, Reading.WORDS)
    assert words == ["aa", "bb"]


def test_no_text_has_no_words():
    """Nothing to read is an empty table, no error."""
    words, table = count_company([Record(source="test", accession="1", title="")], Reading.TEXT)
    assert (words, table.shape) == ([], (0, 0))
