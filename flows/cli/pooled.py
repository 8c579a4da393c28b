"""Print a synthesis for people: the main result, what stands beside it, and what it signals."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flows.cli.printing import number, say, say_table

if TYPE_CHECKING:
    from review.result import ModeratorResult, PooledNumbers, Sensitivity, SmallStudyResult, Synthesis

__all__ = ["tell_synthesis"]

_NUMBERS = ("k", "estimate", "se", "95% CI", "tau2", "I2 %", "prediction interval", "by")


def tell_synthesis(synthesis: "Synthesis", *, new: bool) -> None:
    """Print everything that a synthesis holds, a table for each kind; what it does not hold is left out.

    Parameters
    ----------
    synthesis
        Numbers stand on its pooled scale, logarithms for RR and OR.
    new
        Whether it differs from the one kept before.
    """
    on_log_scale = " (log scale)" if synthesis.measure in {"RR", "OR"} else ""
    say(f"{synthesis.key}: {synthesis.measure}{on_log_scale}{', changed' if new else ''}")
    one_out = [one for one in synthesis.sensitivity if one.name.startswith("without ")]
    others = [one for one in synthesis.sensitivity if one not in one_out]
    main = ("main", *_cells(synthesis.numbers), synthesis.fallback)
    _table(
        "Main result and sensitivity analyses", ("analysis", *_NUMBERS, "note"), [main, *_analyses(others)]
    )
    _table("Leave one out", ("analysis", *_NUMBERS, "note"), _analyses(one_out))
    _table("Subgroups", ("subgroup", *_NUMBERS, "test between levels"), _subgroups(synthesis))
    moderator = (
        "moderator",
        "k",
        "slope per unit",
        "95% CI",
        "p",
        "p permuted",
        "R2 %",
        "tau2 left",
        "by",
        "note",
    )
    _table("Moderators", moderator, map(_moderator, synthesis.moderators))
    look = ("look", "p", "estimate without them", "95% CI", "note")
    _table("Small-study effects", look, map(_small_study, synthesis.small_study))
    _table("Signals", ("signal", "state", "detail", "source"), _signals(synthesis))
    for note in synthesis.notes:
        say(f"  {note}")
    for pending in synthesis.pending:
        say(f"  {pending.study} waits: {pending.why}")
    say()


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    told = list(rows)
    # A column that says nothing in any row only pushes the others apart.
    kept = [place for place in range(len(columns)) if any(row[place] for row in told)]
    if told:
        say_table(title, [columns[place] for place in kept], [[row[place] for place in kept] for row in told])
        say()


def _analyses(found: "Iterable[Sensitivity]") -> "Iterator[tuple[str, ...]]":
    for one in found:
        yield (one.name, *(_cells(one.numbers) if one.numbers else ("-",) * len(_NUMBERS)), one.note)


def _subgroups(synthesis: "Synthesis") -> "Iterator[tuple[str, ...]]":
    for one in synthesis.subgroups:
        test = f"Q {number(one.q_between, 2)} on {one.df} df, p {_p(one.pval)}"
        for level, numbers in one.levels:
            yield (f"{one.name}: {level}", *_cells(numbers), test)


def _moderator(found: "ModeratorResult") -> tuple[str, ...]:
    if not found.coefficients:
        return (found.name, str(found.k), *("-",) * 7, found.note)
    slope = found.coefficients[-1]
    return (
        found.name,
        str(found.k),
        number(slope.estimate, 4),
        _interval(slope.ci_lb, slope.ci_ub),
        _p(slope.pval),
        _p(found.pval_permuted),
        number(found.r2, 1),
        number(found.tau2, 4),
        found.test,
        found.note,
    )


def _small_study(look: "SmallStudyResult") -> tuple[str, ...]:
    bounds = _interval(look.ci_lb, look.ci_ub)
    return (look.name, _p(look.pval), number(look.estimate, 4), bounds, look.note)


def _signals(synthesis: "Synthesis") -> "Iterator[tuple[str, ...]]":
    states = {True: "fired", False: "not fired", None: "not computable"}
    for one in synthesis.signals:
        yield (one.name, states[one.fired], one.detail, one.source)


def _cells(pooled: "PooledNumbers") -> tuple[str, ...]:
    return (
        str(pooled.k),
        number(pooled.estimate, 4),
        number(pooled.se, 4),
        _interval(pooled.ci_lb, pooled.ci_ub),
        number(pooled.tau2, 4),
        number(pooled.i2, 1),
        f"{_interval(pooled.pi_lb, pooled.pi_ub)} {pooled.pi_df}" if pooled.pi_df else "-",
        f"{pooled.method} {pooled.test}",
    )


def _interval(lower: float | None, upper: float | None) -> str:
    return "-" if lower is None else f"{number(lower, 4)} to {number(upper, 4)}"


def _p(value: float | None) -> str:
    return "< 0.001" if value is not None and value < 0.001 else number(value)
