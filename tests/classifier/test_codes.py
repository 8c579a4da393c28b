"""Terms as numbers."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import classifier.codes
from classifier.codes import CODE_BITS, Codes, code_of, code_stream, code_terms, name_codes
from classifier.text import LONGEST, Reading, terms
from review.record import Record

WORDS = (
    *("pain", "Pain", "trial", "a", "é", "x1", "of", "Straße", "STRASSE", "xᾷy", "慢性疼痛", "ألم", "مُزمِن"),
    *("e\u0301te\u0301", "👩‍⚕️", "\ud83d", "nul\0nul", "__", "½¾", "*Pain/psychology"),
)
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=3)).map(" ".join) | st.text()
RECORDS = st.builds(
    Record,
    source=st.just("test"),
    accession=st.just("1"),
    title=TEXTS,
    abstract=TEXTS,
    keywords=st.lists(TEXTS, max_size=4).map(tuple),
    index_only=st.booleans(),
)


def _record(title: str, abstract: str = "", keywords: Iterable[str] = ()) -> Record:
    return Record(
        source="test",
        accession="1",
        title=title,
        abstract=abstract,
        keywords=tuple(keywords),
        index_only=bool(keywords),
    )


def _row(coded: Codes, row: int = 0) -> dict[int, int]:
    cells = slice(coded.ends[row], coded.ends[row + 1])
    return dict(zip(coded.codes[cells].tolist(), coded.counts[cells].tolist(), strict=True))


@given(RECORDS, st.sampled_from(Reading))
def test_codes_are_the_terms(record: Record, reading: Reading) -> None:
    """Of whatever text in whatever reading, the codes are those of its terms, with their counts."""
    assert _row(code_terms([record], reading)) == Counter(map(code_of, terms(record, reading)))


@given(st.lists(st.tuples(RECORDS, st.sampled_from(Reading)), max_size=8))
def test_many_records_are_coded_as_each_alone(asked: list[tuple[Record, Reading]]) -> None:
    """Who else is in the batch, and where it ends, makes no difference."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifier.codes, "BATCH", 3)
        together = code_terms([record for record, _ in asked], [reading for _, reading in asked])
    alone = [_row(code_terms([record], reading)) for record, reading in asked]
    assert [_row(together, row) for row in range(len(asked))] == alone


def test_codes_rise_within_a_record_and_fit() -> None:
    """A row is sorted, has each code once, and leaves the upper bits free."""
    coded = code_terms([_record("trial of pain", "pain of a trial of pain")], Reading.TEXT)
    assert (np.diff(coded.codes.astype(np.int64)) > 0).all()
    assert int(coded.codes.max()) < 2**CODE_BITS


def test_a_code_is_the_same_everywhere() -> None:
    """Codes that were kept stay valid: these were computed once and do not change with process or release."""
    assert (code_of("pain"), code_of("chronic pain")) == (0x159FB5B03A1A, 0x37C2DC636E20)


def test_the_order_of_a_pair_matters() -> None:
    """A pair and its reverse are two terms."""
    assert code_of("pain relief") != code_of("relief pain")


@pytest.mark.parametrize("term", ["", "three words here", "two  blanks"])
def test_what_is_no_term_has_no_code(term: str) -> None:
    """Only one word, or two with a space between, can be asked for."""
    with pytest.raises(ValueError, match="expected one word, or two"):
        code_of(term)


def test_an_empty_record_has_an_empty_row() -> None:
    """Nothing to read is no error, first, last or alone."""
    coded = code_terms([_record(""), _record("pain"), _record("", " . ")], Reading.TEXT)
    assert coded.ends.tolist() == [0, 0, 1, 1]
    assert code_terms([], Reading.TEXT).ends.tolist() == [0]


def test_ten_megabytes_are_read_at_the_beginning() -> None:
    """A monstrous abstract has the codes of its first characters."""
    monster = "word0 other " * 900_000
    read, whole = (code_terms([_record("", text)], Reading.TEXT) for text in (monster[:LONGEST], monster))
    assert _row(whole) == _row(read)


def test_each_record_needs_a_reading() -> None:
    """Two readings for one record are refused."""
    with pytest.raises(ValueError, match="argument 2 is longer"):
        code_terms([_record("pain")], [Reading.TEXT, Reading.TITLE])


def test_a_full_memory_of_words_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays constant, and a word that was forgotten gets its code again."""
    record = _record("one two three four five", "five four three two one")
    expected = _row(code_terms([record], Reading.TEXT))
    monkeypatch.setattr(classifier.codes, "_REMEMBERED", 2)
    monkeypatch.setattr(classifier.codes, "_HASHES", classifier.codes._Hashes())
    assert _row(code_terms([record], Reading.TEXT)) == expected
    assert len(classifier.codes._HASHES) <= 2


def test_a_stream_gives_what_a_list_gives() -> None:
    """Records that come one by one are coded as those that are there."""
    records = [_record(f"word{i} other") for i in range(5)]
    (streamed,) = code_stream(iter(records), Reading.TEXT)
    assert streamed.codes.tolist() == code_terms(records, Reading.TEXT).codes.tolist()


def test_headings_with_a_qualifier_are_words_and_a_phrase() -> None:
    """MEDLINE's "*Pain/psychology" in an index is read without its signs, as any keyword of two words."""
    row = _row(code_terms([_record("", keywords=["*Pain/psychology"])], Reading.INDEX))
    assert row == {code_of("pain"): 1, code_of("psychology"): 1, code_of("pain psychology"): 1}
    words = _row(code_terms([_record("", keywords=["*Pain/psychology"])], Reading.WORDS))
    assert words == {code_of("pain"): 1, code_of("psychology"): 1}


def test_codes_have_names() -> None:
    """The term behind a code is found in the records again; an unknown code has none."""
    wanted = ["pain", "trial of", "elsewhere"]
    codes = np.array(sorted(map(code_of, wanted)), dtype=np.uint64)
    named = name_codes(codes, [_record("Trial of pain")], Reading.TEXT)
    assert dict(zip(codes.tolist(), named.tolist(), strict=True)) == {
        code_of("pain"): "pain",
        code_of("trial of"): "trial of",
        code_of("elsewhere"): "",
    }


def test_no_two_terms_of_a_review_share_a_code(shared_data: Path) -> None:
    """A real review's terms, tens of thousands, have as many codes."""
    table = pd.read_csv(shared_data / "screening/Cohen_ADHD.csv.gz").fillna("")
    records = [_record(row.title, row.abstract) for row in table.itertuples()]
    distinct = {term for record in records for term in terms(record, Reading.TEXT)}
    assert len(distinct) > 50_000
    assert len(np.unique(code_terms(records, Reading.TEXT).codes)) == len(distinct)
