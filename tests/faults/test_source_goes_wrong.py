"""RELIABILITY R1 to R10 through a whole search: complete, or its days stay open and are made good later."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from review.searching import RunStatus
from search.standin.faults import HANGING, Fault, FaultKind
from search.standin.server import StandIn
from tests.faults.conftest import NOW, TRIALS, trials

SLOW = HANGING | {FaultKind.DRIP, FaultKind.DRIP_HEAD}
QUICK = sorted(frozenset(FaultKind) - SLOW)
SERVER = (FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY, FaultKind.UNAVAILABLE, FaultKind.GATEWAY_TIMEOUT)
WHOLE = {FaultKind.OLD, FaultKind.REPEATED, FaultKind.REORDERED, FaultKind.INTRUDED, FaultKind.FUTURE_DTD}
"""Strange, and yet everything that was asked for."""


def search_and_search_again(review, *faults):
    """Search with faults and, the next day, without."""
    first = review.search(*faults)
    accounted = review.accounts_for(first)
    second = review.search(now=NOW + timedelta(days=1))
    return first, accounted, second


@pytest.mark.parametrize(("kind", "route"), list(product(QUICK, ("esearch", "efetch"))))
def test_what_goes_wrong_for_good_leaves_a_gap(review, kind, route):
    """Whatever goes wrong with every answer, the run accounts for its days, and a later one finds all."""
    _, accounted, second = search_and_search_again(review, Fault(route, kind, times=99))
    assert accounted
    assert (second.status, review.lacks(), review.store.open_gaps()) == (RunStatus.COMPLETE, set(), ())


@pytest.mark.parametrize(("kind", "route"), list(product(QUICK, ("esearch", "efetch"))))
def test_what_goes_wrong_once_is_accounted_for(review, kind, route):
    """One fault at any step is survived, or leaves the days open."""
    first, accounted, _ = search_and_search_again(review, Fault(route, kind))
    refusing = {FaultKind.REDIRECT, FaultKind.DELETED, FaultKind.MERGED}
    assert accounted
    assert first.status is RunStatus.COMPLETE or kind in refusing


@pytest.mark.parametrize(("kind", "route"), list(product(sorted(SLOW), ("esearch", "efetch"))))
def test_slowness_ends(hasty_review, kind, route):
    """R8: an answer that drips or stalls, in head or body, is given up in time and made good later."""
    review = hasty_review(0.9)
    _, accounted, _ = search_and_search_again(review, Fault(route, kind, times=99, pause=0.05))
    review.deadline = 60.0
    third = review.search(now=NOW + timedelta(days=2))
    assert accounted
    assert (third.status, review.lacks()) == (RunStatus.COMPLETE, set())


def test_retry_after_is_waited_for(review):
    """R1: a 429 that asks for 7 seconds is given them."""
    run = review.search(Fault("esearch", FaultKind.RATE_LIMITED, times=2, retry_after="7"))
    assert (run.status, review.clock.slept) == (RunStatus.COMPLETE, [7.0, 7.0])


def test_retry_after_a_day_is_not(review):
    """R2: a 429 that asks for a day is given a minute."""
    run = review.search(Fault("esearch", FaultKind.RATE_LIMITED, retry_after="86400"))
    assert (run.status, review.clock.slept) == (RunStatus.COMPLETE, [60.0])


@pytest.mark.parametrize("kind", SERVER)
def test_two_server_errors_are_survived(review, kind):
    """R3: twice 5xx, then the answer."""
    run = review.search(Fault("efetch", kind, times=2))
    assert (run.status, len(review.clock.slept)) == (RunStatus.COMPLETE, 2)


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:{port}/entrez/eutils/", "http://nowhere.invalid/eutils/"]
)
def test_no_connection_is_one_failed_run_and_its_gap(review, where):
    """R4: a closed door or an unknown host leaves a failed run, its gap and nothing else."""
    with StandIn([]) as gone:
        port = gone.url.split(":")[2].split("/")[0]
    run = review.search_at(where.format(port=port))
    ledger = review.store.ledger()
    assert (run.status, len(ledger.runs), len(ledger.gaps)) == (RunStatus.FAILED, 1, 1)
    assert (review.lacks(), review.store.cursor("pubmed")) == ({one.pmid for one in TRIALS}, None)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.SHORT])
def test_a_body_cut_anywhere_is_noticed(review, kind, share):
    """R5, R6: wherever the body breaks off, announced or not, it is asked for again."""
    run = review.search(Fault("esearch", kind, share=share), Fault("efetch", kind, share=share))
    assert (run.status, review.lacks(), len(review.clock.slept)) == (RunStatus.COMPLETE, set(), 2)


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_strange_answers_that_are_whole_are_taken(review, kind):
    """R6, R9: old HTTP, pages out of order, records twice or unasked, and a future DTD cost no try."""
    run = review.search(Fault("efetch", kind, times=99))
    assert (run.status, review.lacks(), review.clock.slept) == (RunStatus.COMPLETE, set(), [])


@pytest.mark.parametrize("kind", [FaultKind.OMITTED, FaultKind.NO_RECORDS])
def test_a_mismatch_of_esearch_and_efetch_is_partial(review, kind):
    """R9: records that are counted and never delivered are named, each with the reason."""
    run = review.search(Fault("efetch", kind, times=99))
    assert {pmid for pmid, _ in run.missing} == review.lacks() != set()
    assert {reason for _, reason in run.missing} == {"PubMed returned no record for it, asked twice"}


def test_a_page_that_repeats_one_record_is_completed(review):
    """R9: where one record stands in the place of another, the other is asked for alone."""
    run = review.search(Fault("efetch", FaultKind.DUPLICATED, times=99))
    asked = [form["id"].count(",") + 1 for route, form in review.asked if route == "efetch"]
    assert (run.status, review.lacks(), asked) == (RunStatus.COMPLETE, set(), [6, 1])


@pytest.mark.parametrize(
    ("kind", "reason"), [(FaultKind.DELETED, "deleted"), (FaultKind.MERGED, "999999999 in its place")]
)
def test_merged_and_deleted_pmids_are_named(review, kind, reason):
    """R9: a PMID that was merged or deleted is missing for that reason."""
    run = review.search(Fault("efetch", kind, times=99))
    assert reason in run.missing[0][1]


def test_what_is_deleted_leaves_no_gap_for_ever(review):
    """R9: a record that two runs are told is deleted is accounted for: nobody will ever deliver it."""
    deleted = Fault("efetch", FaultKind.DELETED, times=99)
    first = review.search(deleted)
    second = review.search(deleted, now=NOW + timedelta(days=1))
    assert (first.status, second.status, review.store.open_gaps()) == (
        RunStatus.PARTIAL,
        RunStatus.COMPLETE,
        (),
    )


def test_what_two_runs_were_told_is_gone_is_named(review):
    """R9: a record that is not waited for any more stands in the message of the run that gave it up."""
    deleted = Fault("efetch", FaultKind.DELETED, times=99)
    review.search(deleted)
    second = review.search(deleted, now=NOW + timedelta(days=1))
    assert f"PMID {second.missing[0][0]}: PubMed has deleted it" in second.message


def test_two_runs_must_be_told_the_same(review):
    """R9: that a record was left out once, for no reason, is not the first of two words of deletion."""
    runs = [
        review.search(Fault("efetch", kind, times=99), now=NOW + timedelta(days=day), records=TRIALS[:1])
        for day, kind in enumerate((FaultKind.OMITTED, FaultKind.DELETED, FaultKind.DELETED))
    ]
    assert [run.status for run in runs] == [RunStatus.PARTIAL, RunStatus.PARTIAL, RunStatus.COMPLETE]


def test_the_record_that_others_were_merged_into_is_fetched(review):
    """R9: where PubMed sends another record in the place of one, that one is taken in."""
    survivor = replace(TRIALS[0], accession="999999999", pmid="999999999", entered=date(1999, 1, 1))
    run = review.search(Fault("efetch", FaultKind.MERGED, times=2), records=[*TRIALS, survivor])
    assert (len(run.missing), review.lacks([survivor])) == (1, set())


def test_a_record_that_nobody_delivers_leaves_a_gap(review):
    """R9: where the record that took another's place is not delivered either, the days stay open."""
    run = review.search(Fault("efetch", FaultKind.MERGED, times=99))
    assert (run.status, len(review.store.open_gaps("pubmed"))) == (RunStatus.PARTIAL, 1)


def test_what_a_person_looked_at_leaves_no_gap(review):
    """A PMID that is never delivered is set aside by the protocol, and stays in the search log."""
    never = Fault("efetch", FaultKind.OMITTED, times=99)
    first = review.search(never)
    review.set_aside(pmid for pmid, _ in first.missing)
    second = review.search(never)
    assert (first.status, second.status, second.missing) == (
        RunStatus.PARTIAL,
        RunStatus.COMPLETE,
        first.missing,
    )


def test_an_empty_answer_is_complete(review):
    """R9: no record that matches is an answer, where PubMed counts none."""
    run = review.search(records=())
    assert (run.status, run.counts.retrieved) == (RunStatus.COMPLETE, 0)


def test_a_record_of_a_day_to_come_is_not_asked_for_yet(review):
    """R9: what is dated ahead is not in the window, and is found when its day has come."""
    ahead = replace(TRIALS[0], entered=NOW.date() + timedelta(days=3))
    review.search(records=[ahead], today=date(2030, 1, 1))
    before = review.lacks([ahead])
    review.search(records=[ahead], now=NOW + timedelta(days=3))
    assert (before, review.lacks([ahead])) == ({ahead.pmid}, set())


def test_a_redirect_is_not_followed(review):
    """R10: a redirect ends the run; it is neither followed nor asked for again."""
    run = review.search(Fault("esearch", FaultKind.REDIRECT, times=99))
    assert "not followed" in run.message
    assert [route for route, _ in review.asked] == ["esearch"]


def test_what_came_before_a_failure_is_kept(review):
    """A failure after the first batch leaves its 200 records committed; the next run asks for the rest."""
    many = trials(450)
    faults = [Fault("efetch", FaultKind.REPEATED), Fault("efetch", FaultKind.UNAVAILABLE, times=99)]
    first = review.search(*faults, records=many)
    kept = len(many) - len(review.lacks(many))
    second = review.search(records=many)
    asked = [len(form["id"].split(",")) for route, form in review.asked if route == "efetch"]
    assert (first.status, kept, second.status) == (RunStatus.PARTIAL, 200, RunStatus.COMPLETE)
    assert (asked, review.lacks(many)) == ([200, 50], set())
