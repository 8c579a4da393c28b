"""Identical effects, where Hartung-Knapp has nothing to go by."""

from dataclasses import replace

import pytest

from review.protocol_synthesis import SynthesisPlan
from tests.synthesis.conftest import PLAN

BARE = SynthesisPlan(sign="positive = benefit")


@pytest.mark.parametrize(
    ("effects", "plan", "noted"),
    [
        ((0.2, 0.2, 0.2), BARE, True),
        ((0.1 + 0.2, 0.3, 0.3), BARE, True),
        ((0.0, 0.0), BARE, True),
        ((0.2, 0.2, 0.21), BARE, False),
        ((0.2, 0.2, 0.2), PLAN, False),
        ((0.2, 0.2, 0.2), replace(BARE, ci="z"), False),
        ((0.2,), BARE, False),
    ],
)
def test_an_interval_without_width_is_not_relied_on(
    make_row, make_protocol, make_synthesis, effects, plan, noted
):
    """Without a fallback identical effects have a note; with one, z, one study or a spread there is none."""
    rows = [make_row(f"Trial {place}", yi, 0.1 + place / 50) for place, yi in enumerate(effects)]
    found = make_synthesis(rows, make_protocol(plan=plan))
    assert any("no width and is not to be relied on" in note for note in found.notes) is noted
    assert (found.numbers.ci_ub - found.numbers.ci_lb < 1e-9) is noted
