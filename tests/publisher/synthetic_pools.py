"""Effects of "Study A" to "Study H", made up for these tests, and what they pool to."""

import math
from datetime import datetime

from review.effect import AnalysisKey, Better, EffectSize, Estimate, ImportedEffect
from review.ids import EffectId
from review.result import (
    Coefficient,
    ModeratorResult,
    PooledNumbers,
    Sensitivity,
    Signal,
    SmallStudyResult,
    Synthesis,
)
from tests.publisher.synthetic import RR_KEY, SOURCE, study_of


def effect(letter: str, key: AnalysisKey, value: float, se: float, when: datetime) -> ImportedEffect:
    ratio = key is RR_KEY
    return ImportedEffect(
        id=EffectId(f"{letter}-{key.outcome}"),
        estimate=Estimate(
            study=study_of(letter),
            label=f"Study {letter}",
            key=key,
            measure="RR" if ratio else "SMD",
            better=Better.HIGHER,
            value=value,
            se=se,
            n=100,
        ),
        source=SOURCE,
        at=when,
    )


def pool(rows: tuple[EffectSize, ...], test: str = "knha") -> PooledNumbers:
    """Inverse variance by hand: the publisher shows numbers, it does not check them."""
    weights = [1 / row.vi for row in rows]
    estimate = sum(w * row.yi for w, row in zip(weights, rows, strict=True)) / sum(weights)
    se = 1 / math.sqrt(sum(weights))
    return PooledNumbers(
        k=len(rows),
        estimate=estimate,
        se=se,
        ci_lb=estimate - 2 * se,
        ci_ub=estimate + 2 * se,
        pval=0.0123,
        tau2=0.0118,
        i2=23.4,
        q=9.87,
        q_pval=0.2,
        method="REML",
        test=test,
        tau2_lb=0.0,
        tau2_ub=0.05,
        pi_lb=estimate - 4 * se,
        pi_ub=estimate + 4 * se,
        pi_df="t(k-1)",
        participants=100 * (len(rows) - 1),
        participants_stated=len(rows) - 1,
    )


def synthesis(key: AnalysisKey, effects: tuple[ImportedEffect, ...], when: datetime) -> Synthesis:
    rows = tuple(
        EffectSize(
            study=one.estimate.study,
            yi=one.estimate.value or 0.0,
            vi=(one.estimate.se or 1.0) ** 2,
            ni=None if place == 0 else 100,
            imported=True,
            moderators=(("dose", 10.0 + 3 * place),),
        )
        for place, one in enumerate(effects)
    )
    total = sum(1 / row.vi for row in rows)
    numbers = pool(rows)
    return Synthesis(
        key=key,
        digest=f"digest-{key.outcome}-{len(rows)}",
        at=when,
        measure="RR" if key is RR_KEY else "SMD",
        numbers=numbers,
        rows=rows,
        weights=tuple(100 / row.vi / total for row in rows),
        sensitivity=(
            Sensitivity(name="DL", numbers=pool(rows, "z")),
            Sensitivity(name="with Study H added", numbers=pool(rows[:-1]), note="held as a conflict"),
            Sensitivity(name="exclude high risk of bias", numbers=None, note="risk of bias not assessed"),
        ),
        signals=(
            Signal(name="significance flip", fired=False, detail="same side", source="Shojania 2007"),
            Signal(name="crosses the MID", fired=None, detail="no MID declared", source="Garner 2016"),
        ),
        moderators=(moderator(rows),),
        small_study=(
            SmallStudyResult(name="egger", pval=0.0321, note="An intercept (made up)."),
            SmallStudyResult(name="trim and fill", estimate=0.12, ci_lb=0.05, ci_ub=0.19, note="A what-if."),
        ),
        fallback="",
        protocol_version=2,
    )


def moderator(rows: tuple[EffectSize, ...]) -> ModeratorResult:
    """A slope made up for these tests."""
    return ModeratorResult(
        name="dose",
        k=len(rows),
        coefficients=(
            Coefficient(name="intercept", estimate=0.05, se=0.02, ci_lb=0.01, ci_ub=0.09, pval=0.02),
            Coefficient(name="dose", estimate=0.0123, se=0.004, ci_lb=0.0043, ci_ub=0.0203, pval=0.004),
        ),
        tau2=0.0078,
        r2=33.9,
        pval_permuted=0.012,
        test="knha",
        note="One study does not state it (made up).",
    )
