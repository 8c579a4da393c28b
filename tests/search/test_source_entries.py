"""Entries as the services document them: what becomes of fields that the stand-ins do not write."""

import json
from typing import Any

import pytest

from review.record import Record
from search.errors import BadReply, RefusedQuery
from search.eutils.fetching import Fetched
from search.eutils.replies import Reply
from search.sources.chase import Chase, Seed
from search.sources.citation_harvest import gather
from search.sources.clinical_trials import _read_page
from search.sources.europe_pmc_links import Linked
from search.sources.fields import Fields
from search.sources.json_replies import read_json
from search.sources.paging import Item, Page, walk
from search.sources.registry_entry import record_of

SEED = Seed("PMID 1", "1", "MED/1")


def entry(**modules: dict[str, Any]) -> Record:
    """Read an entry of the registry that has a title and these modules."""
    modules.setdefault("identificationModule", {})["briefTitle"] = "A trial of X"
    return record_of(Item("NCT99999901", Fields("somewhere", {"protocolSection": modules})))


@pytest.mark.parametrize(
    ("other", "number"),
    [
        ({"id": "isrctn 99999901", "type": "REGISTRY"}, "ISRCTN99999901"),
        ({"id": "99999901", "type": "REGISTRY", "domain": "ISRCTN"}, "ISRCTN99999901"),
        ({"id": "2012-099999-42", "type": "EUDRACT_NUMBER"}, "EUCTR2012-099999-42"),
        ({"id": "DRKS99999901", "type": "OTHER"}, "DRKS99999901"),
        ({"id": "Y-77", "type": "REGISTRY", "domain": "A registry"}, "Y-77"),
    ],
)
def test_numbers_of_other_registries_are_registrations(other: dict[str, str], number: str):
    """A number that a registry gave is a registration, in the registry's spelling where it is known."""
    record = entry(identificationModule={"secondaryIdInfos": [other]})
    assert record.registrations == ("NCT99999901", number)


def test_a_grant_is_no_registration():
    """Numbers of sponsors and grants name no trial."""
    record = entry(identificationModule={"secondaryIdInfos": [{"id": "R01-77", "type": "NIH"}]})
    assert record.registrations == ("NCT99999901",)


def test_former_numbers_are_registrations():
    """An entry that took over others is found by their numbers too, and by the sponsor's where it is one."""
    record = entry(
        identificationModule={"nctIdAliases": ["NCT99999902"], "orgStudyIdInfo": {"id": "KCT9999901"}}
    )
    assert record.registrations == ("NCT99999901", "NCT99999902", "KCT9999901")


def test_background_reading_is_no_report_of_the_trial():
    """Of the references only those on the trial itself tie it to reports."""
    references = [
        {"pmid": str(at), "type": kind, "citation": "J Test."}
        for at, kind in enumerate(["BACKGROUND", "RESULT", "DERIVED"])
    ]
    corrections = entry(referencesModule={"references": references}).corrections
    assert [(tie.kind, tie.pmid) for tie in corrections] == [
        ("ReferenceResult", "1"),
        ("ReferenceDerived", "2"),
    ]


def test_everybody_named_is_an_author_once():
    """Investigators come before the sponsor, and nobody twice."""
    record = entry(
        sponsorCollaboratorsModule={
            "responsibleParty": {"investigatorFullName": "Tess Tester"},
            "leadSponsor": {"name": "Institute of Tests"},
        },
        contactsLocationsModule={"overallOfficials": [{"name": "Tess Tester"}, {"name": "O. Other"}]},
    )
    assert record.authors == ("Tess Tester", "O. Other", "Institute of Tests")


def test_interventions_and_their_other_names_are_keywords():
    """What was given is found under each of its names."""
    interventions = [{"name": "X", "otherNames": ["Ex"]}]
    assert entry(armsInterventionsModule={"interventions": interventions}).keywords == ("X", "Ex")


def test_why_a_trial_was_stopped_is_noted():
    """A reason for stopping is shown with the entry."""
    record = entry(statusModule={"overallStatus": "TERMINATED", "whyStopped": "Nobody came."})
    assert (record.status, record.notes) == ("TERMINATED", ("Stopped: Nobody came.",))


@pytest.mark.parametrize("answer", [{}, {"totalCount": 0}, {"totalCount": 0, "studies": None}])
def test_an_answer_without_a_list_is_no_empty_answer(answer: dict[str, object]):
    """Where the list of studies is lacking nothing is taken for found or not found."""
    with pytest.raises(BadReply, match="found nothing at studies"):
        _read_page(Fields("somewhere", answer))


def test_empty_pages_that_lead_on_for_ever_are_left():
    """A source that gives new places and no entries is left at once."""
    asked: list[str] = []

    def ask(place: str) -> Page:
        asked.append(place)
        return Page((), 2, f"place {len(asked)}")

    with pytest.raises(BadReply, match="an empty page that leads on"):
        walk("somewhere", ask)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"errCode": 400, "errMsg": "no such field"}, RefusedQuery),
        ({"errCode": 503, "errMsg": "busy"}, BadReply),
        ({"error": "busy"}, BadReply),
    ],
)
def test_an_error_under_200_is_an_error(said: dict[str, object], kind: type[Exception]):
    """What the service says is wrong is told, as final only where the service says so."""
    with pytest.raises(kind) as caught:
        read_json(Reply("somewhere", 200, json.dumps(said).encode()))
    assert type(caught.value) is kind


def test_a_byte_order_mark_is_no_fault():
    """An answer that begins with a mark of its encoding is read."""
    assert read_json(Reply("somewhere", 200, b'\xef\xbb\xbf{"a": 1}')).number("a") == 1


def brought(
    record: Record, reason: str, deleted: tuple[str, ...] = ()
) -> tuple[tuple[Record, ...], tuple[tuple[str, str], ...]]:
    """Bring one report home that PubMed does not deliver, for a reason."""
    chase = Chase("forward", linked={SEED: Linked((record,))})
    return gather([chase], {"1"}, ()).deliver([Fetched((), ((record.pmid, reason),), deleted=deleted)])


def test_what_is_only_late_is_missing():
    """A PMID that was not received for a passing reason is missing, even if Europe PMC tells of it."""
    told = Record(source="citations", accession="9", pmid="9", title="A report")
    assert brought(told, "not received: no answer") == ((), (("9", "not received: no answer"),))


def test_what_pubmed_has_deleted_is_not_missed():
    """A linked PMID that PubMed has deleted and nobody tells of is no reason to search again."""
    gone = Record(source="citations", accession="9", pmid="9", title="")
    assert brought(gone, "PubMed has deleted it", deleted=("9",)) == ((), ())


def test_silence_does_not_stand_for_a_way_that_failed():
    """When ELink fails and Europe PMC knows no links, the study is not answered for."""

    def down(_: object) -> dict[str, tuple[str, ...]]:
        raise BadReply("ELink: found nothing")

    chase = Chase("forward")
    chase.by_elink([SEED], down)
    chase.by_europe_pmc([SEED], lambda _: Linked(()))
    chase.close([SEED])
    assert list(chase.unanswered) == [SEED]
    assert chase.linked == {}
