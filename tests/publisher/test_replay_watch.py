"""A year of the replay says whether its search found what it must, and what the second look brought."""

from dataclasses import replace

import pytest

from publisher.replay_pages import year_page
from review.replay import Watch

WATCH = Watch(status="complete", canaries=7, known_status="complete", known=120)


@pytest.fixture
def year(replay):
    """The first year of the synthetic replay."""
    return replay.years[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "7 of 7 found"),
        ({"canaries_missing": ("11",)}, "6 of 7 found; not found: 11"),
        ({"canaries": 0}, "none named"),
    ],
)
def test_canaries_are_told(year, changes, said):
    """How many of the records that must be found were found, and which were not."""
    assert year_page(replace(year, watch=replace(WATCH, **changes)), {}).canaries == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "120 records, no notice"),
        ({"notices": (("erratum", "one"),)}, "120 records, 1 notice"),
        ({"known_status": "partial"}, "120 records (partial), no notice"),
        ({"not_looked_at": 2}, "120 records, no notice; 2 reports not in the catalogue"),
    ],
)
def test_the_second_look_is_told(year, changes, said):
    """How many known records were looked at, what was noticed, and what nobody could look at."""
    assert year_page(replace(year, watch=replace(WATCH, **changes)), {}).known == said
