"""What a new trial would have to show."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.effect import EffectSize
from review.protocol_synthesis import Fallback, SynthesisPlan
from synthesis.living.answer import analyse
from synthesis.living.contour import contour
from synthesis.living.contour.stretches import Margins, Side, stretches
from synthesis.living.contour.with_new_trial import shown

FALLBACK = (Fallback(when="k = 2", ci="z"), Fallback(when="tau2 = 0", ci="wider"))
REML = SynthesisPlan(fallback=FALLBACK)
PLANS = st.builds(
    SynthesisPlan,
    tau2=st.sampled_from(["DL", "PM"]),
    ci=st.sampled_from(["HKSJ", "z"]),
    fallback=st.sampled_from([(), FALLBACK]),
    prediction_interval=st.sampled_from(["t(k-1)", "z"]),
)
EFFECTS = st.lists(
    st.tuples(st.integers(-100, 100), st.integers(5, 60)).map(lambda pair: (pair[0] / 100, pair[1] / 100)),
    min_size=2,
    max_size=6,
)
SPREAD = [(0.1, 0.2), (0.45, 0.15), (0.3, 0.25), (0.62, 0.2), (-0.1, 0.3), (0.35, 0.1)]
ALIKE = [(0.2, 0.1), (0.21, 0.2), (0.19, 0.15), (0.2, 0.3)]
ALONE = [(0.3, 0.2)]
MID = 0.25


def _effects(pairs, ni=None):
    return [EffectSize(study=f"Trial {i}", yi=y, vi=s**2, ni=ni) for i, (y, s) in enumerate(pairs)]


def _concluded(numbers, question):
    """The conclusion from a synthesis's own numbers."""
    low, high = {
        "significance": (numbers.ci_lb, numbers.ci_ub),
        "prediction": (numbers.pi_lb, numbers.pi_ub),
        "mid": (numbers.estimate - MID, numbers.estimate + MID),
    }[question]
    return Side.ABOVE if low > 0 else Side.BELOW if high < 0 else Side.BETWEEN


@pytest.mark.parametrize("pairs", [SPREAD, ALIKE, ALONE], ids=["spread", "alike", "alone"])
@pytest.mark.parametrize("se", [0.4, 0.03])
def test_brute_force_finds_the_same(pairs, se):
    """On a grid of effects, pooling with the new trial concludes what the contour says, for all questions."""
    effects, questions = _effects(pairs), ["significance", "mid", *(["prediction"] if pairs != ALONE else [])]
    asked = {one: contour(effects, REML, change=one, mid=MID, sizes=[se], by="se") for one in questions}
    reach = asked["significance"]
    grid = np.linspace(reach.low, reach.high, 161)
    for effect in map(float, grid[1:-1]):
        numbers = analyse([*effects, EffectSize(study="new", yi=effect, vi=se**2)], REML).numbers
        for question, found in asked.items():
            (part,) = (one for one in found.trials[0].stretches if one.low < effect <= one.high)
            assert part.side is _concluded(numbers, question), (question, effect)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(
    EFFECTS, PLANS, st.sampled_from(["significance", "mid", "prediction"]), st.sampled_from([0.02, 0.1, 0.5])
)
def test_stretches_tile_the_range_and_conclude_rightly(pairs, plan, question, se):
    """The stretches follow each other without a gap, and the pool with a trial inside one concludes so."""
    effects = _effects(pairs)
    found = contour(effects, plan, change=question, mid=MID, sizes=[se], by="se")
    (trial,) = found.trials
    assert (trial.stretches[0].low, trial.stretches[-1].high) == (found.low, found.high)
    for one, following in pairwise(trial.stretches):
        assert one.high == following.low
        assert one.side is not following.side
    for part in trial.stretches:
        middle = (part.low + part.high) / 2
        more = [*effects, EffectSize(study="new", yi=middle, vi=se**2)]
        assert _concluded(analyse(more, plan).numbers, question) is part.side


@settings(deadline=None, max_examples=60)
@given(EFFECTS, PLANS, st.integers(1, 6))
def test_it_pools_as_the_synthesis_does(pairs, plan, k):
    """The pool behind a contour has the numbers that a synthesis shows, its fallback included."""
    effects = _effects(pairs[:k])
    yi, vi = (np.array([[getattr(one, name) for one in effects]]) for name in ("yi", "vi"))
    got, expected = shown(yi, vi, plan), analyse(effects, plan).numbers
    for name in ("estimate", "se", "ci_lb", "ci_ub", "tau2"):
        assert getattr(got, name)[0] == pytest.approx(getattr(expected, name), rel=1e-9, abs=1e-9)


def test_at_a_boundary_the_interval_touches_no_effect():
    """With the effect of a boundary the confidence interval ends at 0."""
    (trial,) = contour(_effects(SPREAD), REML, sizes=[0.1], by="se").trials
    assert trial.boundaries
    for effect in trial.boundaries:
        more = [*_effects(SPREAD), EffectSize(study="new", yi=effect, vi=0.01)]
        numbers = analyse(more, REML).numbers
        assert min(abs(numbers.ci_lb), abs(numbers.ci_ub)) == pytest.approx(0, abs=1e-9)


def test_participants_become_standard_errors_and_it_says_how():
    """A trial of n participants is as precise as the median of se times root n allows, in a sentence."""
    found = contour([*_effects(SPREAD[:3], ni=100), *_effects(SPREAD[3:])], REML, sizes=[50, 400])
    assert [one.participants for one in found.trials] == [50, 400]
    assert [one.se for one in found.trials] == pytest.approx([2.0 / math.sqrt(50), 0.1])
    assert "2 / sqrt(participants)" in found.conversion
    assert "3 of 6 studies" in found.conversion


def test_sizes_are_like_what_is_pooled_where_nothing_is_stated():
    """Without any stated participants the default sizes are standard errors like those pooled."""
    found = contour(_effects(ALIKE), SynthesisPlan(ci="z", tau2="DL"))
    assert [one.se for one in found.trials] == pytest.approx([0.3, 0.175, 0.1, 0.05])
    assert found.conversion == ""
    stated = contour(_effects(ALIKE, ni=80), SynthesisPlan(ci="z", tau2="DL"))
    assert [one.participants for one in stated.trials] == [50, 100, 200, 500, 1000, 2000]


def test_each_size_has_its_sentence():
    """A sentence says from which effect on a trial changes what is concluded, or that none can."""
    plan = SynthesisPlan(ci="z", tau2="DL")
    found = contour(_effects([(0.5, 0.1)]), plan, sizes=[0.1, 10], by="se", within=(-5, 5))
    assert found.conclusion == "the confidence interval lies above no effect"
    changes, cannot = found.sentences
    assert changes.startswith("A trial with a standard error of 0.1 would change that with an effect below ")
    assert changes.endswith("(then the confidence interval includes no effect).")
    assert cannot == "No effect between -5 and 5 of one trial with a standard error of 10 would change that."
    assert repr(found).startswith("At present the confidence interval lies above no effect: 0.500 [0.304")
    assert found.trials[1].changing == ()


def test_the_table_has_a_row_for_each_stretch():
    """The frame holds size, effects and conclusion of each stretch, and whether it is another one."""
    found = contour(_effects(SPREAD), SynthesisPlan(tau2="DL"), sizes=[0.1, 0.2], by="se")
    frame = found.to_frame()
    assert len(frame) == sum(len(one.stretches) for one in found.trials)
    assert list(frame["changes"]) == [
        part.side is not found.now for one in found.trials for part in one.stretches
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effects": []}, "found no study"),
        ({"change": "luck"}, "expected one of significance mid prediction"),
        ({"change": "mid"}, "found 'not declared'; expected a number other than 0"),
        ({"change": "mid", "mid": 0.0}, "expected a number other than 0"),
        ({"change": "prediction", "effects": _effects(ALONE)}, "found 1 studies; expected at least 2"),
        ({"sizes": [100]}, "found no study that states its participants"),
        ({"sizes": [], "by": "se"}, "expected one or more numbers above 0"),
        ({"sizes": [-1.0], "by": "se"}, "expected one or more numbers above 0"),
        ({"by": "arms"}, "expected participants or se"),
        ({"within": (1.0, 1.0)}, "expected two finite ends"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes, message):
    """A question without an answer is refused with what was found and expected."""
    asked = {"effects": _effects(ALIKE), "plan": REML, **changes}
    with pytest.raises(ValueError, match=message):
        contour(**asked)


def test_a_short_stretch_between_points_is_found():
    """Where a margin rises above 0 between two points and falls again, its stretch is found."""
    points = np.linspace(-1, 1, 21)
    found = stretches(lambda x: Margins(1e-4 - (x - 0.37) ** 2, 0 * x - 1), points)
    assert [one.side for one in found] == [Side.BETWEEN, Side.ABOVE, Side.BETWEEN]
    assert [one.low for one in found[1:]] == pytest.approx([0.36, 0.38])


def test_a_short_gap_between_points_is_found():
    """Where a margin falls below 0 between two points and rises again, the gap is found."""
    points = np.linspace(-1, 1, 21)
    found = stretches(lambda x: Margins(0 * x - 1, (x - 0.37) ** 2 - 1e-4), points)
    assert [one.side for one in found] == [Side.BELOW, Side.BETWEEN, Side.BELOW]


def test_a_jump_from_side_to_side_and_through_the_middle():
    """A jump from one side to the opposite one is one change; passing the middle on the way makes two."""

    def step(x):
        return np.where(x > 0.5, 1.0, -1.0)

    jump = stretches(lambda x: Margins(step(x), -step(x)), np.array([0.0, 1.0]))
    assert [one.side for one in jump] == [Side.BELOW, Side.ABOVE]
    through = stretches(lambda x: Margins(x - 0.51, 0.49 - x), np.array([0.0, 1.0]))
    assert [one.side for one in through] == [Side.BELOW, Side.BETWEEN, Side.ABOVE]
    assert [one.low for one in through[1:]] == pytest.approx([0.49, 0.51])
