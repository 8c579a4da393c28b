"""PubMed's own files: order, checksums, later files over earlier ones, one answer however they are read."""

import gzip
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record
from search.bulk.folder import Checksum, checksum, files_in, holes
from search.bulk.harvest import gather, sift_all
from search.bulk.sifting import sift
from search.errors import UnreadableFile
from tests.search.bulk_files import write

QUERY = "pain[ti]"
DAY = date(2020, 1, 1)


def _record(number: int, title: str = "A trial of X in pain") -> Record:
    pmid = str(900_000_000 + number)
    return Record(
        source="pubmed", accession=pmid, pmid=pmid, title=title, entered=DAY + timedelta(days=number)
    )


def _write(folder: Path, number: int, *records: Record, deleted=(), md5=True) -> Path:
    return write(folder, number, records, deleted=deleted, md5=md5)


def _harvest(folder: Path, workers: int = 1):
    return gather(sift_all(files_in(folder), QUERY, workers=workers))


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    """Whatever order the folder lists them in, files are read by number; others are left alone."""
    for number in (10, 2, 1):
        _write(tmp_path, number, _record(number))
    (tmp_path / "README.txt").write_text("-")
    assert [file.number for file in files_in(tmp_path)] == [1, 2, 10]


def test_missing_numbers_are_told(tmp_path):
    """A number that is not there between the last one read and the newest is a hole."""
    for number in (3, 5):
        _write(tmp_path, number, _record(number))
    assert holes(files_in(tmp_path), after=1) == (2, 4)


def test_an_empty_folder_is_refused(tmp_path):
    """A folder without PubMed's files is no surveillance that found nothing."""
    with pytest.raises(UnreadableFile, match="found no file such as"):
        files_in(tmp_path)


def test_two_years_are_never_mixed(tmp_path):
    """A new baseline replaces everything before it, so that its files stand apart."""
    path = _write(tmp_path, 1, _record(1))
    path.rename(tmp_path / "pubmed25n0001.xml.gz")
    _write(tmp_path, 1, _record(1))
    with pytest.raises(UnreadableFile, match="one year's"):
        files_in(tmp_path)


def test_checksums_are_compared(tmp_path):
    """A file is right, wrong or unverified by what stands beside it."""
    right, wrong, bare = (_write(tmp_path, number, _record(number), md5=number < 3) for number in (1, 2, 3))
    wrong.write_bytes(right.read_bytes())
    states = [checksum(file) for file in files_in(bare.parent)]
    assert states == [Checksum.RIGHT, Checksum.WRONG, Checksum.UNVERIFIED]


def test_a_wrong_file_is_not_read(tmp_path):
    """A file that is not what was published gives nothing but the reason."""
    path = _write(tmp_path, 1, _record(1))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-20]))
    (file,) = files_in(tmp_path)
    sifted = sift(file, QUERY)
    assert (sifted.read, sifted.found, "download it again" in sifted.problem) == (0, (), True)


def test_a_cut_file_gives_its_good_records_and_says_so(tmp_path):
    """Without a checksum a broken end is met while reading: what came before is kept, the end is told."""
    path = _write(tmp_path, 1, _record(1), _record(2), md5=False)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-60]))
    harvest = _harvest(tmp_path)
    assert (len(harvest.found), harvest.unverified, "after 1 good" in harvest.problems[0]) == (
        1,
        ["pubmed26n0001"],
        True,
    )


def test_a_later_file_replaces_what_was_said(tmp_path):
    """A record that no longer matches after its revision is no longer found, one that does now is."""
    _write(tmp_path, 1, _record(1), _record(2, "Another matter"))
    _write(tmp_path, 2, _record(1, "Another matter"), _record(2))
    assert set(_harvest(tmp_path).found) == {_record(2).pmid}


def test_a_deleted_record_is_gone(tmp_path):
    """What a later file deletes is not found, and is told."""
    _write(tmp_path, 1, _record(1), _record(2))
    _write(tmp_path, 2, _record(3), deleted=(_record(1).pmid,))
    harvest = _harvest(tmp_path)
    assert (sorted(harvest.found), list(harvest.deleted)) == (
        [_record(2).pmid, _record(3).pmid],
        [_record(1).pmid],
    )


@pytest.mark.parametrize(
    ("stray", "revised", "others_revised"),
    [
        (date(2027, 1, 2), None, None),
        (date(2027, 1, 2), date(2027, 1, 2), date(2020, 1, 4)),
        (date(2024, 1, 2), date(2020, 1, 5), None),
        (date(2024, 1, 2), None, date(2020, 1, 4)),
    ],
)
def test_a_slip_is_not_the_newest_day(tmp_path, stray, revised, others_revised):
    """An entry day ahead, or long after the record's or the whole file's revision, does not count."""
    slip = replace(_record(9), entered=stray, revised=revised)
    path = _write(tmp_path, 1, replace(_record(2), revised=others_revised), slip)
    (file,) = files_in(path.parent)
    assert sift(file, QUERY, today=date(2026, 1, 1)).newest == _record(2).entered


def test_a_record_may_enter_the_day_after_its_revision(tmp_path):
    """PubMed dates the entry of many records one day after their revision: such a day counts."""
    path = _write(tmp_path, 1, replace(_record(2), revised=DAY + timedelta(days=1)))
    (file,) = files_in(path.parent)
    assert sift(file, QUERY).newest == _record(2).entered


def test_what_is_watched_is_given_whole(tmp_path):
    """The last version of a watched record is given, whether the strategy finds it or not."""
    _write(tmp_path, 1, _record(1), _record(2))
    _write(tmp_path, 2, _record(1, "Another matter"))
    harvest = gather(sift_all(files_in(tmp_path), QUERY, watched={_record(1).pmid, _record(7).pmid}))
    assert {pmid: record.title for pmid, record in harvest.met.items()} == {_record(1).pmid: "Another matter"}


def test_several_processes_give_the_same(tmp_path):
    """Spread over processes, the files give what they give one after another."""
    for number in range(1, 6):
        _write(tmp_path, number, _record(number), _record(number + 1, "Another matter"))
    assert _harvest(tmp_path, workers=2) == _harvest(tmp_path)


def test_real_records_are_sifted(shared_data, tmp_path):
    """Every one of the real records is read, and those with the word in their title are found."""
    packed = (shared_data / "pubmed/distinct-496.xml.gz").read_bytes()
    (tmp_path / "pubmed26n0001.xml.gz").write_bytes(packed)
    harvest = _harvest(tmp_path)
    assert (harvest.read, all("pain" in one.title.lower() for one in harvest.found.values())) == (496, True)


@given(st.lists(st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=4), min_size=1, max_size=4))
def test_the_last_word_on_each_pmid_holds(tmp_path_factory, files):
    """However versions are spread over files, the harvest is what the strategy finds among the last ones."""
    folder = tmp_path_factory.mktemp("bulk")
    last: dict[str, bool] = {}
    for number, rows in enumerate(files, start=1):
        records = [replace(_record(n), title="On pain" if hit else "On X") for n, hit in dict(rows).items()]
        _write(folder, number, *records)
        last |= {record.pmid: "pain" in record.title for record in records}
    assert set(_harvest(folder).found) == {pmid for pmid, hit in last.items() if hit}


def test_progress_is_seen_inside_a_file(tmp_path):
    """While one file is read, how much of all files was read is told more than once, to the last byte."""
    for number in (1, 2):
        _write(tmp_path, number, *(_record(number * 2000 + one) for one in range(1500)))
    files, told = files_in(tmp_path), []
    gather(sift_all(files, QUERY, progress=told.append))
    assert (len(told), told == sorted(told), told[-1]) == (4, True, sum(file.size for file in files))
