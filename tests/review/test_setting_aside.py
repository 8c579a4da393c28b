"""Setting aside as a fold: what is out of the queue, what brings it back, and that nothing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.audit import AuditDraw, PutBack, QueueWord
from review.decision import Decision, Stage, Verdict
from review.ids import ModelId, RecordId, ReportId, Reviewer
from review.ledger import Ledger, Sighting
from review.link import DuplicateLink
from review.prisma import prisma_flow
from review.protocol import ClassifierPlan
from review.screened import screened_in_order
from review.screening import Status, settle
from review.setting_aside import (
    Line,
    falls_short,
    flagged_and_relevant,
    newly_below,
    promise_holds,
    promises,
    put_aside,
    strata,
)
from review.suggestion import InForce, Model

from .conftest import NOON, search_run

PLAN = ClassifierPlan(promise=0.9, set_aside=True, audit_per_cycle=2)
MODEL = Model(
    id=ModelId("m1"),
    at=NOON,
    seed=1,
    training_digest="",
    grades=(),
    metrics=(),
    promise="",
    promised=True,
    recall=0.9,
)
REPORTS = tuple(ReportId(f"pubmed:{number}") for number in range(6))
BELOW = REPORTS[1:]
LINES = {one: Line(MODEL.id, flagged=one == REPORTS[0]) for one in REPORTS}


def _vote(report, verdict, who="ada", stage=Stage.SCREENING):
    return Decision(
        report=report, stage=stage, verdict=verdict, reviewer=Reviewer(who), at=NOON, criteria_version=1
    )


def _both(report, verdict):
    return [_vote(report, verdict, who) for who in ("ada", "ben")]


def _ledger(*decisions, drawn=(BELOW[0],), **more):
    given = {
        "sightings": tuple(
            Sighting(record=RecordId(one), report=one, source="pubmed", at=NOON) for one in REPORTS
        ),
        "runs": (search_run(retrieved=len(REPORTS), queued=len(REPORTS)),),
        "models": (MODEL,),
        "audit_draws": (AuditDraw(id="d1", model=MODEL.id, at=NOON, set_aside=BELOW, drawn=tuple(drawn)),),
        "decisions": tuple(decisions),
    }
    return Ledger(**{**given, **more})


def _aside(ledger, protocol, lines=LINES, plan=PLAN, **more):
    return put_aside(ledger, settle(ledger, protocol), lines, plan, **more)


def test_all_below_but_the_drawn_is_set_aside(protocol):
    """What the draw took stays in the queue, the rest of its population leaves it."""
    assert _aside(_ledger(), protocol) == BELOW[1:]


def test_nothing_is_set_aside_before_its_draw_is_written(protocol):
    """Without a draw everything is in the queue, and waits to be drawn from."""
    ledger = _ledger(audit_draws=())
    assert _aside(ledger, protocol) == ()
    assert newly_below(ledger, settle(ledger, protocol), LINES, PLAN) == BELOW


def test_what_was_set_aside_once_is_not_drawn_from_again(protocol):
    """Each report belongs to one draw's population, also after it was put back."""
    ledger = _ledger()
    assert newly_below(ledger, settle(ledger, protocol), LINES, PLAN) == ()


NO_PROMISE = [
    {"models": ()},
    {"models": (replace(MODEL, promised=False),)},
    {"models": (replace(MODEL, promise_withdrawn="drift"),)},
    {"models": (MODEL, replace(MODEL, id=ModelId("m2"), promised=False))},
]


@pytest.mark.parametrize(("given", "asked"), [(0.8, 0.95), (None, 0.8)])
def test_a_line_that_promises_less_than_is_asked_sets_nothing_aside(protocol, given, asked):
    """Below a line for less, or for nobody knows what, everything is back until a line is drawn anew."""
    plan = replace(PLAN, promise=asked)
    ledger = _ledger(models=(replace(MODEL, recall=given),))
    assert _aside(ledger, protocol, plan=plan) == ()
    assert newly_below(replace(ledger, audit_draws=()), settle(ledger, protocol), LINES, plan) == ()
    assert f"the protocol asks {asked}" in falls_short(ledger, plan)
    anew = replace(MODEL, id=ModelId("m2"), recall=asked)
    later = replace(ledger, models=(*ledger.models, anew))
    lines = {**LINES, BELOW[1]: Line(anew.id, flagged=False)}
    assert _aside(later, protocol, lines, plan) == (BELOW[1],)
    assert falls_short(later, plan) == ""


def test_a_line_that_promises_more_than_is_asked_stays(protocol):
    """Lowered, the promise asked for is kept by a line that was drawn for more."""
    plan = replace(PLAN, promise=0.8)
    assert _aside(_ledger(), protocol, plan=plan) == BELOW[1:]
    assert falls_short(_ledger(), plan) == ""


@pytest.mark.parametrize("models", NO_PROMISE)
def test_without_a_promise_nothing_is_set_aside(protocol, models):
    """A line that is a reading aid, or whose promise was withdrawn, now or later, hides nothing."""
    ledger = _ledger(**models)
    assert _aside(ledger, protocol) == ()
    assert newly_below(replace(ledger, audit_draws=()), settle(ledger, protocol), LINES, PLAN) == ()


def test_a_model_of_before_promises_again(protocol):
    """In force again, a model's promise counts, not that of the one trained after it."""
    later = replace(MODEL, id=ModelId("m2"), promised=False)
    rows = [InForce(model=one, at=NOON) for one in (MODEL.id, later.id, MODEL.id)]
    asides = [_aside(_ledger(models=(MODEL, later), in_force=tuple(rows[:n])), protocol) for n in (1, 2, 3)]
    assert asides == [BELOW[1:], (), BELOW[1:]]


def test_a_withdrawn_promise_brings_everything_back(protocol):
    """Whatever withdrew it since the training."""
    assert _aside(_ledger(), protocol, withdrawn="the audit found one") == ()


def test_a_protocol_that_sets_nothing_aside_brings_everything_back(protocol):
    """Turned off, it is off for what was set aside before too."""
    assert _aside(_ledger(), protocol, plan=replace(PLAN, set_aside=False)) == ()


def test_a_later_flag_brings_a_report_back(protocol):
    """The latest suggestion counts."""
    later = {**LINES, BELOW[1]: Line(MODEL.id, flagged=True)}
    assert BELOW[1] not in _aside(_ledger(), protocol, later)


def test_people_bring_a_report_back(protocol):
    """A word puts it back, the undo sets it aside again, and any vote keeps it in the queue."""
    word = PutBack(report=BELOW[1], word=QueueWord.BACK, by=Reviewer("ada"), at=NOON)
    again = replace(word, word=QueueWord.ASIDE)
    assert BELOW[1] not in _aside(_ledger(put_back=(word,)), protocol)
    assert BELOW[1] in _aside(_ledger(put_back=(word, again)), protocol)
    votes = [_vote(BELOW[1], Verdict.INCLUDE), _vote(BELOW[1], Verdict.WITHDRAWN)]
    assert BELOW[1] not in _aside(_ledger(*votes, put_back=(word, again)), protocol)


def test_only_settled_votes_make_the_sample(protocol):
    """One vote of two, or a conflict, is not read; excluded is read; what went on is relevant."""
    drawn = BELOW[:4]
    votes = [
        _vote(drawn[0], Verdict.EXCLUDE),
        _vote(drawn[1], Verdict.EXCLUDE),
        _vote(drawn[1], Verdict.INCLUDE, "ben"),
        *_both(drawn[2], Verdict.EXCLUDE),
        *_both(drawn[3], Verdict.MAYBE),
    ]
    ledger = _ledger(*votes, drawn=drawn)
    (known,) = strata(ledger, settle(ledger, protocol), LINES)
    assert (known.of, known.drawn, known.read, known.relevant, known.found) == (5, 4, 2, 1, 1)


def test_a_full_text_that_excludes_makes_irrelevant(protocol):
    """The final status counts: read in full and excluded is not relevant any more."""
    both = [_vote(BELOW[0], Verdict.EXCLUDE, who, Stage.FULL_TEXT) for who in ("ada", "ben")]
    ledger = _ledger(*_both(BELOW[0], Verdict.INCLUDE), *both)
    (known,) = strata(ledger, settle(ledger, protocol), LINES)
    assert (known.read, known.relevant) == (1, 0)


def _one(record, report):
    return DuplicateLink(record=RecordId(record), report=report, rule="people", at=NOON, by=Reviewer("lead"))


def test_one_document_counts_once_in_the_audit(protocol):
    """Two reports of one draw that turn out to be one document are one of those set aside, drawn and read."""
    ledger = _ledger(
        *_both(BELOW[0], Verdict.INCLUDE), drawn=BELOW[:2], duplicates=(_one(BELOW[1], BELOW[0]),)
    )
    (known,) = strata(ledger, settle(ledger, protocol), LINES)
    assert (known.of, known.drawn, known.read, known.relevant, known.found) == (4, 1, 1, 1, 1)


def test_one_document_belongs_to_one_draw(protocol):
    """Where two draws held reports that turn out to be one document, the first of them keeps it."""
    draws = [
        AuditDraw(id="d1", model=MODEL.id, at=NOON, set_aside=BELOW[:3], drawn=BELOW[:1]),
        AuditDraw(id="d2", model=MODEL.id, at=NOON, set_aside=BELOW[3:], drawn=BELOW[3:4]),
    ]
    ledger = _ledger(
        *_both(BELOW[0], Verdict.INCLUDE),
        audit_draws=tuple(draws),
        duplicates=(_one(BELOW[3], BELOW[0]),),
    )
    first, second = strata(ledger, settle(ledger, protocol), LINES)
    assert (first.of, first.read, first.relevant, first.found) == (3, 1, 1, 1)
    assert (second.of, second.drawn, second.read, second.found) == (1, 0, 0, 0)


def test_joined_with_what_was_flagged_a_report_is_back(protocol):
    """A flagged report does not leave the queue because it is the same document as one set aside."""
    ledger = _ledger(duplicates=(_one(REPORTS[0], BELOW[1]),))
    assert BELOW[1] not in _aside(ledger, protocol)


@pytest.mark.parametrize(("one", "other"), [(REPORTS[0], BELOW[0]), (BELOW[0], REPORTS[0])])
def test_a_document_that_was_flagged_is_not_missed(protocol, one, other):
    """Set aside under one name, flagged and included under another: flagged, and in no draw's population."""
    ledger = _ledger(*_both(REPORTS[0], Verdict.INCLUDE), duplicates=(_one(one, other),))
    settled = settle(ledger, protocol)
    (known,) = strata(ledger, settled, LINES)
    assert (known.of, known.drawn, known.found) == (4, 0, 0)
    assert flagged_and_relevant(ledger, settled, LINES) == 1


def test_what_was_missed_stays_missed_when_it_is_flagged_later(protocol):
    """A later line over a report that was set aside does not undo that it was missed."""
    ledger = _ledger(*_both(BELOW[0], Verdict.INCLUDE))
    lines = {**LINES, BELOW[0]: Line(MODEL.id, flagged=True)}
    settled = settle(ledger, protocol)
    assert (strata(ledger, settled, lines)[0].found, flagged_and_relevant(ledger, settled, lines)) == (1, 0)


def test_what_was_flagged_and_relevant_is_counted(protocol):
    """The flagged that went on are what the line did not miss; what was set aside is not among them."""
    ledger = _ledger(*_both(REPORTS[0], Verdict.INCLUDE), *_both(BELOW[0], Verdict.INCLUDE))
    assert flagged_and_relevant(ledger, settle(ledger, protocol), LINES) == 1


def test_screening_is_told_in_the_order_of_the_last_votes(protocol):
    """A report counts when its last vote came; what waits is unread, set aside or not."""
    first, second = REPORTS[:2]
    ledger = _ledger(
        _vote(first, Verdict.INCLUDE), *_both(second, Verdict.EXCLUDE), _vote(first, Verdict.INCLUDE, "ben")
    )
    found = screened_in_order(ledger, settle(ledger, protocol))
    assert (found.reports, found.relevant) == ((second, first), (False, True))
    assert (len(found.unread), found.total) == (4, 6)


def test_a_promise_needs_both_words():
    """Promised, and not withdrawn."""
    assert promise_holds(MODEL)
    assert not promise_holds(replace(MODEL, promise_withdrawn="time"))
    assert promises(MODEL, 0.9)
    assert not promises(replace(MODEL, promised=False), 0.9)


votes = st.builds(
    _vote,
    st.sampled_from(REPORTS),
    st.sampled_from([Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE, Verdict.WITHDRAWN]),
    st.sampled_from(["ada", "ben"]),
)
words = st.builds(
    PutBack,
    report=st.sampled_from(REPORTS),
    word=st.sampled_from(QueueWord),
    by=st.just(Reviewer("ada")),
    at=st.just(NOON),
)


@given(
    st.lists(votes, max_size=10),
    st.lists(words, max_size=4),
    st.sets(st.sampled_from(BELOW), max_size=3),
    st.dictionaries(st.sampled_from(REPORTS), st.booleans()),
    st.booleans(),
)
def test_nothing_is_lost_whatever_happens(protocol, cast, said, drawn, flags, withdrawn):
    """What waits unread is in the queue or set aside, never both; PRISMA counts all of it as awaiting."""
    ledger = _ledger(*cast, drawn=sorted(drawn), put_back=tuple(said))
    settlements = settle(ledger, protocol)
    lines = {**LINES, **{one: Line(MODEL.id, flagged) for one, flagged in flags.items()}}
    aside = set(put_aside(ledger, settlements, lines, PLAN, withdrawn="why" if withdrawn else ""))
    waits = {one for one, found in settlements.items() if found.status is Status.AWAITING_SCREENING}
    assert aside <= waits - drawn - {one.report for one in cast}
    flow = prisma_flow(ledger, settlements)
    second = sum(found.status is Status.AWAITING_SECOND_VOTE for found in settlements.values())
    assert flow.awaiting_screening == len(waits) + second
    assert not (withdrawn and aside)
