"""Citation chasing over a real socket: every included study answered for, by one way or another, or named."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from review.record import Record, Report
from search.errors import SourceError
from search.eutils.links import CITED_IN, REFERENCES
from search.limiter import Unlimited
from search.sources.citations import Citations, Direction
from search.sources.contract import Found, Source
from search.sources.europe_pmc_links import EuropePmcLinks
from search.standin.elink import LinkTable
from search.standin.europepmc import Library
from search.standin.faults import Fault, FaultKind, FaultPlan
from search.standin.server import StandIn
from tests.search.registered import MARCH
from tests.search.wire import HandClock, law, pubmed_at

BASE = "/europepmc/webservices/rest/"
OFF = (Fault(BASE, FaultKind.UNAVAILABLE, 99),)


def report(pmid: int) -> Record:
    """Make a report of PubMed."""
    return Record(source="pubmed", accession=str(pmid), pmid=str(pmid), title=f"A report {pmid} on X")


def alone(record: Record) -> Report:
    """Make the report that has one record."""
    return Report(id=record.report_id, records=(record,))


def cited(accession: str, title: str = "A cited work", **fields: object) -> Record:
    """Make an entry of a list of citations."""
    return Record(source="citations", accession=accession, title=title, **fields)


@dataclass(frozen=True, kw_only=True)
class Elink:
    """What ELink knows, by PMID, or that it is down."""

    forward: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    backward: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    down: bool = False

    @property
    def table(self) -> LinkTable:
        """The links as the stand-in takes them."""
        return {CITED_IN: self.forward, REFERENCES: self.backward}

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong."""
        return (Fault("elink", FaultKind.UNAVAILABLE, 99),) if self.down else ()


@contextmanager
def chasing(
    included: Sequence[Record],
    elink: Elink,
    library: Library | None = None,
    *,
    plan: FaultPlan = (),
    reports: Sequence[int] = (11, 12, 13),
    europe_pmc_at: str = BASE,
    **settings: object,
) -> Iterator[tuple[Citations, StandIn]]:
    """Give a source whose ways lead to a PubMed with some reports and to a Europe PMC."""
    served, faults = library or Library([]), (*plan, *elink.faults)
    with (
        StandIn(map(report, reports), faults, routes=served.routes, links=elink.table) as standin,
        pubmed_at(standin.url) as pubmed,
        requests.Session() as session,
    ):
        europe = EuropePmcLinks(
            standin.at(europe_pmc_at),
            session=session,
            limiter=Unlimited(),
            clock=HandClock(),
            deadline=600.0,
            page_size=2,
        )
        asked = {"links": pubmed.links, "fallback": europe, "pubmed": pubmed} | settings
        yield Citations(included=list(map(alone, included)), **asked), standin


def chased(*given: object, **settings: object) -> Found:
    """Chase citations once."""
    with chasing(*given, **settings) as (source, _):
        return source.search(MARCH)


def accessions(found: Found) -> list[str]:
    """Name what was found."""
    return [record.accession for record in found.records]


def test_it_is_a_source():
    """Citation chasing answers to the contract of every source, under the name of its table."""
    with chasing([], Elink()) as (made, _):
        source: Source = made
        assert source.name == "citations"


def test_both_directions_are_followed():
    """What ELink names either way comes in full from PubMed, filed under the source, with the trail."""
    found = chased([report(1)], Elink(forward={"1": ("11",)}, backward={"1": ("12",)}))
    assert [(record.id, record.title, record.pmid, record.notes) for record in found.records] == [
        ("citations:12", "A report 12 on X", "12", ("Cited by PMID 1, which is included.",)),
        ("citations:11", "A report 11 on X", "11", ("Cites PMID 1, which is included.",)),
    ]


def test_one_direction_may_be_enough():
    """A protocol that follows citations forward only asks for nothing else."""
    links = Elink(forward={"1": ("11",)}, backward={"1": ("12",)})
    assert accessions(chased([report(1)], links, directions=(Direction.FORWARD,))) == ["11"]


def test_a_report_reached_twice_comes_once():
    """A report that several studies lead to is one record with all its trails."""
    links = Elink(forward={"1": ("11",), "2": ("11",)})
    (record,) = chased([report(1), report(2)], links).records
    assert record.notes == ("Cites PMID 1, which is included.", "Cites PMID 2, which is included.")


def test_where_elink_is_silent_europe_pmc_is_asked():
    """A study without links at ELink is asked about at Europe PMC, page by page."""
    library = Library([], citations={"MED/1": [cited(f"MED/{pmid}") for pmid in (11, 12, 13)]})
    found = chased([report(1)], Elink(), library, directions=(Direction.FORWARD,))
    assert accessions(found) == ["11", "12", "13"]


def test_where_elink_fails_europe_pmc_is_asked():
    """When ELink is down Europe PMC answers for it, and the failure is told."""
    library = Library([], citations={"MED/1": [cited("MED/11")]})
    found = chased([report(1)], Elink(down=True), library, directions=(Direction.FORWARD,))
    assert accessions(found) == ["11"]
    assert any("ELink: found " in message for message in found.messages)


def test_it_is_told_who_answered_for_which_study():
    """The messages say for each direction which way answered for which study."""
    library = Library([], citations={"MED/2": [cited("MED/12")], "MED/3": []})
    found = chased(
        [report(1), report(2), report(3), report(4)],
        Elink(forward={"1": ("11",)}),
        library,
        directions=(Direction.FORWARD,),
    )
    assert found.messages == (
        "citations forward (ELink: PMID 1; Europe PMC: PMID 2; no links known: PMID 3, PMID 4)",
    )


def test_what_has_no_pmid_comes_as_europe_pmc_tells_of_it():
    """A citing preprint and an unmatched reference become records by what is known of them."""
    preprint = cited("PPR/PPR1", "A preprint on X", authors=("Tester A",), year=2024, doi="10.9999/p")
    unmatched = cited("", "A book on X", year=1999)
    library = Library([], citations={"MED/1": [preprint]}, references={"MED/1": [unmatched]})
    book, citing = chased([report(1)], Elink(), library).records
    assert (citing.accession, citing.title, citing.authors, citing.year, citing.doi, citing.pmid) == (
        ("PPR/PPR1", "A preprint on X", ("Tester A",), 2024, "10.9999/p", "")
    )
    assert (book.accession[:5], book.title, book.year) == ("text/", "A book on X", 1999)


def test_a_reference_that_says_nothing_is_told():
    """A reference with neither identifier nor title cannot be a record, and is counted in a message."""
    library = Library([], references={"MED/1": [cited("", ""), cited("MED/11")]})
    found = chased([report(1)], Elink(), library, directions=(Direction.BACKWARD,))
    assert "1 citations backward have neither an identifier nor a title" in found.messages


def test_a_work_cited_twice_in_one_list_is_one_record():
    """A list of references may name one work twice without being refused."""
    library = Library([], references={"MED/1": [cited("MED/11"), cited("MED/11"), cited("MED/12")]})
    assert accessions(chased([report(1)], Elink(), library)) == ["11", "12"]


def test_the_known_are_not_fetched():
    """Reports that the review holds, included ones among them, are counted and left out."""
    links = Elink(forward={"1": ("11", "12", "2")})
    found = chased([report(1), report(2)], links, known={"12"})
    assert accessions(found) == ["11"]
    assert "2 linked reports are known already" in found.messages


def test_a_study_without_any_identifier_is_named():
    """An included report that nobody can be asked about is named in the messages."""
    nameless = Record(source="files", accession="f1", title="A trial of X", authors=("Tester A",))
    found = chased([nameless], Elink())
    assert found.messages == (
        "citations cannot be followed from reports without an identifier: Tester A. A trial of X.",
    )


def test_any_record_of_a_report_may_have_its_pmid():
    """A report seen in a file first is asked about by the PMID of its later record."""
    filed = Record(source="files", accession="f1", title="A report 1 on X")
    both = Report(id=filed.report_id, records=(filed, report(1)))
    with chasing([], Elink(forward={"1": ("11",)})) as (source, _):
        assert accessions(replace(source, included=[both]).search(MARCH)) == ["11"]


def test_a_study_known_to_europe_pmc_only_is_asked_about_there():
    """An included preprint and an article of PMC without PMID are chased at Europe PMC."""
    included = [
        Record(source="europepmc", accession="PPR/PPR7", title="A preprint"),
        Record(source="files", accession="f2", title="An article", pmcid="PMC8"),
    ]
    library = Library([], citations={"PPR/PPR7": [cited("MED/11")], "PMC/PMC8": [cited("MED/12")]})
    assert accessions(chased(included, Elink(), library)) == ["11", "12"]


def test_when_nobody_answers_it_is_an_error():
    """With both ways down there is no answer, and none is made up."""
    with pytest.raises(SourceError, match="Europe PMC citations of MED/1"):
        chased([report(1)], Elink(down=True), plan=OFF, directions=(Direction.FORWARD,))


def test_a_study_nobody_answered_for_is_missing():
    """When one way is down, studies that only it could answer for are missing, and the rest is delivered."""
    found = chased([report(1), report(2)], Elink(forward={"1": ("11",)}), plan=OFF, directions=("forward",))
    assert accessions(found) == ["11"]
    assert [name for name, _ in found.missing] == ["citations forward of PMID 2"]
    assert found.count == 2


def test_a_way_that_is_down_is_not_asked_for_each_study():
    """After its first failure Europe PMC is left alone for the rest of a direction."""
    included = [report(1), report(2), report(3)]
    with chasing(included, Elink(), plan=OFF, directions=(Direction.FORWARD,)) as (source, standin):
        with pytest.raises(SourceError):
            source.search(MARCH)
        assert [name for name, _ in standin.asked].count(BASE) == 5


def test_a_404_in_other_words_is_no_answer():
    """A 404 of something that stands between says nothing about links: each study is asked about again."""
    included = [report(1), report(2), report(3)]
    astray = {"europe_pmc_at": "/moved/", "directions": (Direction.FORWARD,)}
    found = chased(included, Elink(forward={"1": ("11",)}), **astray)
    assert [name for name, _ in found.missing] == [f"citations forward of PMID {pmid}" for pmid in (2, 3)]


def test_europe_pmc_may_be_left_out():
    """Without a fallback, what ELink does not know has no known links."""
    found = chased([report(1)], Elink(), fallback=None, directions=(Direction.FORWARD,))
    assert found.messages == ("citations forward (no links known: PMID 1)",)


def test_what_pubmed_does_not_deliver_is_missing():
    """A linked PMID that PubMed has no record of is among the missing, with the reason."""
    found = chased([report(1)], Elink(forward={"1": ("11", "99")}))
    assert [pmid for pmid, _ in found.missing] == ["99"]
    assert found.count == 2


MERGED = (Fault("efetch", FaultKind.MERGED, 2),)
"""PubMed gives 999999999 in place of a record, asked twice; the stand-in has that one as well."""


def test_a_merged_linked_pmid_brings_the_record_it_was_merged_into():
    """What led to a PMID that PubMed merged leads to the surviving record, and nothing stays open."""
    links = Elink(forward={"1": ("11",)})
    found = chased([report(1)], links, plan=MERGED, reports=(11, 999999999), directions=("forward",))
    (survivor,) = found.records
    assert (survivor.id, survivor.pmid, survivor.notes) == (
        ("citations:999999999", "999999999", ("Cites PMID 1, which is included.",))
    )
    assert (found.missing, found.messages[-1]) == ((), "PubMed has merged linked PMID 11 into 999999999")


def test_a_linked_pmid_merged_into_a_known_one_is_known():
    """Where the review holds the surviving record already nothing comes, and nothing is missing."""
    links = Elink(forward={"1": ("11",)})
    found = chased([report(1)], links, plan=MERGED, known={"999999999"}, directions=("forward",))
    assert (found.records, found.missing, found.count) == ((), (), 0)


def test_a_deleted_linked_pmid_leaves_nothing_open():
    """A PMID that PubMed says it has deleted is told of, and is not missing."""
    deleted = (Fault("efetch", FaultKind.DELETED, 1),)
    found = chased([report(1)], Elink(forward={"1": ("11",)}), plan=deleted, directions=("forward",))
    assert (found.missing, found.messages[-1]) == ((), "PubMed has deleted linked PMID 11")


def test_a_linked_pmid_that_somebody_looked_at_leaves_nothing_open():
    """A PMID that the protocol names as undeliverable is told of, and is not missing."""
    found = chased([report(1)], Elink(forward={"1": ("11", "99")}), undeliverable={"99"})
    assert (accessions(found), found.missing) == (["11"], ())
    assert found.messages[-1] == "the protocol says that PubMed has no record of 99"


def test_what_pubmed_lacks_europe_pmc_may_tell_of():
    """A citing PMID that PubMed has no record of comes as Europe PMC cites it, and says so."""
    library = Library([], citations={"MED/1": [cited("MED/11"), cited("MED/99", "A lost report")]})
    found = chased([report(1)], Elink(), library)
    lost = found.records[-1]
    assert (lost.title, lost.pmid, found.missing) == ("A lost report", "99", ())
    assert lost.notes[0].startswith("As Europe PMC cites it: PubMed returned no record")


@law
@given(
    st.dictionaries(st.sampled_from("123"), st.lists(st.sampled_from(["11", "12", "13", "99"]), max_size=4)),
    st.dictionaries(st.sampled_from("123"), st.lists(st.sampled_from(["11", "12", "13", "99"]), max_size=4)),
    st.sets(st.sampled_from(["11", "12"])),
)
def test_every_link_is_accounted_for(
    forward: dict[str, list[str]], backward: dict[str, list[str]], known: set[str]
):
    """Whatever is linked, each PMID that is not known is a record or missing, once."""
    elink = Elink(
        forward={seed: tuple(found) for seed, found in forward.items()},
        backward={seed: tuple(found) for seed, found in backward.items()},
    )
    with chasing([report(1), report(2), report(3)], elink, known=known) as (source, _):
        wanted = {pmid for links in (forward, backward) for found in links.values() for pmid in found} - known
        try:
            found = source.search(MARCH)
        except SourceError:
            assert wanted == {"99"}
            return
    assert sorted([*accessions(found), *(pmid for pmid, _ in found.missing)]) == sorted(wanted)
    assert found.count == len(wanted)


def test_nothing_to_follow_is_said():
    """Without an included study the answer is complete and says that there was nothing to ask."""
    assert chased([], Elink()).messages == ("no study is included yet: there were no citations to follow",)
