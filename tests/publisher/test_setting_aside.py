"""What readers are told of setting aside: unscreened, audited with n, and withdrawn where it is."""

import json
from dataclasses import replace

import jsonschema
import pytest

from publisher.flowchart import steps
from publisher.machine import machine_use
from publisher.setting_aside import aside_use
from publisher.snapshot import living
from review.audit import AuditDraw
from review.decision import Decision, Stage, Verdict
from review.drift import Drift, DriftCheck, Level
from review.ids import ModelId, Reviewer
from review.screening import Status
from review.suggestion import InForce, Suggestion
from tests.publisher.synthetic import NOW

PAGE = "index.html"


@pytest.fixture(scope="module")
def waiting(material):
    """The reports on which nobody has voted."""
    found = living(material, NOW).settlements.values()
    return [one.report for one in found if one.status is Status.AWAITING_SCREENING]


@pytest.fixture(scope="module")
def changes(material, waiting):
    """A protocol that sets aside, a model that promises, and a draw from all that wait."""
    ledger, protocol = material.ledger, material.protocol
    model = replace(ledger.models[-1], promised=True, recall=protocol.classifier.promise)
    last = ledger.models[-1].at
    said = tuple(
        Suggestion(report=one, model=model.id, score=0.1, rank=1, of=1, flagged=False, at=last)
        for one in waiting
    )
    draw = AuditDraw(id="d1", model=model.id, at=last, set_aside=tuple(waiting), drawn=tuple(waiting[:1]))
    check = DriftCheck(name="words", level=Level.LOOK, n=40, sentence="Half of the words are new (made up).")
    drift = Drift(id="x", model=model.id, at=last, new=40, checks=(check,))
    return {
        "ledger": replace(ledger, models=(*ledger.models[:-1], model), audit_draws=(draw,), drifts=(drift,)),
        "suggestions": (*material.suggestions, *said),
        "protocol": replace(protocol, classifier=replace(protocol.classifier, set_aside=True)),
    }


def _votes(report, verdict, people=("ada", "ben")):
    return tuple(
        Decision(
            report=report,
            stage=Stage.SCREENING,
            verdict=verdict,
            reviewer=Reviewer(who),
            at=NOW,
            criteria_version=1,
        )
        for who in people
    )


def test_what_is_set_aside_is_told_as_unscreened(put, changes, waiting, tmp_path):
    """The page says how many nobody screened, that none is excluded, and what drifted."""
    put(tmp_path, **changes)
    page = (tmp_path / PAGE).read_text()
    assert f"{_aside(len(waiting) - 1)} set aside: ranked by a model below" in page
    assert "screened by nobody" in page
    assert f"out of the queue of people and counted as unscreened: {len(waiting) - 1}. All others" in page
    assert "Words, look: Half of the words are new (made up)." in page


def _aside(number):
    return "1 report is" if number == 1 else f"{number} reports are"


def test_the_paragraph_for_the_report_tells_of_it(put, changes, waiting, tmp_path):
    """What a methods section takes over tells of set aside, drawn and read, and the bound with its n."""
    ledger = changes["ledger"]
    model = replace(ledger.models[-1], statement="Machine learning was used (made up).")
    votes = _votes(waiting[0], Verdict.EXCLUDE)
    known = replace(ledger, models=(*ledger.models[:-1], model), decisions=(*ledger.decisions, *votes))
    put(tmp_path, **{**changes, "ledger": known})
    paragraph = (tmp_path / PAGE).read_text().split('class="statement">')[1].split("</blockquote>")[0]
    n = len(waiting)
    assert paragraph.startswith(f"Machine learning was used (made up). {_aside(n - 1)} set aside")
    assert "was drawn for audit, 1 is read and 0 of them relevant" in paragraph
    assert f"of {n} set aside" in paragraph.split("With 95% confidence at most")[1]


def test_the_release_counts_it(put, changes, waiting, tmp_path):
    """What is set aside, drawn and read stands in the data as on the page, as the schema says."""
    put(tmp_path, **changes)
    document = json.loads((tmp_path / "release.json").read_text())
    jsonschema.validate(document, json.loads((tmp_path / "release.schema.json").read_text()))
    found, n = document["set_aside"], len(waiting)
    assert found.pop("audit").startswith(f"1 of {n} report")
    assert found == {"used": True, "now": n - 1, "ever": n, "drawn": 1, "read": 0}


def test_a_promise_that_was_raised_is_told(put, changes, tmp_path):
    """Below a line for less than is asked nothing is set aside, and the page says why."""
    protocol = changes["protocol"]
    raised = replace(protocol, classifier=replace(protocol.classifier, promise=0.99))
    put(tmp_path, **{**changes, "protocol": raised})
    page = (tmp_path / PAGE).read_text()
    assert "No report is set aside at present." in page
    assert "the protocol asks 0.99" in page


def test_the_model_in_force_is_the_one_told_of(material, changes, waiting):
    """With a model of before in force, its card comes first and its line holds, else the later one's."""
    ledger = changes["ledger"]
    former, at = ledger.models[-1], ledger.models[-1].at
    later = replace(former, id=ModelId("later"))
    # The last of those made up: no model speaks twice of a report.
    before = {one.report: replace(one, model=former.id) for one in changes["suggestions"]}
    after = [replace(one, model=later.id, flagged=True) for one in before.values()]
    rows = [InForce(model=one, at=at) for one in (later.id, former.id)]

    def told(n):
        known = replace(ledger, models=(*ledger.models, later), in_force=tuple(rows[:n]))
        given = {**changes, "ledger": known, "suggestions": (*before.values(), *after)}
        snapshot = living(replace(material, **given), NOW)
        return machine_use(snapshot).cards[0].id, aside_use(snapshot).now, set(waiting) & snapshot.flagged

    assert told(1) == (later.id, 0, set(waiting))
    assert told(2) == (former.id, len(waiting) - 1, set())


def test_the_flow_counts_it_as_not_screened_yet(material, changes, waiting):
    """The box of what is not screened keeps its number; how many of it are set aside stands inside."""
    snapshot = living(replace(material, **changes), NOW)
    box = next(
        leaf
        for step in steps(snapshot.flow, set_aside=aside_use(snapshot).now)
        for leaf in step.leaves
        if leaf.id == "awaiting_screening"
    )
    assert (box.n, box.detail) == (
        living(material, NOW).flow.awaiting_screening,
        (("of these set aside, out of the queue of people", len(waiting) - 1),),
    )


def test_an_audit_that_finds_what_was_missed_is_told(material, changes, waiting):
    """Readers are told that the promise was withdrawn, and nothing is set aside any more."""
    ledger = changes["ledger"]
    votes = _votes(waiting[0], Verdict.INCLUDE)
    snapshot = living(
        replace(material, **{**changes, "ledger": replace(ledger, decisions=(*ledger.decisions, *votes))}),
        NOW,
    )
    found = aside_use(snapshot)
    assert found.now == 0
    assert "is withdrawn" in found.withdrawn
    assert "1 is read and 1 of them relevant" in found.audit


def test_a_review_that_sets_nothing_aside_says_nothing_of_it(put, tmp_path):
    """Without setting aside and drift the section is not there."""
    put(tmp_path)
    page = (tmp_path / PAGE).read_text()
    assert 'id="set-aside"' not in page
    assert "set aside at present" not in page
    assert "were new and went to people." in page
