"""What a replay shows of its pooled answer, year by year."""

from dataclasses import replace

import pytest

from publisher.replay_courses import course_figures, course_views
from publisher.replay_pages import replay_pages


@pytest.fixture
def views(material, replay):
    """The courses of the synthetic replay as they are shown."""
    return course_views(material, replay.courses)


def test_each_year_has_its_numbers(views, ledger):
    """A year's row gives estimate, both intervals, tau2 and the number of studies."""
    last = ledger.syntheses[-1].numbers
    row = views[0].rows[-1]
    assert row[:2] == ("2020", f"{last.estimate:.4f}")
    assert (f"{last.pi_lb:.4f}".replace("-", "−") in row[3], row[5]) == (True, str(last.k))


def test_each_year_says_what_moved_it(views):
    """The studies that are new since the year before are its steps, and their kind sums them up."""
    impact = views[0].stage("2020").impact
    assert [step[0].split(":")[0] for step in impact.steps if "new study" in step[0]] == [
        "Study F",
        "Study G",
    ]
    assert ("New studies", "2") in [share[:2] for share in impact.shares]


def test_the_total_of_the_steps_is_the_change(views, ledger):
    """The last row of the kinds of steps is the whole change of the estimate."""
    first, last = (one.numbers.estimate for one in (ledger.syntheses[0], ledger.syntheses[-1]))
    assert views[0].stage("2020").impact.shares[-1][2] == f"+{last - first:.4f}"


def test_a_year_page_shows_its_result(material, replay):
    """The page of a year has its signals with their states, and the index one picture for each course."""
    pages = replay_pages(material, replay)
    year = pages["replay/2020.html"].decode()
    assert "What the evidence came to" in year
    assert "not computable" in year
    assert {"replay/what-the-search-reached.svg", "replay/the-table-by-itself.svg"} <= pages.keys()


def test_a_year_without_a_result_has_no_such_section(material, replay):
    """Where no result stood at the end of a year, its page claims none."""
    assert b"What the evidence came to" not in replay_pages(material, replay)["replay/2019.html"]


def test_a_course_without_stages_is_not_shown(material, replay):
    """An analysis that never had a result has no picture."""
    empty = [replace(one, stages=()) for one in replay.courses]
    assert course_figures(course_views(material, empty)) == {}
