"""What models said before anybody decided, and what that says of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.evaluation.history import Fate, History, Ranked, look_back
from classifier.evaluation.judged import Judged, judge
from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.ids import ModelId, RecordId, ReportId, Reviewer
from review.ledger import Ledger, Sighting
from review.link import DuplicateLink
from review.screening import Settlement, Status
from review.suggestion import InForce, Suggestion

A = ReportId("pubmed:1")
DAY = datetime(2020, 1, 10, tzinfo=UTC)


def _said(day: int, rank: int = 1, model: str = "m") -> Suggestion:
    at = DAY + timedelta(days=day)
    return Suggestion(
        report=A, model=ModelId(f"{model}{day}"), score=0.5, rank=rank, of=10, flagged=True, at=at
    )


def _vote(day: int = 0, verdict: Verdict = Verdict.INCLUDE) -> Decision:
    return Decision(
        report=A,
        stage=Stage.SCREENING,
        verdict=verdict,
        reviewer=Reviewer("ada"),
        at=DAY + timedelta(days=day),
        criteria_version=1,
    )


def _imported(day: int = 0) -> ImportedDecision:
    return ImportedDecision(
        report=A,
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE,
        source="Somebody 2020",
        at=DAY + timedelta(days=day),
    )


def _look(
    said: list[Suggestion],
    *words: Decision | ImportedDecision,
    status: Status = Status.INCLUDED,
    in_force: tuple[InForce, ...] = (),
) -> History:
    ledger = Ledger(
        sightings=(Sighting(record=RecordId(A), report=A, source="pubmed", at=DAY),),
        decisions=tuple(word for word in words if isinstance(word, Decision)),
        imported_decisions=tuple(word for word in words if isinstance(word, ImportedDecision)),
        in_force=in_force,
    )
    return look_back(said, ledger, {A: Settlement(report=A, status=status)})


def test_the_last_suggestion_before_the_decision_counts() -> None:
    """Of three models the second one spoke last before the vote; the order of reading does not matter."""
    found = _look([_said(2), _said(-1, rank=4), _said(-3)], _vote())
    assert [(one.model, one.rank, one.of, one.fate) for one in found.ranked] == [
        ("m-1", 4, 10, Fate.INCLUDED)
    ]
    assert found.ranked[0].decided == DAY
    assert found.too_late == 0


def test_the_model_in_force_at_the_decision_counts() -> None:
    """A model of before that was in force again when somebody voted counts, though another spoke after it."""
    rows = [InForce(model=ModelId(f"m{day}"), at=DAY + timedelta(days=at)) for day, at in _PUT]
    found = {n: _look([_said(-3), _said(-2)], _vote(), in_force=tuple(rows[:n])) for n in range(5)}
    assert [found[n].ranked[0].model for n in range(5)] == ["m-2", "m-3", "m-2", "m-3", "m-3"]


_PUT = ((-3, -3), (-2, -2), (-3, -1), (-2, 1))
"""Model by day of training, and the day on which it was put in force."""


def test_a_suggestion_after_the_decision_is_no_test() -> None:
    """A report that was ranked only after somebody had spoken is left out, and counted."""
    found = _look([_said(1)], _vote())
    assert (found.ranked, found.too_late, found.never_ranked) == ((), 1, 0)


def test_a_vote_at_the_moment_of_the_ranking_came_before_it() -> None:
    """As far as anyone can tell the model may have known the vote."""
    assert _look([_said(0)], _vote()).too_late == 1


def test_an_import_at_the_moment_of_the_ranking_came_after_it() -> None:
    """What an import had settled would not have been ranked: a replayed year happens at one noon."""
    assert len(_look([_said(0)], _imported()).ranked) == 1


def test_a_withdrawn_vote_was_a_word_too() -> None:
    """Whoever has looked at a report has seen it: what is suggested afterwards is no test."""
    found = _look([_said(1)], _vote(0, Verdict.WITHDRAWN), status=Status.AWAITING_SCREENING)
    assert found.too_late == 1


def test_a_decided_report_that_no_model_ranked_is_counted() -> None:
    """The published review's own reports were never ranked."""
    assert _look([], _imported()).never_ranked == 1


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (Status.SIBLING, Fate.INCLUDED),
        (Status.EXCLUDED, Fate.NOT_INCLUDED),
        (Status.EXCLUDED_AT_SCREENING, Fate.NOT_INCLUDED),
        (Status.AWAITING_SCREENING, Fate.UNDECIDED),
        (Status.AWAITING_FULL_TEXT, Fate.UNDECIDED),
        (Status.FULL_TEXT_CONFLICT, Fate.UNDECIDED),
        (Status.ONGOING, Fate.UNDECIDED),
    ],
)
def test_what_waits_is_undecided(status: Status, fate: Fate) -> None:
    """Only what was settled as in or out has a fate."""
    assert _look([_said(-1)], _vote(), status=status).ranked[0].fate is fate


def test_a_report_that_became_another_is_one_report() -> None:
    """A suggestion made under a former name speaks of the report that this name means now."""
    other = ReportId("files:9")
    sightings = tuple(
        Sighting(record=RecordId(one), report=one, source="x", at=DAY - timedelta(days=5))
        for one in (A, other)
    )
    link = DuplicateLink(record=RecordId(other), report=A, rule="by hand", at=DAY)
    ledger = Ledger(sightings=sightings, duplicates=(link,))
    settled = {A: Settlement(report=A, status=Status.INCLUDED)}
    found = look_back([replace(_said(-1), report=other)], ledger, settled)
    assert [one.report for one in found.ranked] == [A]


def _ranked(rank: int, fate: Fate, *, of: int = 10, flagged: bool = True, p: float | None = None) -> Ranked:
    return Ranked(
        report=ReportId(f"r{rank}"),
        model=ModelId("m"),
        rank=rank,
        of=of,
        flagged=flagged,
        at=DAY,
        fate=fate,
        probability=p,
    )


YES, NO, OPEN = Fate.INCLUDED, Fate.NOT_INCLUDED, Fate.UNDECIDED


def _list(*fates: Fate, flagged: int = 5, chances: bool = False) -> list[Ranked]:
    return [
        _ranked(
            rank, fate, of=len(fates), flagged=rank <= flagged, p=1 - rank / len(fates) if chances else None
        )
        for rank, fate in enumerate(fates, start=1)
    ]


def _values(judged: Judged) -> dict[str, float]:
    return {one.name: one.value for one in (*judged.standing, *judged.among_decided)}


def test_a_worked_example() -> None:
    """Included at ranks 1 and 6 of ten, five flagged: half was flagged, and six tenths had to be read."""
    judged = judge(_list(YES, NO, NO, OPEN, OPEN, YES, NO, NO, NO, OPEN), seed=1)
    values = _values(judged)
    assert (judged.ranked, judged.included, judged.not_included, judged.undecided) == (10, 2, 5, 3)
    assert values["recall of the flagged"] == 0.5
    assert values["read to reach 100% of the included"] == 0.6
    assert values["mean place of the included"] == pytest.approx(0.35)
    assert values["included in the top 10%"] == 0.5
    # Among the seven decided they stand at ranks 1 and 4.
    assert values["AP"] == pytest.approx(0.75)
    assert values["WSS@95"] == pytest.approx(3 / 7 - 0.05)


@given(st.lists(st.sampled_from([YES, NO]), min_size=2, max_size=12), st.integers(0, 30))
def test_what_is_undecided_has_no_part_in_wss(fates: list[Fate], below: int) -> None:
    """Undecided reports below the rest change none of the measures that need to know what is irrelevant."""
    alone = judge(_list(*fates), seed=1)
    with_others = judge(_list(*fates, *[OPEN] * below), seed=1)
    assert [(one.name, one.value) for one in alone.among_decided] == [
        (one.name, one.value) for one in with_others.among_decided
    ]


def test_the_sentence_says_what_chance_would_have_done() -> None:
    """Five of ten are flagged and both included are among them: by chance with 10 in 45."""
    sentence = judge(_list(YES, YES, *[NO] * 8), seed=1).sentence
    assert "Of 2 reports that turned out to be included 2 had been flagged (100%," in sentence
    assert "drawn by chance catches as many with a probability of 22%" in sentence


def test_nothing_included_says_so() -> None:
    """No number stands where nothing was found; what was flagged can still be told."""
    judged = judge(_list(NO, NO, OPEN), seed=1)
    assert [one.name for one in judged.standing] == ["flagged share"]
    assert (judged.among_decided, judged.curve, judged.places) == ((), (), ())
    assert judged.cannot_say == ("cannot say what was found or missed: n included is 0",)
    assert "n included is 0" in judged.sentence


def test_nothing_excluded_says_so() -> None:
    """Where all that is decided is included, no measure that needs the irrelevant is told."""
    judged = judge(_list(YES, OPEN, OPEN, YES), seed=1)
    assert judged.among_decided == ()
    assert any("n decided and not included is 0" in line for line in judged.cannot_say)
    assert judged.curve


def test_few_included_are_an_anecdote() -> None:
    """Below five the sentence says so, and no bootstrap interval is given."""
    judged = judge(_list(YES, NO, OPEN), seed=1)
    assert "anecdote" in judged.sentence
    assert any("n included is 1" in line for line in judged.cannot_say)
    named = {one.name: one for one in judged.standing}
    assert named["mean place of the included"].low is None
    assert named["recall of the flagged"].low is not None


def test_probabilities_are_judged_where_all_have_one() -> None:
    """Brier, ECE and the reliability table come with probabilities, and are missed aloud without."""
    given_ = judge(_list(YES, YES, NO, YES, NO, YES, YES, NO, chances=True), seed=1)
    assert {"Brier", "ECE"} <= _values(given_).keys()
    assert given_.reliability
    without = judge(_list(YES, YES, NO, YES, NO, YES, YES, NO), seed=1)
    assert without.reliability == ()
    assert any("of 8 decided 0 had a probability" in line for line in without.cannot_say)


def test_probabilities_of_some_are_told_with_their_number() -> None:
    """Where early models had none, Brier and ECE rest on the later reports, and that is said."""
    rows = _list(YES, YES, NO, YES, NO, YES, YES, NO, chances=True)
    judged = judge([*rows[1:], replace(rows[0], probability=None)], seed=1)
    assert next(one.n for one in judged.among_decided if one.name == "Brier") == 7
    assert any("rest on 7 of 8 decided" in line for line in judged.cannot_say)


def test_a_maximum_has_no_interval() -> None:
    """How deep the last one stood is told as it was seen; of twenty or more, 95% has an interval."""
    few, many = (judge(_list(*[YES, NO] * n), seed=1) for n in (19, 20))
    last, most = "read to reach 100% of the included", "read to reach 95% of the included"
    for judged, there in ((few, False), (many, True)):
        named = {one.name: one for one in judged.standing}
        assert named[last].low is None
        assert (named[most].low is not None) == there


def test_nothing_ranked_cannot_be_judged() -> None:
    """An empty list is an error, not a table of noughts."""
    with pytest.raises(ValueError, match="found no ranked report"):
        judge([], seed=1)


@settings(max_examples=25)
@given(st.lists(st.sampled_from([YES, NO, OPEN]), min_size=1, max_size=30), st.randoms())
def test_the_order_of_the_rows_does_not_matter(fates: list[Fate], random: object) -> None:
    """A judgement is a function of the set of rows."""
    rows = _list(*fates)
    mixed = random.sample(rows, len(rows))  # type: ignore[attr-defined]  # a random.Random
    assert judge(rows, seed=1) == judge(mixed, seed=1)
