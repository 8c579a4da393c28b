"""The grid of reference results: nothing is left out unseen."""

from collections import Counter

import pytest

from synthesis.measures.effects import MEASURES
from tests.synthesis import oracle


def kinds(*, here: bool) -> dict[str, int]:
    """Count the cases of each kind in the repository's own files, or in those of the development data."""
    counted = Counter(
        oracle.kind_of(name, case)
        for name, content in oracle.files().items()
        for case in content["cases"]
        if name.startswith("ref.") == here
    )
    effects = sum(case.id.startswith("ref.") == here for case in oracle.effect_cases())
    return dict(counted) | {"effects": effects}


@pytest.mark.usefixtures("shared_data")
def test_the_number_of_cases_of_each_kind_is_pinned():
    """The oracle holds exactly the kinds that are listed, and of each as many cases as are pinned."""
    assert kinds(here=False) == oracle.PINNED


def test_the_number_of_our_own_cases_is_pinned():
    """The repository's own reference results hold as many cases of each kind as are pinned."""
    assert kinds(here=True) == oracle.PINNED_HERE


@pytest.mark.usefixtures("shared_data")
def test_every_measure_is_built_or_listed_with_a_reason():
    """Each effect measure of the data is either built or stands on the list of others."""
    measures = {one["measure"] for _, content in oracle._datasets() for one in content["effects"].values()}
    assert measures <= set(MEASURES) | set(oracle.OTHER_MEASURES)


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize("kind", sorted(set(oracle.PINNED) - {"effects"} - set(oracle.UNSUPPORTED)))
def test_every_compared_kind_yields_all_its_cases(kind):
    """The tests of a kind see every case that the oracle holds, less those listed with a reason."""
    source = next(source for source in oracle.SOURCES if next(source(kind), None))
    left_out = len(oracle.LEFT_OUT.get(kind, {}))
    assert len(list(source(kind))) + left_out == oracle.PINNED[kind] + oracle.PINNED_HERE.get(kind, 0)
