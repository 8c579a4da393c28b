"""The list of a year's flagged reports: best first, each with what was said and what had become of it."""

from dataclasses import replace

from flows.replay.listing import flagged_reports
from review.ids import ModelId, ReportId
from review.screening import Settlement, Status
from review.suggestion import Suggestion, TermWeight, TextSpan

from .conftest import NOW


def _said(name, score, place, *, flagged=True):
    return Suggestion(
        report=ReportId(name),
        model=ModelId("m"),
        score=score,
        rank=place,
        of=9,
        flagged=flagged,
        at=NOW,
        terms=(TermWeight("pain", 0.2, (TextSpan("abstract", 3, 7),)),),
    )


def _settled(*names, status=Status.AWAITING_SCREENING):
    return {ReportId(name): Settlement(report=ReportId(name), status=status) for name in names}


SAID = (_said("b", 0.5, 7), _said("a", 0.9, 2), _said("d", 0.1, 9, flagged=False), _said("c", 0.5, 8))


def test_the_likeliest_come_first_and_ties_share_a_place():
    """Of four new reports three are flagged; the two that tie share the rounded mean of places 2 and 3."""
    found = flagged_reports(SAID, _settled("a", "b", "c", "d"), {})
    assert [(one.suggestion.report, one.rank, one.of) for one in found] == [
        ("a", 1, 4),
        ("b", 3, 4),
        ("c", 3, 4),
    ]


def test_places_in_texts_are_not_kept():
    """Pages of a replay show no abstracts, so that nothing of where a term stood is needed."""
    found = flagged_reports(SAID, _settled("a", "b", "c", "d"), {})
    assert [one.suggestion.terms for one in found] == [(TermWeight("pain", 0.2),)] * 3


def test_each_says_what_became_of_it_and_which_trial_it_tells_of():
    """A report that an import included says so, and names the known later trial."""
    settled = _settled("a", status=Status.INCLUDED) | _settled("b", "c", "d")
    found = flagged_reports(SAID, settled, {ReportId("a"): "Buhrman 2015"})
    assert [(one.state, one.study) for one in found[:2]] == [
        ("included by an imported decision", "Buhrman 2015"),
        ("flagged and pending: nobody has decided", ""),
    ]


def test_a_year_that_flags_nothing_lists_nothing():
    """Without a flagged report the list is empty."""
    assert flagged_reports([replace(SAID[0], flagged=False)], _settled("b"), {}) == ()
