"""The line under the flagged, and what it is worth."""

import numpy as np
import pytest

from classifier.line import Line, draw_line
from classifier.time_check import NotChecked, TimeCheck
from review.ids import ModelId

POSITIVES = np.linspace(0.1, 1, 40)
HELD = TimeCheck(recall=0.9, until=2000, earlier=20, later=20, above=19, low=0.75, high=0.99, flagged=0.5)
BROKEN = TimeCheck(recall=0.9, until=2000, earlier=20, later=20, above=10, low=0.27, high=0.73, flagged=0.5)


def _line(checked: TimeCheck | NotChecked, positives: np.ndarray | None = POSITIVES) -> Line:
    return draw_line(positives, 0.9, lambda: checked, included=40)


def test_a_promise_that_held_is_given() -> None:
    """The line is the promised one, and says what the past said of it."""
    line = _line(HELD)
    assert (line.promised, line.withdrawn) == (True, "")
    assert line.value == POSITIVES[3]
    assert line.time_check == HELD.sentence()


def test_a_promise_that_the_past_contradicts_is_withdrawn() -> None:
    """The line falls to a reading aid, nothing is promised, and the reason has its numbers."""
    line = _line(BROKEN)
    assert not line.promised
    assert line.value == POSITIVES.min()
    assert "10 stood above the line" in line.withdrawn
    assert "withdrawn" in line.sentence
    assert "expected to hold" not in line.sentence


def test_a_promise_that_could_not_be_checked_says_so() -> None:
    """It is given, beside the word that nobody could check it."""
    line = _line(NotChecked("no years"))
    assert line.promised
    assert line.time_check == "The promise could not be checked in time: no years."


def test_where_nothing_can_be_promised_nothing_is_checked() -> None:
    """The cost of a check is not spent on a line that promises nothing."""

    def never() -> TimeCheck:
        raise AssertionError

    few = draw_line(POSITIVES[:5], 0.9, never, included=5)
    none = draw_line(None, 0.9, never, included=1)
    assert (few.promised, few.value, few.time_check) == (False, POSITIVES[0], "")
    assert (none.promised, none.value) == (False, None)
    assert "with 1 included report and" in none.sentence


@pytest.mark.parametrize(
    ("other", "model"),
    [
        (draw_line(POSITIVES + 0.01, 0.9, lambda: HELD, included=40), "a"),
        (draw_line(POSITIVES, 0.8, lambda: HELD, included=40), "a"),
        (draw_line(POSITIVES, 0.9, lambda: BROKEN, included=40), "a"),
        (draw_line(POSITIVES, 0.9, lambda: HELD, included=40), "b"),
    ],
)
def test_a_line_is_named_by_all_that_it_follows_from(other: Line, model: str) -> None:
    """Another value, recall, verdict or model is another version; the same is the same."""
    version = _line(HELD).version(ModelId("a"))
    assert version == _line(HELD).version(ModelId("a"))
    assert len(version) == 16
    assert other.version(ModelId(model)) != version
