"""Clocks and badge say no more than was searched, pooled and signed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from review.clocks import Badge, candidates, clocks, current_syntheses, published_syntheses, withdrawn_keys
from review.decision import ImportedDecision, Stage, Verdict
from review.edition import Edition, UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey, EffectSize
from review.ids import EditionId, Reviewer, RunId, StudyId
from review.ledger import Ledger
from review.protocol_sources import FileSources, Search
from review.result import PooledNumbers, Synthesis
from review.screening import settle
from review.searching import RunStatus, SearchGap, SearchRun, Window

from .conftest import NOON, REPORT, a_run

TODAY = NOON.date()
KEY = AnalysisKey("usual", "pain", "post", "non-headache")
NUMBERS = PooledNumbers(
    k=1, estimate=0.1, se=0.1, ci_lb=-0.1, ci_ub=0.3, pval=0.3, tau2=0, i2=0, q=0, q_pval=1,
    method="REML", test="z",
)  # fmt: skip


def _run(source: str = "pubmed", status: RunStatus = RunStatus.COMPLETE, end: date = TODAY) -> SearchRun:
    return a_run(source, status, start=date(2013, 11, 13), end=end)


def _pooled(digest: str = "d1", **changes: object) -> Synthesis:
    made = Synthesis(
        key=KEY,
        digest=digest,
        at=NOON,
        measure="SMD",
        numbers=NUMBERS,
        rows=(EffectSize(study=StudyId("Study A"), yi=0.1, vi=0.01),),
        weights=(100.0,),
    )
    return replace(made, **changes)


def _word(verdict: UpdateVerdict, *digests: str, days: int = 0) -> UpdateDecision:
    at = NOON + timedelta(days=days)
    return UpdateDecision(verdict=verdict, reason="r", signer=Reviewer("a"), at=at, syntheses=digests)


def _edition(*digests: str) -> Edition:
    word = _word(UpdateVerdict.PUBLISH, *digests)
    return Edition(
        id=EditionId("1.0.0"), number=1, at=NOON, syntheses=digests, decision=word, protocol_version=1
    )


def _included() -> ImportedDecision:
    return ImportedDecision(
        report=REPORT,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE,
        source="a review",
        at=NOON,
        study=StudyId("Study A"),
    )


def _at_noon(ledger: Ledger, protocol):
    return clocks(ledger, settle(ledger, protocol), protocol, NOON)


def _without_pubmed(protocol):
    return replace(protocol, search=Search(files=FileSources(names=("CENTRAL", "Embase"))))


@pytest.mark.parametrize(
    ("verdict", "waits"), [(UpdateVerdict.NOTHING_NEW, False), (UpdateVerdict.HOLD, True)]
)
def test_nothing_new_ends_a_candidate_and_hold_does_not(verdict, waits):
    """A candidate that was found to change nothing waits no longer; one that is held does."""
    ledger = Ledger(syntheses=(_pooled(),), update_decisions=(_word(verdict, "d1"),))
    assert bool(candidates(ledger)) is waits


def test_a_result_that_comes_back_is_looked_at_again():
    """Nothing new was said of a result before it went away; when it is pooled again it waits again."""
    again = _pooled(at=NOON + timedelta(days=2))
    ledger = Ledger(
        syntheses=(_pooled(), _pooled("d2"), again),
        update_decisions=(_word(UpdateVerdict.NOTHING_NEW, "d1", days=1),),
    )
    assert candidates(ledger) == (again,)


def test_what_is_published_is_the_last_edition():
    """Each key has the result that the last edition names."""
    ledger = Ledger(syntheses=(_pooled(), _pooled("d2")), editions=(_edition("d1"),))
    assert published_syntheses(ledger) == {KEY: _pooled()}


def test_a_key_without_an_included_study_is_not_current(protocol, seen):
    """A published result whose studies all left is withdrawn, and no candidate."""
    ledger = seen(syntheses=(_pooled(), _pooled("d2")), editions=(_edition("d1"),))
    settled = settle(ledger, protocol)
    assert (current_syntheses(ledger, settled), candidates(ledger, settled)) == ({}, ())
    assert withdrawn_keys(ledger, settled) == (KEY,)


def test_a_key_with_an_included_study_is_current(protocol, seen):
    """As long as one of its studies is in, the last result of a key stands."""
    ledger = seen(syntheses=(_pooled(),), imported_decisions=(_included(),))
    assert current_syntheses(ledger, settle(ledger, protocol)) == {KEY: _pooled()}


def test_a_withdrawn_key_is_evidence_pending(protocol):
    """Numbers of no included study are never called current."""
    ledger = Ledger(syntheses=(_pooled(),), editions=(_edition("d1"),), runs=(_run(),))
    assert _at_noon(ledger, protocol).badge is Badge.EVIDENCE_PENDING


def test_a_file_without_a_day_leaves_the_badge(protocol):
    """An import of which nobody said up to which day it searched puts PubMed's search in no doubt."""
    ledger = Ledger(runs=(_run(), _run("CENTRAL", RunStatus.PARTIAL)))
    assert _at_noon(ledger, protocol).badge is Badge.CURRENT


def test_a_file_does_not_hide_a_suspect_search(protocol):
    """A good file after a suspect search of PubMed clears nothing."""
    ledger = Ledger(runs=(_run(status=RunStatus.SUSPECT), _run("CENTRAL")))
    assert _at_noon(ledger, protocol).badge is Badge.SUSPECT


def test_a_source_never_searched_has_no_day(protocol):
    """Without PubMed, one file source alone does not make the review fully searched."""
    found = _at_noon(Ledger(runs=(_run("CENTRAL"),)), _without_pubmed(protocol))
    assert (found.fully_searched_through, found.sources_behind) == (None, ("Embase",))


def test_a_file_without_a_day_moves_no_clock(protocol):
    """A source searched through an unknown day was searched through none."""
    runs = (_run("CENTRAL"), _run("Embase", RunStatus.PARTIAL))
    assert _at_noon(Ledger(runs=runs), _without_pubmed(protocol)).fully_searched_through is None


def test_the_oldest_of_all_sources_counts(protocol):
    """With every source searched, the review is searched through the earliest of their days."""
    runs = (_run("CENTRAL"), _run("Embase", end=date(2020, 1, 1)))
    assert _at_noon(Ledger(runs=runs), _without_pubmed(protocol)).fully_searched_through == date(2020, 1, 1)


def test_a_failed_first_search_does_not_precede_the_published_review(protocol):
    """A gap from the first day on leaves the clock where the published review set it."""
    since = protocol.search.pubmed.since
    gap = SearchGap(
        source="pubmed", window=Window(since, NOON.date()), opened_by=RunId("pubmed-0001"), reason="", at=NOON
    )
    ledger = Ledger(runs=(_run(status=RunStatus.FAILED),), gaps=(gap,))
    assert _at_noon(ledger, protocol).pubmed_through == since
