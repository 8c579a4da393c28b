"""PubMed's own files enter the review as a search of PubMed, and say what they are worth."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.steps.cycle import run_ingest
from flows.steps.surveillance import search_pubmed
from review.edition import NoticeKind
from review.record import Correction, Record
from review.searching import RunStatus
from search.blocks import read as read_blocks
from search.standin.server import StandIn
from tests.search.bulk_files import write

from .conftest import NOW

PLAIN = "[population]\npain[tiab]\n[delivery]\ninternet[tiab] OR online[tiab] OR web[tiab]\n"


@pytest.fixture
def place(place, tmp_path):
    """The pain review with a strategy that needs nothing of PubMed, and no canaries."""
    folder = tmp_path / "review"
    folder.mkdir()
    for path in place.folder.iterdir():
        (folder / path.name).symlink_to(path)
    strategy = folder / "plain.txt"
    strategy.write_text(PLAIN)
    plan = replace(place.protocol.search.pubmed, strategy="plain.txt", background="", canaries=())
    search = replace(place.protocol.search, pubmed=plan)
    return replace(place, folder=folder, protocol=replace(place.protocol, search=search))


@pytest.fixture
def files(tmp_path, catalogue) -> Path:
    """The catalogue in two files."""
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder, 1, catalogue[::2])
    write(folder, 2, catalogue[1::2])
    return folder


@pytest.fixture
def later(tmp_path, catalogue) -> Path:
    """A folder with the third file alone."""
    folder = tmp_path / "later"
    folder.mkdir()
    write(folder, 3, catalogue[:5])
    return folder


@pytest.fixture
def ingest(place, store, files, clock):
    """Run a cycle on the files."""
    return lambda **options: (
        run_ingest(place, store, options.pop("folder", files), clock=clock, **options).run
    )


def _planned(place, **changes):
    plan = replace(place.protocol.search.pubmed, **changes)
    return replace(
        place, protocol=replace(place.protocol, search=replace(place.protocol.search, pubmed=plan))
    )


def _found(store) -> Record:
    """The first record that the files gave."""
    return next(one.record for one in store.reports().values() if one.record.source == "pubmed")


def test_it_finds_what_the_api_finds(ingest, place, store, client, catalogue, clock):
    """The files give the records of a search over HTTP: afterwards each of those is already known."""
    ingested = ingest()
    with StandIn(catalogue) as standin:
        blocks = read_blocks(place.folder / "plain.txt")
        asked = search_pubmed(place.protocol, blocks, store, client(standin), clock=clock)
    assert ingested.counts.retrieved > 20
    assert (asked.counts.retrieved, asked.counts.known) == (asked.counts.known, asked.counts.retrieved)


def test_a_whole_row_of_files_is_complete(ingest, store):
    """Files from number 1 on, as published, move the watermark to the day before the newest record."""
    run = ingest()
    assert (run.status, run.message, store.cursor("pubmed")) == (RunStatus.COMPLETE, "", run.window.end)


def test_the_newest_day_may_have_gone_on(ingest, catalogue, store):
    """The day on which the last record entered is not claimed: the file may have been made before its end."""
    newest = max(record.entered for record in catalogue if record.entered and record.entered <= NOW.date())
    ingest()
    assert store.cursor("pubmed") == newest - timedelta(days=1)


def test_a_slip_in_a_day_does_not_move_the_watermark(place, store, clock, tmp_path, catalogue):
    """One record dated in years to come leaves the watermark where the other records put it."""
    early = [record for record in catalogue if record.entered and record.entered.year < 2016]
    write(tmp_path, 1, [*early, replace(catalogue[0], entered=date(2027, 1, 2))])
    run = run_ingest(place, store, tmp_path, clock=clock).run
    assert run.window.end == max(record.entered for record in early) - timedelta(days=1)


def test_reading_the_folder_again_adds_nothing(ingest):
    """A second reading knows every record of the first."""
    first, second = ingest(), ingest()
    assert (second.counts.known, second.counts.queued) == (first.counts.retrieved, 0)


def test_updates_follow_what_was_read(ingest, later):
    """A folder that holds the next numbers only is complete once an earlier run has read those before."""
    ingest()
    assert ingest(folder=later).status is RunStatus.COMPLETE


def test_files_of_another_strategy_are_unread(ingest, place, later):
    """After an amendment earlier files hold what the new strategy was never put to: the run is partial."""
    ingest()
    (place.folder / "plain.txt").write_text(PLAIN.replace("web[tiab]", "web[tiab] OR telephone[tiab]"))
    run = ingest(folder=later)
    assert (run.status, "first number 1" in run.message) == (RunStatus.PARTIAL, True)


def test_files_read_for_later_days_are_unread(ingest, place, later, store, clock):
    """Where the protocol now begins earlier, files of which older records were left out do not count."""
    ingest()
    since = place.protocol.search.pubmed.since - timedelta(days=365)
    run = run_ingest(_planned(place, since=since), store, later, clock=clock).run
    assert (run.status, "first number 1" in run.message) == (RunStatus.PARTIAL, True)


def test_a_missing_number_leaves_a_gap(ingest, files, store, catalogue):
    """A hole in the row is told with its number, what was read is kept, the days stay open."""
    write(files, 4, catalogue[:5])
    run = ingest()
    assert (run.status, "first number 3" in run.message, len(store.open_gaps("pubmed"))) == (
        RunStatus.PARTIAL,
        True,
        1,
    )


def test_a_damaged_file_leaves_a_gap(ingest, files):
    """A file that is not what its checksum says is not read, and the run is partial."""
    path = files / "pubmed26n0002.xml.gz"
    path.write_bytes(path.read_bytes()[:-100])
    run = ingest()
    assert (run.status, "download it again" in run.message) == (RunStatus.PARTIAL, True)


def test_a_file_without_a_checksum_is_doubted(ingest, files):
    """What nobody can compare is read, and the run is suspect."""
    (files / "pubmed26n0002.xml.gz.md5").unlink()
    assert ingest().status is RunStatus.SUSPECT


def test_what_only_pubmed_can_evaluate_is_said(ingest, place):
    """With exploded headings in the strategy the run is suspect and names what it could not see."""
    (place.folder / "plain.txt").write_text(PLAIN.replace("pain[tiab]", '"Chronic Pain"[mh] OR pain[tiab]'))
    run = ingest()
    assert (run.status, "MeSH" in run.message or "[mh]" in run.message) == (RunStatus.SUSPECT, True)


def test_what_a_record_holds_in_part_is_said(ingest, place):
    """A field of which records hold less than PubMed indexes makes the run suspect, with the term."""
    (place.folder / "plain.txt").write_text(f"{PLAIN}[language]\nenglish[la]\n")
    run = ingest()
    assert (run.status, "english[la]" in run.message) == (RunStatus.SUSPECT, True)


def test_a_lost_canary_is_doubted(ingest, place, store, files, clock):
    """A PMID that the strategy must find and the whole row of files does not give makes the run suspect."""
    run = run_ingest(_planned(place, canaries=(900_009_999,)), store, files, clock=clock).run
    assert (run.status, "900009999" in run.message) == (RunStatus.SUSPECT, True)


def test_a_lost_canary_stands_in_the_run(place, store, files, clock):
    """The PMID that was not found is kept where the search log shows canaries."""
    run = run_ingest(_planned(place, canaries=(900_009_999,)), store, files, clock=clock).run
    assert run.canaries_missing == ("900009999",)


def test_a_doubt_is_carried_over(ingest, files, later, store):
    """A file that was read without its checksum keeps later files suspect and the watermark where it is."""
    (files / "pubmed26n0002.xml.gz.md5").unlink()
    ingest()
    run = ingest(folder=later)
    assert (run.status, "first number 1 in run" in run.message, store.cursor("pubmed")) == (
        RunStatus.SUSPECT,
        True,
        None,
    )


def test_a_doubt_ends_when_the_files_are_read_well(ingest, files, later):
    """Once an earlier file was read again with its checksum, later files are complete."""
    checksum = files / "pubmed26n0002.xml.gz.md5"
    said = checksum.read_text()
    checksum.unlink()
    ingest()
    checksum.write_text(said)
    ingest()
    assert ingest(folder=later).status is RunStatus.COMPLETE


def test_a_lost_canary_is_carried_over(place, store, files, later, clock):
    """A canary that the first files did not give is still missing after files that do not hold it."""
    sung = _planned(place, canaries=(900_009_999,))
    run_ingest(sung, store, files, clock=clock)
    run = run_ingest(sung, store, later, clock=clock).run
    assert (run.status, run.canaries_missing) == (RunStatus.SUSPECT, ("900009999",))


@pytest.mark.parametrize("deleted", [True, False])
def test_a_canary_may_be_lost_in_an_update(place, store, files, later, clock, ingest, deleted):
    """A canary that a later file deletes, or rewords so that the strategy fails it, is lost then."""
    ingest()
    canary = _found(store)
    write(
        later,
        3,
        [] if deleted else [replace(canary, title="X", abstract="", keywords=())],
        deleted=[canary.pmid] if deleted else (),
    )
    run = run_ingest(_planned(place, canaries=(int(canary.pmid),)), store, later, clock=clock).run
    assert (run.status, run.canaries_missing) == (RunStatus.SUSPECT, (canary.pmid,))


def _notices(store) -> list[tuple[str, str]]:
    return [(notice.report, notice.kind) for notice in store.ledger().notices]


def test_a_retraction_of_a_known_record_is_told(ingest, files, store):
    """A file in which a known record is retracted gives a notice, and reading it again no second one."""
    ingest()
    known = _found(store)
    write(files, 3, [replace(known, corrections=(Correction(kind="RetractionIn", citation="J. 2020"),))])
    ingest()
    ingest()
    assert _notices(store) == [(known.report_id, NoticeKind.RETRACTION)]


def test_a_retraction_is_told_of_what_the_strategy_no_longer_finds(ingest, files, store):
    """A known record is looked at in the files although its revision left the strategy."""
    ingest()
    known = _found(store)
    write(
        files,
        3,
        [replace(known, title="X", abstract="", keywords=(), publication_types=("Retracted Publication",))],
    )
    ingest()
    assert (known.report_id, NoticeKind.RETRACTION) in _notices(store)


def test_a_deletion_of_a_known_record_is_told(ingest, files, store):
    """A file that takes a known record back gives a notice."""
    ingest()
    known = _found(store)
    write(files, 3, [], deleted=[known.pmid])
    ingest()
    assert _notices(store) == [(known.report_id, NoticeKind.DELETED)]


def test_an_older_version_is_no_news(ingest, files, store, catalogue):
    """A file that is behind what is known tells nothing."""
    new = replace(catalogue[0], title="A trial of X for pain by internet", revised=date(2019, 5, 1))
    write(files, 3, [new])
    ingest()
    write(files, 3, [replace(new, title="A trial of Y for pain by internet", revised=date(2019, 4, 1))])
    ingest()
    assert _notices(store) == []
