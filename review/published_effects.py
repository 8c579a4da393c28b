"""Read a table of effects that another team printed: each row under a declared key, its direction stated."""

from dataclasses import dataclass
from pathlib import Path

from review.effect import NOT_STATED, AnalysisKey, ArmCounts, ArmMeans, Better, Estimate, SharedControl
from review.ids import StudyId
from review.protocol import Protocol
from review.protocol_synthesis import Outcome
from review.tables import Row, finite, member, read_table

__all__ = ["PublishedEffect", "read_effects"]

_COUNTED = frozenset({"RR", "OR", "RD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEffect:
    """A row of another team's table with where it was printed."""

    estimate: Estimate
    source: str
    note: str


def read_effects(path: Path, protocol: Protocol) -> tuple[PublishedEffect, ...]:
    """Read a table of effects: keys and measures as the protocol has them, directions stated, rows once."""
    return read_table(path, lambda row: _effect(row, protocol), once=_row_name)


def _row_name(effect: PublishedEffect) -> str:
    one = effect.estimate
    return f"{one.study}, row {one.label}, {one.key}"


def _effect(row: Row, protocol: Protocol) -> PublishedEffect:
    key = _declared(row, protocol)
    better, arms = _direction(row["better"]), _arms(row)
    n = _participants(row["n"])
    _check_sizes(n, arms)
    if isinstance(arms, ArmMeans):
        _check_direction(better, row["instrument"], protocol.find_outcome(key.outcome))
    estimate = Estimate(
        study=StudyId(row["study"]),
        label=row["row"] or row["study"],
        key=key,
        measure=_measure(row, key, protocol),
        better=better,
        value=finite(row, "value"),
        se=finite(row, "se"),
        arms=arms,
        instrument=row["instrument"] or NOT_STATED,
        shared_control=SharedControl(row["shared_control"] or "unknown"),
        n=n,
        subgroups=_subgroups(row["subgroups"], protocol),
        moderators=_moderators(row.get("moderators", ""), protocol),
        values=_values(row.get("values", ""), protocol, key),
        months=_months(row),
    )
    return PublishedEffect(estimate=estimate, source=_source(row["source"]), note=row["note"])


def _direction(text: str) -> Better:
    if not text:
        raise ValueError(
            "better is empty: which way is good for the patient must be declared, lower or higher"
        )
    return Better(text)


def _check_direction(better: Better, instrument: str, outcome: Outcome) -> None:
    """Refuse means whose direction is not their scale's; a printed effect may be turned by who printed it."""
    declared = {one.name: one.better for one in outcome.instruments}.get(instrument, better)
    if better is not declared:
        raise ValueError(
            f"better {str(better)!r} of means by {instrument}, where the protocol says {str(declared)!r}"
        )


def _declared(row: Row, protocol: Protocol) -> AnalysisKey:
    declared = {
        "comparison": {one.id for one in protocol.comparison},
        "outcome": {one.id for one in protocol.outcome},
        "timepoint": {one.id for one in protocol.timepoint},
        "stratum": {one.id for one in protocol.stratum},
    }
    for column, ids in declared.items():
        member(dict.fromkeys(ids), row[column], column)
    return AnalysisKey(row["comparison"], row["outcome"], row["timepoint"], row["stratum"])


def _measure(row: Row, key: AnalysisKey, protocol: Protocol) -> str:
    measure = protocol.measure_of(key.outcome, key.stratum)
    if row["measure"] != measure:
        raise ValueError(
            f"measure {row['measure']!r}, where the protocol declares {measure!r} "
            f"for {key.outcome} in {key.stratum}"
        )
    if row.get("ai") and measure not in _COUNTED:
        raise ValueError(f"counts per arm, where {measure} takes means per arm, or a value and its error")
    if row.get("m1i") and measure in _COUNTED:
        raise ValueError(f"means per arm, where {measure} takes counts per arm, or a value and its error")
    return measure


def _participants(cell: str) -> int | None:
    if not cell:
        return None
    if int(cell) < 1:
        raise ValueError(f"n {cell!r}, which is no number of participants")
    return int(cell)


def _check_sizes(n: int | None, arms: ArmCounts | ArmMeans | None) -> None:
    """Refuse fewer participants than the arms show; more may have been randomised than were measured."""
    if arms is not None and n is not None and n < arms.n1i + arms.n2i:
        raise ValueError(f"n {n}, where the arms have {arms.n1i} + {arms.n2i} = {arms.n1i + arms.n2i}")


def _months(row: Row) -> float | None:
    months = finite(row, "months") if row.get("months") else None
    if months is not None and months < 0:
        raise ValueError(f"months {row['months']!r}, where a follow-up is 0 or more")
    return months


def _source(text: str) -> str:
    if not text.strip():
        raise ValueError("source is empty: each line names where it was printed")
    return text


def _arms(row: Row) -> ArmCounts | ArmMeans | None:
    for given, needed in ((("ai", "ci"), _COUNTS), (("m1i", "sd1i", "m2i", "sd2i"), _MEANS)):
        if any(row.get(column) for column in given):
            _check_filled(row, needed)
            sizes = {"n1i": _whole(row, "n1i"), "n2i": _whole(row, "n2i")}
            if needed is _COUNTS:
                return ArmCounts(ai=_whole(row, "ai"), ci=_whole(row, "ci"), **sizes)
            m1i, sd1i, m2i, sd2i = (_decimal(row, column) for column in given)
            return ArmMeans(m1i=m1i, sd1i=sd1i, m2i=m2i, sd2i=sd2i, **sizes)
    return None


_COUNTS = ("ai", "n1i", "ci", "n2i")
_MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")


def _check_filled(row: Row, needed: tuple[str, ...]) -> None:
    """Refuse arms told in part or beside an effect: what is told must not be lost in silence."""
    for column in needed:
        if not row.get(column):
            raise ValueError(f"{column} empty, where {', '.join(needed)} are one set")
    for column in ("value", "se"):
        if row[column]:
            raise ValueError(f"{column} {row[column]!r} beside {needed[0]}, where one of both is told")


def _whole(row: Row, column: str) -> int:
    try:
        return int(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r}, which is no whole number") from None


def _decimal(row: Row, column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r}, which is no number") from None


def _moderators(text: str, protocol: Protocol) -> tuple[tuple[str, float], ...]:
    pairs = tuple(part.partition("=")[::2] for part in text.split(";") if part)
    for name, _ in pairs:
        member(protocol.moderator, name, "moderators")
    _check_once([name for name, _ in pairs], "moderators")
    return tuple((name, float(value)) for name, value in pairs)


def _values(kind: str, protocol: Protocol, key: AnalysisKey) -> str:
    declared = protocol.find_outcome(key.outcome).values
    return member({one: one for one in (*declared, NOT_STATED)}, kind or NOT_STATED, "values")


def _subgroups(text: str, protocol: Protocol) -> tuple[tuple[str, str], ...]:
    pairs = tuple(part.partition("=")[::2] for part in text.split(";") if part)
    for name, level in pairs:
        subgroup = member(protocol.subgroup, name, "subgroups")
        member(dict.fromkeys(subgroup.levels), level, f"subgroups: {name}")
    _check_once([name for name, _ in pairs], "subgroups")
    return pairs


def _check_once(names: list[str], column: str) -> None:
    if len(set(names)) < len(names):
        raise ValueError(f"{column} {'; '.join(names)}: one is named twice, where each takes one value")
