"""Where a protocol meets numbers: from estimates to a synthesis, the same for the same input in any order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.effect import AnalysisKey, EffectSize, Estimate
from review.ids import StudyId
from review.protocol import Protocol
from review.result import Pending, Synthesis
from synthesis.living.answer import analyse, no_spread
from synthesis.living.digest import digest
from synthesis.living.levels import subgroup_results
from synthesis.living.moderators import moderator_results
from synthesis.living.reexpression import reexpressed
from synthesis.living.rows import Row, rows_of
from synthesis.living.sensitivity import Extra, planned, sets
from synthesis.living.small_study import small_study_results
from synthesis.living.unit import one_effect_per_study

__all__ = ["synthesise"]


@dataclass(frozen=True, slots=True)
class _Prepared:
    rows: tuple[Row, ...]
    effects: tuple[EffectSize, ...]
    notes: tuple[str, ...]


def synthesise(
    key: AnalysisKey,
    estimates: Sequence[Estimate],
    *,
    imported: Sequence[bool],
    protocol: Protocol,
    at: datetime,
    code_version: str,
    pending: Sequence[Pending] = (),
    sensitivity_sets: Mapping[str, Sequence[Estimate | StudyId]] | None = None,
    high_risk: Collection[StudyId] | None = None,
) -> Synthesis:
    """Pool the estimates of one analysis key as the protocol says, with every analysis that it plans.

    Rows take the protocol's measure and sign, a study's rows become one effect, and these are pooled.
    Signals are left empty: they need the synthesis before (`synthesis.living.signals.signals`).

    Parameters
    ----------
    key
        The analysis; every estimate must carry it.
    estimates
        Rows of included studies, at least one that can be pooled.
    imported
        For each estimate whether another meta-analysis printed it.
    protocol
        What is pooled, and how.
    at
        When.
    code_version
        Version of the service, part of the digest.
    pending
        Included studies that add nothing yet; carried along.
    sensitivity_sets
        Named further analyses: the main one with the given estimates added, and without the studies
        whose labels are given. One whose added estimates cannot be pooled leaves its reason.
    high_risk
        Studies that people judged at high risk of bias; None where nobody judged.

    Raises
    ------
    ValueError
        Where there is nothing to pool, or a row cannot be pooled under this key; the message names it.
    KeyError
        For an outcome that the protocol does not declare.
    """
    extra = {} if sensitivity_sets is None else sensitivity_sets
    main = _prepare(estimates, imported, key, protocol)
    if not main.effects:
        raise ValueError(f"{key}: found no result that can be pooled; expected at least one")
    plan, measure = protocol.synthesis, protocol.measure_of(key.outcome, key.stratum)
    answer = analyse(main.effects, plan)
    subgroups, subgroup_notes = subgroup_results(main.effects, protocol)
    alone = ("One study: nothing is pooled.",) if len(main.effects) == 1 else ()
    return Synthesis(
        key=key,
        digest=digest(
            key,
            estimates,
            imported,
            protocol=protocol,
            pending=pending,
            sensitivity_sets=extra,
            high_risk=high_risk,
            code_version=code_version,
        ),
        at=at,
        measure=measure,
        numbers=answer.numbers,
        rows=main.effects,
        weights=answer.weights,
        sensitivity=(
            *planned(main.effects, main.rows, plan, answer.numbers.test, high_risk),
            *sets(main.effects, _extras(extra, key, protocol), plan),
        ),
        subgroups=subgroups,
        moderators=moderator_results(main.effects, protocol),
        small_study=small_study_results(main.effects, plan, measure),
        pending=tuple(sorted(pending, key=lambda one: one.study)),
        notes=(
            *alone,
            *no_spread(answer.numbers),
            *main.notes,
            *subgroup_notes,
            *reexpressed(answer.numbers, protocol.find_outcome(key.outcome), measure),
        ),
        fallback=answer.fallback,
        code_version=code_version,
        protocol_version=protocol.version,
    )


def _prepare(
    estimates: Sequence[Estimate], imported: Sequence[bool], key: AnalysisKey, protocol: Protocol
) -> _Prepared:
    rows, notes = rows_of(estimates, imported, key, protocol)
    effects, combined = one_effect_per_study(rows, protocol.synthesis.shared_control)
    return _Prepared(rows, effects, (*notes, *combined))


def _extras(
    sensitivity_sets: Mapping[str, Sequence[Estimate | StudyId]], key: AnalysisKey, protocol: Protocol
) -> tuple[Extra, ...]:
    return tuple(_extra(name, members, key, protocol) for name, members in sorted(sensitivity_sets.items()))


def _extra(name: str, members: Sequence[Estimate | StudyId], key: AnalysisKey, protocol: Protocol) -> Extra:
    added = [one for one in members if isinstance(one, Estimate)]
    without = frozenset(one for one in members if not isinstance(one, Estimate))
    try:
        prepared = _prepare(added, [False] * len(added), key, protocol)
    except ValueError as problem:
        # What is no part of the main analysis must not stop it.
        return Extra(name=name, added=(), without=without, not_made=f"Not made: {problem}.")
    if added and not prepared.effects:
        nothing = " ".join(["Not made: nothing to add can be pooled.", *prepared.notes])
        return Extra(name=name, added=(), without=without, not_made=nothing)
    return Extra(name=name, added=prepared.effects, without=without, notes=prepared.notes)
