"""Encodings, line ends and odd characters: the same entry is read from all of them."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.files.decoding import decode
from search.readers import Import, read
from tests.search.wire import law

RIS = "TY  - JOUR\nTI  - Café über Señor\nAB  - naïve façade\nAU  - Doe, J.\nER  - \n"
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16 with a byte order mark",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "cp1252": "Windows-1252",
    "latin-1": "Windows-1252",
    "mac_roman": "Mac Roman",
}


def title(result: Import) -> str:
    """Return the one title."""
    (record,) = result.records
    return record.title


@pytest.mark.parametrize("encoding", NAMES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_is_recognised(encoding: str, end: str) -> None:
    """Letters with accents come out of each encoding, with each line end, and the encoding is named."""
    result = read(RIS.replace("\n", end).encode(encoding))
    assert (title(result), result.encoding) == ("Café über Señor", NAMES[encoding])


@law
@given(st.text(max_size=50), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_comes_out_as_it_went_in(text: str, encoding: str) -> None:
    """What is valid in its encoding is decoded to the letter, but for its line ends."""
    plain = f"<{text}".replace("\r\n", "\n").replace("\r", "\n")
    assert decode(f"<{text}".encode(encoding)).whole() == plain


def test_one_broken_byte_spoils_nothing_else() -> None:
    """UTF-8 with a single bad byte stays UTF-8, and the byte is said."""
    result = read(RIS.encode().replace(b"Doe", b"D\xffe"))
    assert (title(result), result.records[0].authors) == ("Café über Señor", ("D\ufffde, J.",))
    assert "1 bytes are no UTF-8" in result.remarks[0]


def test_packed_or_not_the_encoding_is_the_same() -> None:
    """A packed file is decoded like the file in it."""
    assert title(read(gzip.compress(RIS.encode("utf-16")))) == "Café über Señor"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A\x00 tri\x07al", "A trial"),
        ("A\u00a0trial\u2003of", "A trial of"),
        ("e\u0301tude \u202bעברית\u202c", "e\u0301tude \u202bעברית\u202c"),
        ("\U0001f600 smile", "\U0001f600 smile"),
    ],
    ids=["NUL and bell", "odd blanks", "combining and right to left", "beyond the first plane"],
)
def test_odd_characters_are_read(written: str, expected: str) -> None:
    """Control characters vanish, blanks become one, everything else stays."""
    assert title(read(RIS.replace("Café über Señor", written).encode())) == expected


def test_half_a_character_is_replaced() -> None:
    """A lone half of a surrogate pair, which no encoding may hold, becomes a replacement character."""
    data = RIS.replace("Café", "Caf\ud800").encode("utf-16-le", "surrogatepass")
    assert title(read(data)) == "Caf\ufffd über Señor"


def test_size_is_no_obstacle() -> None:
    """A title of a million letters, some right to left, and ten thousand authors are read."""
    long, names = "עברית é " * 125_000, [f"Doe{number}, J." for number in range(10_000)]
    text = "\n".join(["TY  - JOUR", f"TI  - {long}", *(f"AU  - {name}" for name in names), "ER  - "])
    (record,) = read(text.encode()).records
    assert (record.title, len(record.authors)) == (long.strip(), 10_000)


def test_a_cell_of_a_million_letters_is_read() -> None:
    """A table's cell may be longer than Python's csv module allows by itself."""
    assert len(title(read(f"title\n{'a' * 1_000_000}\n".encode()))) == 1_000_000
