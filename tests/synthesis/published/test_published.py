"""Published analyses, to the digits that were printed."""

import pytest

from tests.synthesis.published.answers import Result, answer, as_printed, read, results

COMPARED = [result for result in results() if not (result.left_out or result.unbuilt)]
LEFT_OUT = [result for result in results() if result.left_out]
PRINTED_OTHERWISE = [result for result in COMPARED if result.article]


@pytest.mark.parametrize("result", COMPARED, ids=lambda result: result.id)
def test_printed_digits_are_reproduced(result: Result):
    """Every number of a published analysis comes out with the digits that its source gives."""
    found = answer(result)
    ours = {name: as_printed(read(found, name), printed) for name, printed in result.printed.items()}
    assert ours == dict(result.printed)


@pytest.mark.parametrize("result", PRINTED_OTHERWISE, ids=lambda result: result.id)
def test_a_number_that_an_article_prints_otherwise_is_not_ours(result: Result):
    """What is listed as printed otherwise does differ from ours: the list holds no number that agrees."""
    found = answer(result)
    same = [name for name, text in result.article.items() if as_printed(read(found, name), text) == text]
    assert same == []


@pytest.mark.parametrize("result", LEFT_OUT, ids=lambda result: result.id)
def test_a_result_that_is_left_out_differs(result: Result):
    """What is left out with a reason does come out differently: the list holds no result that agrees."""
    found = answer(result)
    assert any(as_printed(read(found, name), text) != text for name, text in result.printed.items())


def test_at_least_six_publications_are_reproduced():
    """The table spans more than six publications by different first authors."""
    assert len({result.analysis.rstrip("ab0123456789") for result in COMPARED}) > 6
