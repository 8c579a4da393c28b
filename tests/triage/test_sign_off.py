"""The signature, and what stands in its way."""

from dataclasses import replace

import pytest

from review.decision import ImportedDecision, Stage, Verdict
from review.edition import Edition, Notice, UpdateDecision, UpdateVerdict
from review.ids import EditionId, StudyId
from review.prisma import PrismaMismatchError
from review.result import Coefficient, ModeratorResult, Signal, SmallStudyResult
from tests.triage.world import START, decision, include, report, synthesis
from triage import candidates


@pytest.fixture
def candidate(store):
    """A pool of two included studies waits for a signature."""
    include(store, 1, "Alpha 2024")
    include(store, 2, "Beta 2024")
    store.add_synthesis(synthesis("Alpha 2024", "Beta 2024"))


@pytest.fixture
def published(candidate, store):
    """The first edition shows that pool."""
    word = UpdateDecision(
        verdict=UpdateVerdict.PUBLISH, reason="First.", signer="lena", at=START, syntheses=("d1",)
    )
    store.sign(word)
    store.add_edition(
        Edition(
            id=EditionId("1.0.0"), number=1, at=START, syntheses=("d1",), decision=word, protocol_version=1
        )
    )


def _sign(person, **values):
    return person.send(
        person.form("/sign-off", "/sign-off"), **{"verdict": "publish", "reason": "Agreed.", **values}
    )


def test_a_signature_names_signer_reason_and_digests(candidate, store, sign_in):
    """What is signed is what was looked at, and the outbox knows."""
    assert _sign(sign_in("lena")).status_code == 303
    said = store.ledger().update_decisions[-1]
    assert (said.verdict, said.signer, said.reason, said.syntheses) == (
        UpdateVerdict.PUBLISH,
        "lena",
        "Agreed.",
        ("d1",),
    )
    assert [row.topic for row in store.pending_outbox("publication")] == ["publication"]


def test_a_signature_needs_a_reason(candidate, store, sign_in):
    """Without a sentence nothing is signed."""
    assert _sign(sign_in("lena"), reason="").status_code == 422
    assert store.ledger().update_decisions == ()


def test_a_signature_on_an_older_candidate_is_refused(candidate, store, sign_in):
    """A pool that changed while the page was open must be looked at again."""
    lena = sign_in("lena")
    form = lena.form("/sign-off", "/sign-off")
    store.add_synthesis(synthesis("Alpha 2024", "Beta 2024", digest="d2", estimate=0.4))
    assert lena.send(form, verdict="publish", reason="Agreed.").status_code == 409
    assert store.ledger().update_decisions == ()


def test_nothing_is_published_over_an_open_conflict(candidate, store, sign_in):
    """A contested report of a pooled study stops an edition, and the page says which."""
    contested = ImportedDecision(
        report=report(3), stage=Stage.FULL_TEXT, verdict=Verdict.INCLUDE, at=START,
        source="Another review", study=StudyId("Beta 2024"), contested="Is it condition Y?",
    )  # fmt: skip
    store.import_decisions([contested])
    answer = _sign(sign_in("lena"))
    assert (answer.status_code, store.ledger().update_decisions) == (409, ())
    assert "Beta 2024: report files:003 is in conflict" in answer.text


def test_holding_is_allowed_over_an_open_conflict(candidate, store, sign_in):
    """The guards hold editions back, not the word that says wait."""
    store.add_notice(Notice(report=report(1), kind="retraction", text="Made up.", at=START))
    assert _sign(sign_in("lena"), verdict="hold").status_code == 303


def test_nothing_is_published_over_a_retraction(candidate, store, sign_in):
    """A retraction notice on a pooled study waits for a person."""
    store.add_notice(Notice(report=report(1), kind="retraction", text="Made up.", at=START))
    answer = _sign(sign_in("lena"))
    assert (answer.status_code, "retraction notice" in answer.text) == (409, True)


def test_nothing_is_published_of_a_study_that_left(candidate, store, sign_in):
    """A pool with a study that is no longer included is out of date."""
    store.decide(decision(1, "ada", Verdict.WITHDRAWN, Stage.FULL_TEXT))
    answer = _sign(sign_in("lena"))
    assert (answer.status_code, "no longer included" in answer.text) == (409, True)


def test_nothing_is_published_while_the_numbers_do_not_add_up(candidate, sign_in, monkeypatch):
    """A PRISMA mismatch is a reason of its own."""

    def mismatch(*_):
        raise PrismaMismatchError("PRISMA: 3 records identified; expected 4")

    monkeypatch.setattr(candidates, "prisma_flow", mismatch)
    answer = _sign(sign_in("lena"))
    assert (answer.status_code, "3 records identified" in answer.text) == (409, True)


def test_the_page_shows_what_changed_since_the_last_edition(published, store, sign_in):
    """A candidate stands beside the edition it would replace."""
    store.add_synthesis(synthesis("Alpha 2024", digest="d2", estimate=0.5))
    page = sign_in("rita").open("/sign-off").text
    assert all(
        text in page
        for text in ("Beta 2024: result withdrawn", "Edition 1.0.0", "0.300", "0.500", "not computable")
    )


def test_the_steps_stand_with_their_kind_and_their_total(published, store, sign_in):
    """Each step names its kind and what it did; kinds are summed up, and so is everything."""
    store.add_synthesis(synthesis("Alpha 2024", digest="d2", estimate=0.5))
    page = sign_in("rita").open("/sign-off").text
    assert "<td>eligibility</td>" in page
    assert "In all: +0.200" in page


def test_signals_say_whether_they_fired(candidate, store, sign_in):
    """A signal is fired, not fired or not computable, each with its source."""
    fired = Signal(name="A loud signal", fired=True, detail="It rang.", source="Somewhere 2020")
    quiet = Signal(name="A quiet signal", fired=False, detail="It did not.", source="Somewhere 2021")
    store.add_synthesis(replace(synthesis("Alpha 2024", digest="d3"), signals=(fired, quiet)))
    page = sign_in("rita").open("/sign-off").text
    assert all(
        text in page
        for text in (
            "A loud signal: fired.",
            "A quiet signal: not fired.",
            "Somewhere 2020",
            "Somewhere 2021",
        )
    )


def test_moderators_and_small_study_looks_are_before_the_signature(candidate, store, sign_in):
    """Who signs sees the slope of each moderator and each look at small-study effects, with its note."""
    slope = Coefficient(name="dose", estimate=0.0123, se=0.01, ci_lb=-0.01, ci_ub=0.03, pval=0.2)
    found = ModeratorResult(name="dose", k=2, coefficients=(slope,), note="A made-up note.")
    look = SmallStudyResult(name="egger", note="Not made: 2 studies.")
    one = synthesis("Alpha 2024", "Beta 2024", digest="d4")
    store.add_synthesis(replace(one, moderators=(found,), small_study=(look,)))
    page = sign_in("rita").open("/sign-off").text
    assert all(text in page for text in ("0.0123", "A made-up note.", "Not made: 2 studies."))


def test_another_measure_is_told_and_not_compared(published, store, sign_in):
    """After the measure was amended the page does not call every study corrected."""
    store.add_synthesis(replace(synthesis("Alpha 2024", "Beta 2024", digest="d2"), measure="RR"))
    page = sign_in("rita").open("/sign-off").text
    assert ("changed from SMD to RR" in page, "corrected" in page) == (True, False)


def test_nothing_new_leaves_no_candidate(candidate, store, sign_in):
    """Once the lead said that the conclusions stand, the page asks no more."""
    lena = sign_in("lena")
    _sign(lena, verdict="nothing new")
    assert "Candidates to sign: 0" in lena.open("/sign-off").text


def test_a_withdrawal_is_shown_and_signed(published, store, sign_in):
    """Published numbers that no included study is left of wait for a signature of their own."""
    for number in (1, 2):
        store.decide(decision(number, "ada", Verdict.WITHDRAWN, Stage.FULL_TEXT))
    lena = sign_in("lena")
    assert "no included study has a result any more" in lena.open("/sign-off").text
    assert _sign(lena).status_code == 303
    assert store.ledger().update_decisions[-1].syntheses == ()
