"""Drift: what is seen, what is too little to tell, and what withdraws a promise."""

import numpy as np
import pytest

from classifier.drift import (
    FEW,
    Outcomes,
    abstracts_check,
    flagged_check,
    recall_check,
    scores_check,
    words_check,
)
from review.drift import Level
from review.record import Record

WORDS = [f"word{number}" for number in range(300)]


def records(count: int, words: list[str], seed: int, *, abstract: bool = True) -> list[Record]:
    """Return records of random words."""
    dice = np.random.default_rng(seed)
    texts = [" ".join(dice.choice(words, 30)) for _ in range(count)]
    return [
        Record(source="files", accession=str(number), title=text[:40], abstract=text if abstract else "")
        for number, text in enumerate(texts)
    ]


def test_like_batches_are_fine_nearly_always() -> None:
    """Batches from one distribution give a reason to look in about one of a hundred, by chance."""
    dice = np.random.default_rng(1)
    looks = [scores_check(dice.random(60), dice.random(200)).level for _ in range(300)]
    assert looks.count(Level.LOOK) <= 9
    assert set(looks) <= {Level.FINE, Level.LOOK}


def test_scores_that_moved_are_seen() -> None:
    """A batch whose scores lie elsewhere is a reason to look, with both middle scores and p."""
    dice = np.random.default_rng(1)
    found = scores_check(dice.random(60) / 2, dice.random(200))
    assert found.level is Level.LOOK
    assert found.value < found.before
    assert found.p < 0.01


def test_a_significant_trifle_is_fine() -> None:
    """With very many records a difference that concerns few of them is no reason to look."""
    even = np.linspace(0, 1, 20_000)
    found = scores_check(even**1.1, even)
    assert found.p < 0.01
    assert found.level is Level.FINE


@pytest.mark.parametrize(("new", "before"), [(FEW - 1, 500), (500, FEW - 1), (0, 0)])
def test_too_few_is_an_answer(new: int, before: int) -> None:
    """With too few records on either side the answer is "too few to tell", with both numbers."""
    found = scores_check([0.5] * new, [0.1] * before)
    assert found.level is Level.TOO_FEW
    assert f"{new} new reports against {before}" in found.sentence


def test_records_of_one_kind_share_their_words() -> None:
    """Records that use the same vocabulary are as unknown to the model as its own are to each other."""
    assert words_check(records(50, WORDS, 1), records(200, WORDS, 2), 0.95).level is Level.FINE


def test_another_vocabulary_is_seen() -> None:
    """Where half of the words are new, that is a reason to look."""
    strange = WORDS[:100] + [f"strange{number}" for number in range(100)]
    found = words_check(records(50, strange, 1), records(200, WORDS, 2), 0.95)
    assert found.level is Level.LOOK
    assert found.value > found.before


def test_what_the_model_cannot_read_withdraws_the_promise() -> None:
    """More records without a known word than the promise may miss: it cannot hold for them."""
    script = ["\u0441\u043b\u043e\u0432\u043e" + chr(0x430 + number) for number in range(30)]
    batch = records(40, WORDS, 1) + records(10, script, 3)
    found = words_check(batch, records(200, WORDS, 2), 0.95)
    assert found.level is Level.WITHDRAWN
    assert "Without any word that the model knows: 10." in found.sentence


def test_missing_abstracts_are_seen() -> None:
    """Titles only, where abstracts were the rule, are a reason to look, with an exact interval."""
    batch = records(20, WORDS, 1) + records(20, WORDS, 2, abstract=False)
    found = abstracts_check(batch, records(200, WORDS, 3))
    assert found.level is Level.LOOK
    assert found.low < found.value == 0.5 < found.high


def test_flags_that_tell_nothing_are_seen() -> None:
    """Where the flagged are no richer in relevant reports than the rest, flagging tells nothing."""
    assert flagged_check(Outcomes(40, 10, 100, 5)).level is Level.FINE
    assert flagged_check(Outcomes(40, 2, 100, 5)).level is Level.LOOK
    assert flagged_check(Outcomes(5, 2, 100, 5)).level is Level.TOO_FEW


def test_where_nothing_is_relevant_flags_are_not_blamed() -> None:
    """None of the flagged and none of the rest: that is no sign of either."""
    assert flagged_check(Outcomes(40, 0, 100, 0)).level is Level.FINE


def test_a_recall_surely_below_the_promise_withdraws_it() -> None:
    """Misses that a kept promise explains in less than 5% withdraw it; fewer are a reason to look."""
    assert recall_check(Outcomes(50, 19, 100, 5), 0.95).level is Level.WITHDRAWN
    assert recall_check(Outcomes(50, 15, 100, 1), 0.95).level is Level.LOOK
    assert recall_check(Outcomes(50, 30, 100, 1), 0.95).level is Level.FINE


def test_few_relevant_reports_hold_no_promise_to_account() -> None:
    """Fewer relevant reports than one miss is expected in say nothing for the promise."""
    assert recall_check(Outcomes(50, 19, 100, 0), 0.95).level is Level.TOO_FEW
    assert recall_check(Outcomes(50, 20, 100, 0), 0.95).level is Level.FINE


def test_a_kept_promise_is_withdrawn_in_at_most_one_of_twenty() -> None:
    """Where each relevant report is missed with just the chance allowed, 5% of checks withdraw at most."""
    dice = np.random.default_rng(2)
    for n in (5, 20, 60):
        missed = dice.binomial(n, 0.05, 2_000)
        levels = {int(k): recall_check(Outcomes(n, n - int(k), n, int(k)), 0.95).level for k in set(missed)}
        withdrawn = np.mean([levels[int(k)] is Level.WITHDRAWN for k in missed])
        assert withdrawn <= 0.06


def test_sentences_agree_with_one() -> None:
    """One new report, one flagged, one relevant, one without an abstract are told in the singular."""
    new = [*records(19, WORDS, 1), *records(1, WORDS, 2, abstract=False)]
    said = [
        scores_check([0.5], [0.5]).sentence,
        flagged_check(Outcomes(1, 0, 0, 0)).sentence,
        flagged_check(Outcomes(20, 1, 0, 0)).sentence,
        recall_check(Outcomes(1, 1, 0, 0), 0.95).sentence,
        recall_check(Outcomes(0, 0, 1, 1), 0.95).sentence,
        abstracts_check(new, records(20, WORDS, 3)).sentence,
    ]
    starts = [
        "1 new report against 1 before them",
        "Decided: 1 flagged report, too few",
        "1 of 20 flagged reports that were decided is relevant",
        "Decided since a promise: 1 relevant report, too few",
        "0 of 1 relevant report decided",
        "1 of 20 new reports has no abstract",
    ]
    assert [one[: len(start)] for one, start in zip(said, starts, strict=True)] == starts
