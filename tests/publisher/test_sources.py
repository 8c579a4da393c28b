"""Each source shows its own day, a changed reading both its texts, and notices do not bury one another."""

from dataclasses import replace

import pytest

from publisher.notices import MOST_NOTICES, notice_log
from publisher.prisma_table import prisma_rows
from publisher.searches import search_log
from publisher.snapshot import living
from review.edition import Notice, NoticeKind
from review.ids import RunId
from review.ledger import Ledger
from review.prisma import PrismaFlow
from review.protocol_sources import ClinicalTrialsSource
from review.searching import SECOND_LOOK, RunCounts, RunStatus
from tests.publisher.synthetic import day, report_of
from tests.publisher.synthetic_course import run

NOW = day(2021, 3, 2)


@pytest.fixture
def watched(material):
    """The review with a registry besides, searched once, in doubt; and a pass over what is known."""
    table = ClinicalTrialsSource(since=day(2019).date(), condition="pain")
    protocol = material.protocol
    search = replace(protocol.search, clinicaltrials=table)
    runs = (
        *material.ledger.runs,
        _run("clinicaltrials", day(2021, 3, 1), RunStatus.PARTIAL),
        _run(SECOND_LOOK, day(2021, 1, 1), RunStatus.COMPLETE),
    )
    return replace(
        material,
        protocol=replace(protocol, search=search),
        ledger=replace(material.ledger, runs=runs),
    )


def _run(source, when, status=RunStatus.COMPLETE, translation=""):
    made = run(9, when, day(2019).date(), RunCounts(), status)
    return replace(made, id=RunId(f"{source}-{when:%j%H}"), source=source, translation=translation)


def test_each_source_has_its_row(watched):
    """Who searches it, up to which day (its first, until a run is complete), and how the last run ended."""
    rows = {row.name: row for row in search_log(living(watched, NOW)).sources}
    assert (rows["ClinicalTrials.gov"].through, rows["ClinicalTrials.gov"].last) == (
        "10 January 2019",
        "partial",
    )
    assert rows["CENTRAL"].how == "searched by people, imported as files"
    assert rows["Known records"].through == "1 January 2021"


def test_a_late_look_at_what_is_known_is_said(watched, front):
    """A pass that is due since a month is called overdue at the head of the page."""
    assert "overdue since 1 February 2021" in front(ledger=watched.ledger, now=NOW)


def test_the_last_query_is_a_search(watched):
    """A pass over known records asks nothing that anybody could ask again."""
    assert search_log(living(watched, NOW)).query == "synthetic[tiab] AND trial[pt]"


def test_a_changed_reading_shows_the_former_one(material):
    """Where the source reads the same strategy otherwise, both readings stand on the page."""
    readings = ('"pain"[MeSH Terms]', '"pain"[All Fields]')
    runs = tuple(_run("pubmed", day(2021, 3, n), translation=text) for n, text in enumerate(readings, 1))
    ledger = replace(material.ledger, runs=(*material.ledger.runs, *runs))
    log = search_log(living(replace(material, ledger=ledger), NOW))
    assert (log.former_translation, log.translation) == readings


def test_what_alarms_is_never_hidden():
    """However many reports were indexed, each retraction stands on the page."""
    loud = Notice(
        report=report_of("A"), kind=NoticeKind.RETRACTION.value, text="retracted in X", at=day(2019)
    )
    quiet = tuple(
        Notice(report=report_of("B"), kind=NoticeKind.MESH_ADDED.value, text=f"{n}", at=day(2020))
        for n in range(MOST_NOTICES + 5)
    )
    log = notice_log(Ledger(notices=(loud, *quiet)))
    assert (log.rows[0][1], len(log.rows)) == ("retraction", MOST_NOTICES + 1)
    assert log.older.startswith("5 older notices")


def test_registers_and_citations_have_boxes_of_their_own():
    """PRISMA 2020 tells databases, registers and citation searching apart."""
    zero = dict.fromkeys(PrismaFlow.__dataclass_fields__, 0)
    found = (("citations", 3), ("clinicaltrials", 2), ("europepmc", 1), ("pubmed", 10))
    flow = PrismaFlow(**{**zero, "identified": found, "excluded_at_full_text": ()})
    rows = {row[0]: row[-1] for row in prisma_rows(flow)}
    boxes = ("database_results", "register_results", "citations_results")
    assert [rows[name] for name in boxes] == ["11", "2", "3"]
