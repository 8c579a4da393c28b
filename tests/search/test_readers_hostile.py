"""Files made to do harm, and files broken at random: refused or accounted for, in bounded time and memory."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import UnreadableFile
from search.files.limits import Limits
from search.readers import read
from tests.search.wire import article_xml, articles, law

RIS = "TY  - JOUR\nTI  - A trial of X\nER  - \n"
RECORD = "<record><titles><title>{title}</title></titles><dates><year>2020</year></dates></record>"
SEEDS = (
    RIS,
    "PMID- 12\nTI  - A trial\n      of X.\n\n",
    "title,authors\nA trial,Doe\n",
    "@article{k,\n title = {A trial}\n}\n",
    "FN X\nVR 1.0\nPT J\nTI A trial\nER\nEF\n",
    "<1. >\nTI  - A trial\n",
    f"<xml><records>{RECORD.format(title='A trial')}</records></xml>",
    articles(article_xml("1")),
)


def endnote(*titles: str) -> str:
    """Return a library of EndNote's."""
    return f"<xml><records>{''.join(RECORD.format(title=title) for title in titles)}</records></xml>"


def accounted(data: bytes) -> bool:
    """Return whether `data` are refused, or read with at least one entry."""
    try:
        return read(data).seen > 0
    except UnreadableFile:
        return True


@law
@given(st.binary(max_size=400))
@example(b"TY  - \nER  - ")
@example(b"PMID- 1\n\n\n")
@example(b'title\n"')
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Any bytes are read with an account, or refused."""
    assert accounted(data)


@law
@given(st.sampled_from(SEEDS), st.data())
def test_no_damage_breaks_the_reader(seed: str, data: st.DataObject) -> None:
    """A file of any format with parts cut out, doubled or replaced is read with an account, or refused."""
    text = seed * data.draw(st.integers(1, 2))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    noise = data.draw(
        st.text(max_size=10) | st.sampled_from(["\n", "\x00", "<", ">", "{", "}", '"', "TY  - ", "&x;"])
    )
    assert accounted(f"{text[:start]}{noise}{text[end:]}".encode())


@law
@given(
    st.lists(
        st.sampled_from(["TY  - JOUR", "TI  - T", "ER  - ", "AU  - A", "", "x", "TY - J"]),
        max_size=12,
    )
)
def test_every_ris_entry_is_accounted_for(lines: list[str]) -> None:
    """However lines are mixed, each TY line is one entry, accepted or rejected."""
    text = "\n".join(["TY  - JOUR", *lines])
    result = read(text.encode())
    opened = sum(line.startswith("TY") for line in text.split("\n"))
    stray = sum("without a TY" in rejected.reason for rejected in result.rejected)
    assert result.seen - stray == opened


@law
@given(
    st.lists(
        st.sampled_from(["ok", "&bad;", "<open>", "", "a<record>b", "\x0b", "&#x1;"]), min_size=1, max_size=6
    )
)
def test_every_endnote_entry_is_accounted_for(titles: list[str]) -> None:
    """However broken the entries are, each <record> is one, accepted or rejected."""
    text = endnote(*titles)
    assert read(text.encode()).seen == text.count("<record>")


def test_a_broken_entry_of_endnote_costs_itself_alone() -> None:
    """The entries around one that is not XML are read."""
    result = read(endnote("A", "&broken", "C").encode())
    assert [record.title for record in result.records] == ["A", "C"]
    assert [one.line for one in result.rejected] == [1]


def test_an_endnote_file_that_breaks_off_says_so() -> None:
    """The entry in which the file breaks off is rejected."""
    text = endnote("A", "B")
    result = read(text[: text.rindex("</title>")].encode())
    assert (len(result.records), [one.reason for one in result.rejected]) == (
        1,
        ["the file breaks off in this <record>"],
    )


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">]>',
        '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["bomb", "file"],
)
def test_entities_are_never_resolved(dtd: str) -> None:
    """An entry that uses an entity is rejected: nothing unfolds, and no file is read."""
    result = read(f'<?xml version="1.0"?>{dtd}{endnote("A", "&x;")}'.encode())
    assert ([record.title for record in result.records], len(result.rejected)) == (["A"], 1)


def test_every_lost_article_of_pubmed_xml_is_counted() -> None:
    """Behind a break each article that was in the file is one rejection."""
    text = articles(*map(article_xml, ("1", "2", "3"))).replace("<PMID Version", "<PMID<Version", 2)
    result = read(text.encode())
    assert result.seen == 3


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(unpacked=1_999_999), "more than 1,999,999 bytes packed"),
        (Limits(ratio=50), "more than 50 times its size"),
    ],
)
def test_unpacking_is_bounded(limits: Limits, says: str) -> None:
    """A small file that unpacks to more than is allowed is refused before it is read."""
    with pytest.raises(UnreadableFile, match=says):
        read(gzip.compress((RIS + "x" * 2_000_000).encode()), limits=limits)


@pytest.mark.parametrize(
    "seed", ["{", "<record>", "$", "'", '"', "\\", "@a{", "TY  - ", "title,", "<1>\n", " "]
)
def test_repeated_signs_take_no_long(seed: str) -> None:
    """A file of one sign over and over, behind a good beginning of each format, is read to its end."""
    assert all(accounted((start[:40] + seed * 3_000).encode()) for start in SEEDS)


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A file that unpacks to 38 MB is read in 250 MB: at 200 MB, all that is allowed, it is under 500."""
    path = tmp_path / "export.ris.gz"
    words = "".join(f"word{number} " for number in range(20_000))
    with gzip.open(path, "wt", compresslevel=1) as file:
        for number in range(200):
            file.write(f"TY  - JOUR\nTI  - A trial of {number}\nAB  - {words[number:]}\nER  - \n")
    script = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from search.readers import read\n"
        "result = read(Path(sys.argv[1]))\n"
        # Not ru_maxrss: a child begins with its parent's.
        "status = Path('/proc/self/status').read_text()\n"
        "print(result.seen, int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    seen, megabytes = map(int, done.stdout.split())
    assert (seen, megabytes < 250) == (200, True), megabytes
