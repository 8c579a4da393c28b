"""What `check` says of a protocol: everything that decides how results are pooled."""

from dataclasses import replace
from pathlib import Path

import pytest

from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.protocol_synthesis import Moderator, Reexpression
from review.readback import read_back


@pytest.fixture
def protocol(root: Path) -> Protocol:
    """The pain review's protocol."""
    return read_protocol(root / "protocols" / "internet-pain")


def said(protocol: Protocol) -> str:
    """Return all sentences."""
    return "\n".join(sentence for _, sentences in read_back(protocol) for sentence in sentences)


def test_what_decides_which_result_is_taken_is_read_back(protocol):
    """Scales and kinds of values stand in their order, time points with their window."""
    found = said(protocol)
    assert "Pain intensity, scales in order: NRS, VAS, BPI severity." in found
    assert "kinds of values in order: final, intention to treat; final, completers; change." in found
    assert "(longest; 3 to 12 months)" in found


def test_what_is_planned_beside_the_pool_is_read_back(protocol):
    """Subgroups, moderators, small-study looks, harms and points are told, for check to be believed."""
    points = Reexpression(instrument="NRS", sd=2.1, source="a table")
    more = replace(
        protocol,
        moderator={"age": Moderator(label="Mean age", unit="years")},
        synthesis=replace(protocol.synthesis, small_study=("egger",)),
        outcome=(replace(protocol.outcome[0], reexpress=points), *protocol.outcome[1:]),
    )
    found = said(more)
    assert "Subgroups by Therapist guidance: guided, unguided." in found
    assert "Meta-regression on Mean age (years)." in found
    assert "Looks at small-study effects: egger." in found
    assert "Participants with an adverse event: secondary, a harm, RR" in found
    assert "told in points of NRS, SD 2.1 (a table)" in found


def test_a_difference_of_ratios_is_told_as_ratios(protocol):
    """A difference of a risk ratio is a logarithm: the ratios that it stands for are told beside it."""
    ratios = tuple(replace(one, measure="RR", mid=0.8) for one in protocol.outcome)
    assert "MID 0.8 on the log scale, ratios of 0.449 and 2.23" in said(replace(protocol, outcome=ratios))
