"""A small made-up protocol and made-up rows, for all tests of the synthesis."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from review.effect import AnalysisKey, ArmCounts, Better, Estimate, SharedControl
from review.ids import StudyId
from review.protocol import Amendment, Eligibility, LivingPlan, Pico, Protocol, Publication, References
from review.protocol_synthesis import (
    Comparison,
    Fallback,
    Outcome,
    Stratum,
    Subgroup,
    SynthesisPlan,
    TimePoint,
)
from review.result import Synthesis
from synthesis.living.analysis import synthesise

KEY = AnalysisKey("usual", "disability", "post", "non-headache")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAN = SynthesisPlan(
    fallback=(Fallback(when="k = 2", ci="z"), Fallback(when="tau2 = 0", ci="wider")),
    sign="positive = benefit",
    sensitivity=("rows as printed", "DL", "z", "leave one out", "exclude high risk of bias"),
)
DISABILITY = Outcome(id="disability", label="Disability", measure="SMD", better=Better.LOWER)


@pytest.fixture(scope="session")
def make_protocol() -> Callable[..., Protocol]:
    """Make a protocol; `outcome`, `plan`, `subgroup` and `version` may be given."""
    return _protocol


@pytest.fixture(scope="session")
def make_row() -> Callable[..., Estimate]:
    """Make one made-up row of a table."""
    return _row


@pytest.fixture(scope="session")
def make_synthesis() -> Callable[..., Synthesis]:
    """Synthesise rows under the made-up protocol."""
    return _synthesis


def _protocol(
    *,
    outcome: Outcome = DISABILITY,
    plan: SynthesisPlan = PLAN,
    subgroup: dict[str, Subgroup] | None = None,
    version: int = 1,
) -> Protocol:
    return Protocol(
        id="a-review",
        title="A review of X in Y",
        version=version,
        history=(Amendment(version=version, date=date(2026, 11, 22), change="First version."),),
        pico=Pico(population="Y", intervention="X", comparator=("usual care",), outcomes=("disability",)),
        eligibility=Eligibility(
            designs=("randomised",), questions=("Is it X?",), exclusion_reasons=("no X",)
        ),
        references=References(studies="s.csv", reports="r.csv", effects="e.csv"),
        living=LivingPlan(
            search_every="week",
            known_pass_every="month",
            decide_every="month",
            review_strategy_every="quarter",
            rejustify_every="year",
            retire_when="never",
        ),
        comparison=(Comparison(id="usual", label="usual care"),),
        stratum=(Stratum(id="non-headache"), Stratum(id="headache")),
        timepoint=(TimePoint(id="post", label="After", choose="first"),),
        outcome=(outcome,),
        synthesis=plan,
        publication=Publication(base_url="https://example.org/", contact="x@example.org", licence="CC0"),
        subgroup=subgroup or {},
    )


def _row(
    study: str,
    value: float | None = None,
    se: float | None = None,
    *,
    label: str | None = None,
    measure: str = "SMD",
    better: Better = Better.HIGHER,
    arms: ArmCounts | None = None,
    shared: SharedControl = SharedControl.NONE,
    n: int | None = None,
    subgroups: tuple[tuple[str, str], ...] = (),
) -> Estimate:
    return Estimate(
        study=StudyId(study),
        label=label or study,
        key=KEY,
        measure=measure,
        better=better,
        value=value,
        se=se,
        arms=arms,
        shared_control=shared,
        n=n,
        subgroups=subgroups,
    )


def _synthesis(rows: list[Estimate], protocol: Protocol | None = None, **changes: Any) -> Synthesis:
    asked = {"imported": [False] * len(rows), "at": NOON, "code_version": "1"} | changes
    return synthesise(KEY, rows, protocol=protocol or _protocol(), **asked)
