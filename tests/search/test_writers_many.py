"""Ten thousand records of nasty text through every format (RELIABILITY I6)."""

import random

import pytest

from review.record import Record
from search.readers import read
from tests.search.test_writers import FORMATS, kept

MANY = 10_000
SIGNS = "ab ;,{}%\\=+-@\t\n'\"$#~^_&`é|<[]()/*!?0129\u05d0\u0301\u2028"
WORDS = (
    *("=1+1", "'=x", "Doe, J.", "A and B", "others", "50% of {x}_1", "''a''--b", "{open", "x}", "\\'e"),
    *("$5 & ~^#`", "@a{b,", '"q" \\', "a\r\nER  - \nTY  - JOUR", "\ufeffx", "TI  - b", "%T c", "FN d"),
)


def _text(draw: random.Random) -> str:
    parts = (
        draw.choice(WORDS) if draw.random() < 0.2 else draw.choice(SIGNS) for _ in range(draw.randrange(12))
    )
    return "".join(parts)


def _texts(draw: random.Random) -> tuple[str, ...]:
    return tuple(_text(draw) for _ in range(draw.randrange(4)))


def _record(draw: random.Random, number: int) -> Record:
    return Record(
        source="files",
        accession="",
        title=f"A trial {_text(draw)} of {number}",
        abstract=_text(draw),
        authors=_texts(draw),
        year=draw.choice([None, draw.randrange(1900, 2030)]),
        journal=_text(draw),
        volume=str(draw.randrange(99)),
        pages=f"{draw.randrange(999)}-{draw.randrange(999)}",
        doi=draw.choice(["", f"10.9999/test.{number}"]),
        pmid=draw.choice(["", str(900_000_000 + number)]),
        keywords=_texts(draw),
        notes=_texts(draw),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_ten_thousand_records_come_back(form):
    """Each of 10,000 records of one file comes back with every field, and nothing is rejected."""
    draw = random.Random(20261122)
    records = [_record(draw, number) for number in range(MANY)]
    result = read(FORMATS[form](records))
    lost = [
        number
        for number, (one, other) in enumerate(zip(result.records, records, strict=True))
        if kept(one) != kept(other)
    ]
    assert (lost, result.rejected) == ([], ())
