"""The answer to each analysis key, in a sentence and the facts behind it."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.scales import INTERVALS, METHODS, Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import count, day, interval, minus_signs, number, p_value, slug
from review.effect import AnalysisKey
from review.protocol import Protocol
from review.refusals import reason_of, standing_refusal
from review.result import PooledNumbers, Signal, SubgroupResult, Synthesis
from synthesis.living.signals import signals

__all__ = [
    "Answer",
    "SensitivityRow",
    "SignalRow",
    "answer",
    "heading",
    "participants",
    "signal_rows",
    "signals_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """The same question answered another way."""

    name: str
    k: str
    estimate: str
    interval: str
    tau2: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRow:
    """An update signal; `state` is fired, not fired or not computable."""

    name: str
    state: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One analysis as readers meet it.

    Parameters
    ----------
    verdict
        The estimate with its interval, large.
    sentence
        What it says, whom it favours, and how far a new study may lie from it.
    facts
        Names and values below it.
    sources
        Citations of the imported effects in the pool.
    refused
        That it could not be pooled of late, why, and of which day the result is; empty where it could.
    """

    slug: str
    heading: str
    comparison: str
    measure: str
    verdict: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    fallback: str
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    sensitivity: tuple[SensitivityRow, ...]
    subgroups: tuple[SensitivityRow, ...]
    signals: tuple[SignalRow, ...]
    digest: str
    refused: str = ""


def answer(snapshot: Snapshot, synthesis: Synthesis) -> Answer:
    """Return the answer that a synthesis gives."""
    scale, decimals = scale_of(snapshot, synthesis), snapshot.decimals
    return Answer(
        slug=slug(str(synthesis.key)),
        heading=heading(snapshot.protocol, synthesis.key),
        comparison=_comparison(snapshot.protocol, synthesis.key),
        measure=scale.name,
        verdict=_verdict(synthesis.numbers, scale, decimals),
        sentence=_sentence(synthesis.numbers, scale, decimals),
        facts=_facts(synthesis.numbers, scale, decimals),
        fallback=synthesis.fallback,
        notes=synthesis.notes,
        sources=_sources(snapshot, synthesis),
        sensitivity=_sensitivity(synthesis, scale, decimals),
        subgroups=tuple(row for one in synthesis.subgroups for row in _subgroup(one, scale, decimals)),
        signals=signal_rows(signals_of(snapshot, synthesis)),
        digest=synthesis.digest,
        refused=_refused(snapshot, synthesis),
    )


def heading(protocol: Protocol, key: AnalysisKey) -> str:
    """Return outcome, time point and stratum in the protocol's words."""
    times = {one.id: one.label for one in protocol.timepoint}
    strata = {one.id: one.label or one.id for one in protocol.stratum}
    parts = (protocol.find_outcome(key.outcome).label, times.get(key.timepoint), strata.get(key.stratum))
    return " · ".join(part for part in parts if part)


def participants(numbers: PooledNumbers) -> str:
    """Return the participants as far as they are stated."""
    if not numbers.participants_stated:
        return f"not stated for any of {count(numbers.k, 'study', 'studies')}"
    if numbers.participants_stated == numbers.k:
        return f"{numbers.participants:,}"
    return f"{numbers.participants:,} (stated for {numbers.participants_stated} of {numbers.k} studies)"


def signals_of(snapshot: Snapshot, synthesis: Synthesis) -> tuple[Signal, ...]:
    """Return the signals beside the edition before; a result that was in it already is compared with itself.

    Those that it was kept with compare it with what was published when it was made.
    """
    earlier = snapshot.published(snapshot.previous) if snapshot.previous else ()
    if synthesis.digest in {one.digest for one in earlier}:
        return signals(synthesis, synthesis, snapshot.protocol)
    return synthesis.signals


def signal_rows(found: Iterable[Signal]) -> tuple[SignalRow, ...]:
    """Return signals in their order, each with its state in words."""
    states = {True: "fired", False: "not fired", None: "not computable"}
    return tuple(
        SignalRow(name=one.name, state=states[one.fired], detail=minus_signs(one.detail), source=one.source)
        for one in found
    )


def _refused(snapshot: Snapshot, synthesis: Synthesis) -> str:
    refusal = None if snapshot.archive else standing_refusal(snapshot.ledger, synthesis.key)
    if refusal is None:
        return ""
    told = f"This analysis could not be pooled on {day(refusal.at)}: {reason_of(refusal)}"
    return f"{told} What is shown is the result of {day(synthesis.at)}."


def _comparison(protocol: Protocol, key: AnalysisKey) -> str:
    return next((one.label for one in protocol.comparison if one.id == key.comparison), key.comparison)


def _verdict(numbers: PooledNumbers, scale: Scale, decimals: int) -> str:
    bounds = interval(scale.shown(numbers.ci_lb), scale.shown(numbers.ci_ub), decimals)
    estimate = number(scale.shown(numbers.estimate), decimals)
    return f"{scale.measure} {estimate} ({_percent(numbers)} CI {bounds})"


def _percent(numbers: PooledNumbers) -> str:
    return f"{100 * numbers.level:g}%"


def _sentence(numbers: PooledNumbers, scale: Scale, decimals: int) -> str:
    which = "One study, nothing pooled: its" if numbers.k == 1 else f"Across {numbers.k} studies the pooled"
    if numbers.ci_lb <= 0 <= numbers.ci_ub:
        finding = "estimate shows no clear difference: its confidence interval reaches to both sides"
    else:
        side = scale.right if numbers.estimate > 0 else scale.left
        finding = (
            f"estimate {side.replace('favours ', 'favours the ')}, and its interval excludes no difference"
        )
    text = f"{which} {finding} ({scale.direction})."
    bounds = _prediction(numbers, scale, decimals)
    return f"{text} The true effect in a new setting is expected between {bounds}." if bounds else text


def _prediction(numbers: PooledNumbers, scale: Scale, decimals: int) -> str:
    if numbers.pi_lb is None or numbers.pi_ub is None:
        return ""
    low, high = (number(scale.shown(bound), decimals) for bound in (numbers.pi_lb, numbers.pi_ub))
    return f"{low} and {high} ({_percent(numbers)} prediction interval, {numbers.pi_df})"


def _facts(numbers: PooledNumbers, scale: Scale, decimals: int) -> tuple[tuple[str, str], ...]:
    predicted = interval(scale.maybe(numbers.pi_lb), scale.maybe(numbers.pi_ub), decimals)
    between = interval(numbers.tau2_lb, numbers.tau2_ub, decimals)
    return (
        ("Studies (k)", f"{numbers.k}"),
        ("Participants", participants(numbers)),
        ("Interval", f"{INTERVALS.get(numbers.test, numbers.test)}, p {_equals(p_value(numbers.pval))}"),
        ("Prediction interval", f"{predicted}, {numbers.pi_df}" if numbers.pi_df else predicted),
        (
            "Between-study variance",
            f"τ² {number(numbers.tau2, decimals + 1)} ({_percent(numbers)} CI {between}, Q-profile)",
        ),
        ("Estimator", METHODS.get(numbers.method, numbers.method)),
        ("Heterogeneity", f"I² {number(numbers.i2, 1)}%, Q {number(numbers.q, 2)} on {numbers.k - 1} df"),
        ("Certainty", "not assessed"),
    )


def _equals(text: str) -> str:
    return text if text.startswith("<") or not text[0].isdigit() else f"= {text}"


def _sources(snapshot: Snapshot, synthesis: Synthesis) -> tuple[str, ...]:
    imported = {row.study for row in synthesis.rows if row.imported}
    return _distinct(
        one.source
        for one in snapshot.ledger.imported_effects
        if one.estimate.study in imported and one.estimate.key == synthesis.key
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _sensitivity(synthesis: Synthesis, scale: Scale, decimals: int) -> tuple[SensitivityRow, ...]:
    main = _row("Main analysis", synthesis.numbers, scale, decimals, note="")
    others = (_row(one.name, one.numbers, scale, decimals, note=one.note) for one in synthesis.sensitivity)
    return (main, *others)


def _subgroup(found: SubgroupResult, scale: Scale, decimals: int) -> Iterable[SensitivityRow]:
    p = _equals(p_value(found.pval))
    test = f"test between levels: Q {number(found.q_between, 2)}, df {found.df}, p {p}"
    return (
        _row(f"{found.name}: {level}", numbers, scale, decimals, note=test) for level, numbers in found.levels
    )


def _row(
    name: str, numbers: PooledNumbers | None, scale: Scale, decimals: int, *, note: str
) -> SensitivityRow:
    if numbers is None:
        return SensitivityRow(name=name, k="", estimate="not computable", interval="", tau2="", note=note)
    bounds = interval(scale.shown(numbers.ci_lb), scale.shown(numbers.ci_ub), decimals)
    return SensitivityRow(
        name=name,
        k=str(numbers.k),
        estimate=number(scale.shown(numbers.estimate), decimals),
        interval=f"{bounds} ({INTERVALS.get(numbers.test, numbers.test)})",
        tau2=number(numbers.tau2, decimals + 1),
        note=note,
    )
