"""Links from PMID to PMID over a real socket: apart for each one, and a failure is never *no links*."""

from pathlib import Path

import pytest

from search.errors import BadReply
from search.eutils.links import SIMILAR, read_links
from search.eutils.replies import Reply
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn
from tests.search.wire import HandClock, Scripted, pubmed_at, serving

TABLE = {
    "pubmed_pubmed_citedin": {"11": ("21", "22"), "12": ("22",)},
    "pubmed_pubmed_refs": {"11": ("1",)},
    "pubmed_pubmed": {"11": ("11", "12", "13")},
}


def linksets(*sets: str) -> Scripted:
    return Scripted(body=f"<eLinkResult>{''.join(sets)}</eLinkResult>")


def linkset(pmids: str, inner: str = "") -> str:
    ids = "".join(f"<Id>{pmid}</Id>" for pmid in pmids.split())
    return f"<LinkSet><DbFrom>pubmed</DbFrom><IdList>{ids}</IdList>{inner}</LinkSet>"


def test_each_pmid_keeps_its_links():
    """What cites two reports comes back for each of them, and for a third that nobody cites."""
    with StandIn([], links=TABLE) as standin, pubmed_at(standin.url) as pubmed:
        found = pubmed.links.cited_in(["11", "12", "13"])
    assert found == {"11": ("21", "22"), "12": ("22",), "13": ()}


def test_pmids_joined_by_commas_are_refused():
    """The merged links of two PMIDs, as PubMed sends them for id=11,12, belong to neither."""
    form = {"dbfrom": "pubmed", "db": "pubmed", "linkname": SIMILAR, "id": "11,12"}
    with (
        StandIn([], links=TABLE) as standin,
        pubmed_at(standin.url) as pubmed,
        pytest.raises(BadReply, match="2 PMIDs together"),
    ):
        pubmed.ask("ELink", form, lambda reply: read_links(reply, ["11", "12"], SIMILAR))


def test_a_report_is_not_similar_to_itself():
    """PubMed lists a report among those like it; we do not."""
    with StandIn([], links=TABLE) as standin, pubmed_at(standin.url) as pubmed:
        assert pubmed.links.similar(["11"]) == {"11": ("12", "13")}


def test_many_are_asked_for_in_batches():
    """A hundred PMIDs go into one question, and a PMID given twice is asked for once."""
    asked = [str(number) for number in range(1, 151)]
    with StandIn([], links=TABLE) as standin, pubmed_at(standin.url) as pubmed:
        found = pubmed.links.cited_in([*asked, "1"])
        assert [form["id"].count(",") + 1 for _, form in standin.asked] == [100, 50]
    assert list(found) == asked


@pytest.mark.parametrize(
    "broken",
    [
        linksets(linkset("11", "<ERROR>NCBI C++ Exception: Read failed</ERROR>")),
        linksets(linkset("11", "<ERROR>Couldn't resolve #exLinkSrv2, the address table is empty.</ERROR>")),
        linksets(linkset("11", "<LinkSetDb><Info>Couldn't resolve #exLinkSrv2</Info></LinkSetDb>")),
        Scripted(body="<eLinkResult>the address table is empty</eLinkResult>"),
        linksets(linkset("11 12")),
        linksets(linkset("12")),
        linksets(),
    ],
)
def test_a_failure_is_never_no_links(broken):
    """What is no whole answer is asked for again, and in the end an error."""
    with (
        serving(broken) as wire,
        pubmed_at(wire.url, attempts=3) as pubmed,
        pytest.raises(BadReply, match=r"^PubMed ELink: found .*; expected "),
    ):
        pubmed.links.cited_in(["11"])
    assert len(wire.forms) == 3


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.PAGE, FaultKind.CUT, FaultKind.RATE_LIMITED])
def test_a_passing_fault_loses_no_link(kind):
    """Two faults on the way cost two pauses and no link."""
    plan, clock = (Fault("elink", kind, times=2),), HandClock()
    with StandIn([], plan, links=TABLE) as standin, pubmed_at(standin.url, clock=clock) as pubmed:
        assert pubmed.links.references(["11"]) == {"11": ("1",)}
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("file", "pmid", "count"), [("elink1.xml", "9298984", 100), ("elink4.xml", "12242737", 155)]
)
def test_recorded_links_are_read(file, pmid, count, shared_data: Path):
    """Recorded replies give the links of the name asked for, and none of the other names."""
    reply = Reply("PubMed ELink", 200, (shared_data / "pubmed/eutils" / file).read_bytes())
    assert len(read_links(reply, [pmid], SIMILAR)[pmid]) == count
