"""Simulate what promise, audit bounds and stopping rules keep, and write docs/reference/promise.md."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from page import write_section

from classifier.stopping import hypergeometric_p, irrelevant_in_a_row
from classifier.strata import Sample, least_relevant, most_relevant
from classifier.threshold import Threshold, promise

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/promise.md"
SEED = 20140226
PROMISES, AUDITS, ORDERS = 20_000, 2_000, 200


def main() -> None:
    """Write each table between its marks."""
    write_section("promise", _table(_PROMISE, _promises()), PAGE)
    write_section("audit", _table(_AUDIT, _audits()), PAGE)
    write_section("stopping", _table(_STOPPING, _stopping()), PAGE)


_PROMISE = ("asked", "n positives", "kept on average", "5% of reviews below", "5% of reviews above")
_AUDIT = ("cycles: set aside (drawn)", "relevant among them", "they hide", "upper bound holds", "lower holds")
_STOPPING = ("records", "relevant", "odds of relevant first", "rule", "false stops", "read when stopping")


def _promises() -> Iterator[Sequence[object]]:
    for asked in (0.9, 0.95):
        for n in (19, 20, 39, 60, 100, 200):
            dice = np.random.default_rng((SEED, n))
            lines = (promise(dice.random(n), asked) for _ in range(PROMISES))
            kept = np.array([1 - one.value for one in lines if isinstance(one, Threshold)])
            low, high = np.quantile(kept, [0.05, 0.95])
            yield asked, n, f"{kept.mean():.3f}", f"{low:.3f}", f"{high:.3f}"


_CYCLES = (
    ((500,), (10,)),
    ((500,), (100,)),
    ((100,) * 12, (10,) * 12),
    ((2_000, *(50,) * 11), (10,) * 12),
    ((40, 15, 300), (10, 10, 5)),
)


def _audits() -> Iterator[Sequence[object]]:
    for sizes, drawn in _CYCLES:
        for share in (0.005, 0.02, 0.1):
            relevant = max(1, round(share * sum(sizes)))
            for name, spread in _spreads(relevant, sizes, drawn).items():
                upper, lower = _coverage(spread, sizes, drawn)
                yield _said(sizes, drawn), relevant, name, f"{upper:.3f}", f"{lower:.3f}"


def _said(sizes: tuple[int, ...], drawn: tuple[int, ...]) -> str:
    pairs = [f"{size} ({n})" for size, n in zip(sizes, drawn, strict=True)]
    runs = {pair: pairs.count(pair) for pair in pairs}
    return ", ".join(f"{times} x {pair}" if times > 1 else pair for pair, times in runs.items())


def _spreads(relevant: int, sizes: tuple[int, ...], drawn: tuple[int, ...]) -> dict[str, NDArray[np.int_]]:
    """Spread the relevant by size, all where sampling is thinnest, and all where it is thickest."""
    if len(sizes) == 1:
        return {"anywhere": np.array([relevant])}
    rates = np.array(drawn) / np.array(sizes)
    if len(set(rates)) == 1:
        return {
            "evenly": _filled(
                relevant, np.full(len(sizes), -(-relevant // len(sizes))), np.arange(len(sizes))
            )
        }
    by_rate = np.argsort(rates, kind="stable")
    return {
        "where sampling is thinnest": _filled(relevant, np.array(sizes), by_rate),
        "where it is thickest": _filled(relevant, np.array(sizes), by_rate[::-1]),
    }


def _filled(relevant: int, room: NDArray[np.int_], order: NDArray[np.int_]) -> NDArray[np.int_]:
    spread = np.zeros(len(room), dtype=int)
    for at in order:
        spread[at] = min(room[at], relevant - spread.sum())
    return spread


def _coverage(
    spread: NDArray[np.int_], sizes: tuple[int, ...], drawn: tuple[int, ...]
) -> tuple[float, float]:
    dice = np.random.default_rng(SEED)
    found = dice.hypergeometric(spread, np.array(sizes) - spread, drawn, size=(AUDITS, len(sizes)))
    held = np.array([_bounds(sizes, drawn, tuple(map(int, row))) for row in found])
    return float(np.mean(held[:, 1] >= spread.sum())), float(np.mean(held[:, 0] <= spread.sum()))


@cache
def _bounds(sizes: tuple[int, ...], drawn: tuple[int, ...], found: tuple[int, ...]) -> tuple[int, int]:
    strata = sorted(zip(sizes, drawn, found, strict=True))
    return _of_strata(tuple(strata))


@cache
def _of_strata(strata: tuple[tuple[int, int, int], ...]) -> tuple[int, int]:
    samples = [Sample(of, n, x) for of, n, x in strata]
    return least_relevant(samples), most_relevant(samples)


def _stopping() -> Iterator[Sequence[object]]:
    for total, relevant in ((500, 10), (1_000, 50), (2_000, 100)):
        for odds in (1, 3, 10, 30):
            dice = np.random.default_rng((SEED, total, odds))
            orders = [_order(total, relevant, odds, dice) for _ in range(ORDERS)]
            for name, rule in _RULES.items():
                ends = [_end(labels, rule) for labels in orders]
                false = np.mean(
                    [labels[:end].sum() < 0.95 * relevant for labels, end in zip(orders, ends, strict=True)]
                )
                yield total, relevant, odds, name, f"{false:.3f}", f"{np.mean(ends) / total:.2f}"


def _hypergeometric(labels: NDArray[np.int_], total: int) -> bool:
    return hypergeometric_p(labels, total, 0.95) < 0.05


_RULES = {
    "hypergeometric, ranked": _hypergeometric,
    "50 in a row": lambda labels, _total: irrelevant_in_a_row(labels, 50).may_stop,
    "200 in a row": lambda labels, _total: irrelevant_in_a_row(labels, 200).may_stop,
}


def _order(total: int, relevant: int, odds: float, dice: np.random.Generator) -> NDArray[np.int_]:
    """Return labels in an order in which a relevant record is `odds` times as likely to come next."""
    weight = np.ones(total)
    weight[:relevant] = odds
    return (np.argsort(dice.exponential(size=total) / weight) < relevant).astype(int)


def _end(labels: NDArray[np.int_], rule: object) -> int:
    """Return where a rule that is asked twenty times first allows stopping."""
    step = len(labels) // 20
    ends = range(step, len(labels) + 1, step)
    return next((end for end in ends if rule(labels[:end], len(labels))), len(labels))  # type: ignore[operator]


def _table(head: Sequence[str], rows: Iterator[Sequence[object]]) -> str:
    lines = (f"| {' | '.join(map(str, row))} |" for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines))


if __name__ == "__main__":
    main()
