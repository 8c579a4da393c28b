"""Nouns as text and back."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from review.decision import Decision, ImportedDecision, Resolution
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import SMALLEST_SE, ArmCounts, Effect, EffectCheck, EffectSize, Estimate, ImportedEffect
from review.link import DuplicateLink, LinkHint, StudyLink
from review.people import Account
from review.record import Record
from review.result import Synthesis
from review.searching import RunCounts, SearchGap, SearchRun, Window
from review.suggestion import Model, Suggestion
from store.codec import dump, from_text, load, to_text
from tests.store.builders import record

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9, minutes=30))])
TIMES = st.datetimes(min_value=datetime(1900, 1, 1), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds zones
DAYS = st.dates()
COUNTS = st.integers(0, 1000)
ESTIMATES = st.builds(
    Estimate,
    value=st.floats(allow_nan=False, allow_infinity=False),
    se=st.floats(min_value=SMALLEST_SE, exclude_min=True, allow_infinity=False),
    arms=st.none(),
) | st.builds(
    Estimate,
    value=st.none(),
    se=st.none(),
    arms=st.builds(
        lambda events, rest: ArmCounts(ai=events, n1i=events + rest, ci=0, n2i=rest), COUNTS, st.integers(1)
    ),
)
WINDOWS = st.tuples(DAYS, DAYS).map(lambda days: Window(min(days), max(days)))
DECIDED = st.builds(UpdateDecision, at=TIMES)
NOUNS = [
    st.builds(Account),
    st.builds(Decision, at=TIMES),
    st.builds(DuplicateLink, at=TIMES),
    st.builds(Edition, at=TIMES, decision=DECIDED),
    st.builds(Effect, at=TIMES, estimate=ESTIMATES),
    st.builds(EffectCheck, at=TIMES),
    st.builds(ImportedDecision, at=TIMES),
    st.builds(ImportedEffect, at=TIMES, estimate=ESTIMATES),
    st.builds(Model, at=TIMES),
    st.builds(Notice, at=TIMES),
    st.builds(Record),
    st.builds(Resolution, at=TIMES),
    st.builds(SearchGap, at=TIMES, window=WINDOWS, closed_at=st.none() | TIMES),
    st.builds(
        SearchRun,
        window=WINDOWS,
        started=TIMES,
        ended=TIMES,
        counts=COUNTS.map(lambda count: RunCounts(retrieved=count, known=count)),
    ),
    st.builds(LinkHint, at=TIMES),
    st.builds(StatusEntry, at=TIMES),
    st.builds(StudyLink, at=TIMES),
    st.builds(Suggestion, at=TIMES),
    st.builds(Synthesis, at=TIMES),
    DECIDED,
]


@pytest.mark.parametrize("nouns", NOUNS, ids=lambda nouns: repr(nouns)[7:].partition(",")[0].rstrip(")"))
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_noun_comes_back_as_it_was(nouns, data):
    """A noun that was written as text comes back equal, whatever it says."""
    noun = data.draw(nouns)
    assume("NaN" not in dump(noun))
    assert load(type(noun), dump(noun)) == noun


def test_numbers_that_json_lacks_come_back():
    """Infinity and not-a-number survive the way to text and back."""
    written = load(EffectSize, dump(EffectSize(study="Alpha 2024", yi=math.nan, vi=math.inf)))
    assert (math.isnan(written.yi), written.vi) == (True, math.inf)


def test_half_characters_come_back():
    """A lone surrogate in a title survives the way to text and back."""
    broken = record(1, title="half \ud800 of a character\x00")
    assert load(Record, dump(broken)) == broken


def test_a_field_of_another_type_is_refused():
    """A noun whose field does not hold what its type says is not written."""
    with pytest.raises(ValueError, match="expected fields of the declared types"):
        dump(record(1, year="soon"))


def test_a_time_without_zone_is_refused():
    """A time that does not say its zone is not written."""
    with pytest.raises(ValueError, match="without a zone"):
        to_text(datetime(2024, 1, 1))  # noqa: DTZ001 - that is the point


@given(TIMES, TIMES)
def test_texts_sort_as_times_do(one, other):
    """Texts of times are in the order of the times, whatever their zones."""
    assert (to_text(one) < to_text(other)) == (one < other)


@given(TIMES)
def test_a_time_comes_back(at):
    """A time that was written as text comes back equal."""
    assert from_text(to_text(at)) == at
