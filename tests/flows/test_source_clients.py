"""The real clients of all sources in one cycle, against one stand-in over a socket."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.pubmed_client import make_pubmed
from flows.source_clients import included_reports, source_maker
from flows.steps.baseline import take_in_baseline
from flows.steps.cycle import run_cycle
from review.protocol_sources import CitationChasing, ClinicalTrialsSource, EuropePmcSource
from review.record import Record
from review.searching import RunStatus
from search.standin.ctgov import Registry
from search.standin.europepmc import Library
from search.standin.server import StandIn

from .conftest import CANARIES, NOW

ENTERED = date(2019, 6, 1)
REGISTERED = Record(
    source="clinicaltrials",
    accession="NCT99999901",
    title="An online trial of X for chronic pain",
    keywords=("Chronic Pain",),
    registrations=("NCT99999901",),
    entered=ENTERED,
    revised=ENTERED,
)
PREPRINT = Record(
    source="europepmc",
    accession="PPR/PPR999901",
    title="Internet-delivered acceptance and commitment therapy for chronic pain: a randomised trial",
    abstract="Adults with chronic pain were randomised.",
    publication_types=("Preprint",),
    year=2019,
    entered=ENTERED,
    revised=ENTERED,
)
CITING = Record(
    source="pubmed", accession="700000001", pmid="700000001", title="A reply to a trial", entered=ENTERED
)


@pytest.fixture
def cycle(place, store, catalogue):
    """One cycle of the pain review with every source switched on."""
    search = replace(
        place.protocol.search,
        clinicaltrials=ClinicalTrialsSource(since=date(2019, 1, 1), condition="chronic pain"),
        europepmc=EuropePmcSource(since=date(2019, 1, 1)),
        citations=CitationChasing(directions=("forward",)),
    )
    few = [one for n, one in enumerate(catalogue) if n % 3 == 0 or one.pmid in CANARIES]
    registry, library = Registry([REGISTERED]), Library([PREPRINT])
    cited = {"23548250": ("700000001",)}
    with StandIn(
        [*few, CITING], routes={**registry.routes, **library.routes}, links={"pubmed_pubmed_citedin": cited}
    ) as standin:
        settings = replace(
            place.settings,
            eutils_url=standin.url,
            clinicaltrials_url=standin.at(registry.path),
            europepmc_url=standin.at(library.path),
        )
        here = replace(place, settings=settings, protocol=replace(place.protocol, search=search))
        pubmed = make_pubmed(settings)
        yield lambda now=NOW: run_cycle(
            here, store, pubmed, clock=lambda: now, sources=source_maker(here, store, pubmed)
        )


def test_every_source_answers(cycle, store):
    """Registry, Europe PMC and citations bring their records beside PubMed's, each filed under its name."""
    done = cycle()
    assert {run.source: run.status for run in (done.run, *done.others)} == dict.fromkeys(
        ("pubmed", "clinicaltrials", "europepmc", "citations"), RunStatus.COMPLETE
    ), [run.message for run in done.others]
    wanted = {"clinicaltrials:NCT99999901", "europepmc:PPR/PPR999901", "citations:700000001"}
    assert store.known(wanted) == wanted


def test_a_pmid_in_a_file_keeps_no_citation_away(place, store):
    """A document under the wrong PMID in a file does not make the real one known to a chase."""
    name = place.protocol.search.files.names[0]
    one = Record(source=name, accession="a", pmid="700000009", title="A study of grass in meadows")
    store.add_records([one, replace(one, source="pubmed", pmid="700000010")], NOW)
    table = CitationChasing(directions=("forward",))
    here = replace(
        place, protocol=replace(place.protocol, search=replace(place.protocol.search, citations=table))
    )
    pubmed = make_pubmed(replace(place.settings, eutils_url="http://127.0.0.1:9/"))
    (source,) = source_maker(here, store, pubmed)()
    assert ("700000009" in source.known, "700000010" in source.known) == (False, True)


def test_a_second_cycle_adds_nothing(cycle):
    """What each source says again is known already."""
    cycle()
    done = cycle(NOW + timedelta(days=7))
    assert [run.counts.queued for run in (done.run, *done.others)] == [0, 0, 0, 0]
    assert done.exit_code == 0


def test_citations_are_chased_from_included_studies(place, store):
    """Seeds are the reports of studies that are included, excluded ones are none."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    reports = included_reports(place.protocol, store)
    assert len(reports) == 15
    assert {report.record.source for report in reports} == {"baseline"}


def test_a_question_that_a_source_cannot_be_asked_is_a_failed_run(place, store, tmp_path, catalogue):
    """A strategy that has no counterpart at Europe PMC leaves a gap there, and PubMed is searched."""
    folder = tmp_path / "untranslatable"
    folder.mkdir()
    (folder / "s.txt").write_text("[all]\n1:999999999[uid]\n")
    for path in place.folder.iterdir():
        (folder / path.name).symlink_to(path)
    plan = replace(place.protocol.search.pubmed, strategy="s.txt", background="", canaries=())
    search = replace(place.protocol.search, pubmed=plan, europepmc=EuropePmcSource(since=date(2019, 1, 1)))
    with StandIn(catalogue) as standin:
        settings = replace(place.settings, eutils_url=standin.url)
        here = replace(
            place, folder=folder, settings=settings, protocol=replace(place.protocol, search=search)
        )
        pubmed = make_pubmed(settings)
        found = run_cycle(here, store, pubmed, clock=lambda: NOW, sources=source_maker(here, store, pubmed))
    (other,) = found.others
    assert (found.run.status, other.status, other.source) == (
        RunStatus.COMPLETE,
        RunStatus.FAILED,
        "europepmc",
    )
