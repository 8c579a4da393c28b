"""Sentences about ratios say that their numbers are logarithms."""

from dataclasses import replace

import pytest

from synthesis.living.evolution import evolution
from synthesis.living.impact import Cause, impact


@pytest.mark.parametrize(("measure", "said"), [("RR", True), ("OR", True), ("SMD", False)])
def test_steps_of_ratios_say_that_they_speak_of_logarithms(make_row, make_synthesis, measure, said):
    """What a ratio moved by is told on the log scale; a standardised difference has no such words."""
    tables = ({"Trial A": 0.1}, {"Trial A": 0.2, "Trial B": 0.3})
    before, after = (
        replace(make_synthesis([make_row(study, yi, 0.1) for study, yi in table.items()]), measure=measure)
        for table in tables
    )
    sentences = [one.sentence for was in (None, before) for one in impact(was, after).steps]
    sentences.append(evolution([before, after]).stages[1].attribution)
    assert [" on the log scale" in one for one in sentences] == [said] * len(sentences)
    corrected = next(one for one in impact(before, after).steps if one.cause is Cause.CORRECTED)
    assert ("became 0.200 on the log scale" in corrected.reason) is said
