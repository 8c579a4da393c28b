"""Feeds the readers of citation files: whatever the bytes, an account of them, or an UnreadableFile."""

import gzip
import zipfile
from io import BytesIO

from harness import run

_STARTS = (
    b"TY  - JOUR\nTI  - T\nER  - \n",
    b"TY - JOUR\nT1 - T\n",
    b"PMID- 12\nTI  - T\nLID - 10.1234/x [doi]\n",
    b"title,authors,year,keywords,living_review\nT,Doe J,2020,a;b,1 guarded\n",
    b'"TITLE","T"\n"AUTHOR NAMES","Doe J."\n',
    b'@article{k,\n title = {T {\\"u}},\n author = x # {A and B},\n}\n@string{x = {y}}\n',
    b"FN X\nVR 1.0\nPT J\nTI T\nER\nEF\n",
    b"<1. >\nTI  - T\nSO  - J. 1(2):3-4, 2020.\nTitle\n  T\n",
    b"<xml><records><record><titles><title>T</title></titles></record></records></xml>",
    b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>",
)
_SHEET = "xl/worksheets/sheet1.xml"


def one_input(data: bytes) -> None:
    """Read the bytes alone, behind a good beginning, packed, and inside the sheet of a workbook."""
    survives(data)
    start = _STARTS[data[0] % len(_STARTS)] if data else b""
    survives(start + data[1:])
    survives(gzip.compress(start + data[1:]))
    survives(_workbook(data))


def survives(data: bytes) -> None:
    """Read a file; only the declared error may be raised, and nothing is read as nothing."""
    from search.errors import UnreadableFile
    from search.readers import read

    try:
        result = read(data)
    except UnreadableFile:
        return
    if not result.seen:
        raise AssertionError(f"{data!r} is read as nothing")


def _workbook(data: bytes) -> bytes:
    from review.record import Record
    from search.writers import to_xlsx

    whole = to_xlsx([Record(source="s", accession="1", title="T")])
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as source, zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            at = len(content) * (data[0] if data else 0) // 256
            archive.writestr(name, content[:at] + data[1:] + content[at:] if name == _SHEET else content)
    return file.getvalue()


if __name__ == "__main__":
    run("readers", ("search.readers",), one_input)
