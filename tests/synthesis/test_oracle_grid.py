"""The grid of reference results: nothing is left out unseen."""

from collections import Counter

import pytest

from synthesis.effects import MEASURES
from tests.synthesis import oracle


def kinds() -> Counter[str]:
    """Count the cases of each kind in the data sets of metafor's schema."""
    return Counter(case["kind"] for _, content in oracle._datasets() for case in content["cases"])


@pytest.mark.usefixtures("shared_data")
def test_every_kind_is_compared_or_listed_with_a_reason():
    """Each kind of reference result is either compared or stands on the list of what is not built."""
    assert set(kinds()) <= set(oracle.PINNED) | set(oracle.UNSUPPORTED)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("kind", sorted(set(oracle.PINNED) - {"effects"}))
def test_the_number_of_compared_cases_is_pinned(kind):
    """The comparison covers as many cases of a kind as when it was written."""
    source = oracle.count_cases if kind.startswith(("rma.mh", "rma.peto")) else oracle.cases
    assert len(list(source(kind))) == oracle.PINNED[kind]


@pytest.mark.usefixtures("shared_data")
def test_the_number_of_compared_effect_sizes_is_pinned():
    """The comparison covers as many sets of effect sizes as when it was written."""
    assert len(list(oracle.effect_cases())) == oracle.PINNED["effects"]


@pytest.mark.usefixtures("shared_data")
def test_every_measure_is_built_or_listed_with_a_reason():
    """Each effect measure of the data is either built or stands on the list of others."""
    measures = {one["measure"] for _, content in oracle._datasets() for one in content["effects"].values()}
    assert measures <= set(MEASURES) | set(oracle.OTHER_MEASURES)
