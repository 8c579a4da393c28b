"""How high a record stands, and what is expected of a title."""

import numpy as np
import pytest

from classifier.standing import HeldOut, fit_standing

RNG = np.random.default_rng(1)
BOTH = np.array([True, True])


def held_out(n=400, noise=1.0):
    """Members that say of a title what they say of the whole record, more or less."""
    raw = RNG.normal(size=(n, 2))
    return HeldOut(
        raw=raw,
        raw_titles=raw + noise * RNG.normal(size=(n, 2)),
        bodied=np.ones(n, dtype=bool),
        titled=np.ones(n, dtype=bool),
    )


def test_titles_stand_on_average_where_whole_records_stand():
    """A missing abstract neither sinks nor lifts: the mean score of the titles is that of the records."""
    said = held_out()
    standing = fit_standing(said, BOTH)
    bare = standing.scores(said.raw_titles, ~said.bodied)
    assert bare.mean() == pytest.approx(standing.scores(said.raw, said.bodied).mean(), abs=0.005)


def test_a_title_says_less_than_a_record():
    """The less titles tell, the closer to the middle the records of which there is only the title stand."""
    spreads = []
    for noise in (0.3, 3.0):
        said = held_out(noise=noise)
        spreads.append(fit_standing(said, BOTH).scores(said.raw_titles, ~said.bodied).std())
    assert spreads[1] < spreads[0] / 2


def test_titles_expected_to_stand_alike_keep_their_order():
    """No two titles of which one scores higher with every member tie."""
    said = held_out()
    rising = np.linspace(-2, 2, 50)[:, None] * np.ones(2)
    assert (np.diff(fit_standing(said, BOTH).scores(rising, np.zeros(50, dtype=bool))) > 0).all()


def test_only_the_chosen_members_speak():
    """What a member of another head says changes nothing."""
    said = held_out()
    standing = fit_standing(said, np.array([True, False]))
    other = said.raw * [1, -1]
    assert (standing.scores(said.raw, said.bodied) == standing.scores(other, said.bodied)).all()


def test_without_bodies_or_titles_the_other_serves():
    """A training set of titles alone, or of records without a known title, has scores between 0 and 1."""
    for missing in ("bodied", "titled"):
        said = held_out(50)
        none = np.zeros(50, dtype=bool)
        lacking = HeldOut(
            **{name: getattr(said, name) for name in ("raw", "raw_titles", "bodied", "titled")}
            | {missing: none}
        )
        scores = fit_standing(lacking, BOTH).scores(said.raw, said.bodied)
        assert ((scores > 0) & (scores < 1)).all()
