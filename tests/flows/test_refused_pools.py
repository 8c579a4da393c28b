"""An analysis that cannot be pooled is told once, and no longer than it lasts."""

from datetime import timedelta

import pytest

from flows.steps.baseline import take_in_baseline
from flows.steps.resynthesis import pool_again
from review.clocks import latest_syntheses
from review.refusals import reason_of, standing_refusal
from synthesis.living.analysis import synthesise

from .conftest import NOW

WHY = "Study A: found the measure RR; expected SMD."


@pytest.fixture
def pool(place, store, monkeypatch):
    """Pool at an hour; where told so, the analysis is refused."""
    take_in_baseline(place.folder, place.protocol, store, NOW)

    def refuse(*_args, **_named):
        raise ValueError(WHY)

    def run(hours, *, refused):
        monkeypatch.setattr("flows.steps.resynthesis.synthesise", refuse if refused else synthesise)
        pool_again(place.protocol, store, NOW + timedelta(hours=hours))
        key = latest_syntheses(store.ledger())[0].key
        return standing_refusal(store.ledger(), key)

    return run


def test_a_refusal_stands_until_the_same_result_comes_again(pool, store):
    """A mended analysis that comes to the result it had is no longer called refused."""
    assert pool(0, refused=False) is None
    kept = len(store.ledger().syntheses)
    assert reason_of(pool(1, refused=True)) == WHY
    assert pool(2, refused=False) is None
    assert len(store.ledger().syntheses) == kept


def test_a_refusal_is_written_once_while_it_stands(pool, store):
    """Pooling again for nothing leaves no second entry, and a refusal that comes back is told again."""
    pool(0, refused=False)
    first = pool(1, refused=True)
    entries = len(store.ledger().status_entries)
    assert pool(2, refused=True) == first
    assert len(store.ledger().status_entries) == entries
    pool(3, refused=False)
    assert pool(4, refused=True).at == NOW + timedelta(hours=4)
