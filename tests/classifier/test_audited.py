"""The audit's answer: bounds with their n, and when the promise is withdrawn."""

from dataclasses import replace

import pytest

from classifier.audited import Audited

HELD = Audited(
    of=200,
    drawn=20,
    read=20,
    relevant=0,
    found=0,
    covered=200,
    at_least=0,
    at_most=26,
    still_missed_at_most=26,
    flagged=30,
    asked=0.95,
)


def test_a_clean_audit_withdraws_nothing() -> None:
    """Nothing missed for certain: the promise stands, however wide the bound."""
    assert HELD.withdraws == ""
    assert HELD.recall_at_least == pytest.approx(30 / 56)
    assert HELD.recall_at_most == 1.0


def test_more_missed_than_promised_withdraws() -> None:
    """2 missed for certain against 30 flagged is a recall of 0.94 at most: less than 0.95."""
    found = replace(HELD, at_least=2, relevant=1, found=1)
    assert "at least 2 relevant among those set aside, against 30 flagged" in found.withdraws


def test_as_much_missed_as_promised_is_kept() -> None:
    """1 missed for certain against 19 flagged is just 0.95."""
    assert replace(HELD, at_least=1, flagged=19).withdraws == ""


def test_one_missed_with_nothing_flagged_withdraws() -> None:
    """Where the line flagged no relevant report and missed one, it kept nothing."""
    assert replace(HELD, at_least=1, flagged=0).withdraws


def test_nothing_read_bounds_nothing() -> None:
    """With all drawn unread the sentence gives no bound."""
    unread = replace(HELD, read=0, covered=0, at_most=None, still_missed_at_most=None)
    assert unread.sentence == (
        "20 of 200 reports set aside were drawn for audit; none of them is read yet, so nothing bounds what "
        "was missed."
    )
    assert unread.recall_at_least is None


def test_the_sentence_gives_every_n() -> None:
    """Drawn, read, unread, relevant, covered and not covered are all said."""
    partly = replace(HELD, of=300, drawn=30, read=18)
    assert partly.sentence == (
        "30 of 300 reports set aside were drawn for audit, 18 are read (12 unread make the sample smaller) "
        "and 0 of them relevant. With 95% confidence at most 26 of 200 set aside are relevant, at most 26 of "
        "them not found yet. 100 set aside in cycles whose draw is unread are not covered."
    )


def test_the_sentence_agrees_with_one() -> None:
    """One drawn, read, unread or set aside is told in the singular."""
    one = replace(HELD, of=1, drawn=1, read=1, covered=1, at_most=1, still_missed_at_most=1)
    assert one.sentence.startswith("1 of 1 report set aside was drawn for audit, 1 is read and 0")
    assert "at most 1 of 1 set aside is relevant" in one.sentence
    partly = replace(HELD, of=201, drawn=21).sentence
    assert "(1 unread makes the sample smaller)" in partly
    assert partly.endswith("1 set aside in cycles whose draw is unread is not covered.")
