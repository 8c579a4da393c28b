"""Ask the development reviews' own past whether promise and probabilities held.

Writes the section of docs/reference/promise.md between the marks "in time", and that of
docs/reference/model-card.md between the marks "calibration". About ten minutes.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import NAMES, load

sys.path.append(str(Path(__file__).parents[1]))
from page import write_section

from classifier.calibration import cross_fitted, fit_calibration
from classifier.ensemble import Ensemble, OutOfFold, fit_ensemble, words_for
from classifier.evaluation import Labelled, Split, brier, ece, share_interval, time_split, tiny_start
from classifier.forecasts import calibrate
from classifier.grade import Grade
from classifier.meanings import Words
from classifier.members import Settings
from classifier.time_check import NotChecked, TimeCheck, check_in_time
from classifier.training import TrainingSet, assemble

DOCS = Path(__file__).resolve().parents[2] / "docs/reference"
SEED = 1
RECALLS = (0.9, 0.95)
# Included records that a year must leave to find, for its split to say anything.
FEWEST = 5


def main() -> None:
    """Write both sections."""
    reviews = [one for one in map(load, NAMES) if one.years is not None]
    write_section("in time", _promises(reviews), DOCS / "promise.md")
    write_section("calibration", _calibrations(reviews), DOCS / "model-card.md")


def _promises(reviews: Sequence[Labelled]) -> str:
    rows: list[Sequence[object]] = []
    for recall in RECALLS:
        asked = {review.name: _asked(review, recall) for review in reviews}
        rows += [_row(recall, name, *one) for name, one in asked.items() if one[0]]
        rows.append(_all(recall, [one for one in asked.values() if one[0]]))
    return _table(_PROMISE, rows)


Checks = tuple[list[TimeCheck], TimeCheck | NotChecked]
"""What every year of a review said, and the one year that a card would ask."""

_PROMISE = (
    "promised",
    "review",
    "years asked",
    "share reached it",
    "contradicted",
    "above / included later",
    "share",
    "flagged",
    "the year a card asks: above / later (95%)",
    "flagged then",
)


def _asked(review: Labelled, recall: float) -> Checks:
    training = assemble(review.records, review.grades())
    words = words_for(training, Settings(), seed=SEED)
    checks = [_check(training, recall, year, words) for year in _years(review)]
    return [one for one in checks if isinstance(one, TimeCheck)], _check(training, recall, None, words)


def _row(recall: float, name: str, every: Sequence[TimeCheck], own: TimeCheck | NotChecked) -> list[object]:
    above, later = sum(one.above for one in every), sum(one.later for one in every)
    return [
        recall,
        name,
        *_kept(recall, every),
        f"{above} / {later}",
        f"{above / later:.3f}",
        f"{np.mean([one.flagged for one in every]):.2f}",
        *_of_cards([own]),
    ]


def _all(recall: float, asked: Sequence[Checks]) -> list[object]:
    every = [one for checks, _ in asked for one in checks]
    sums = np.array([[sum(c.above for c in one), sum(c.later for c in one)] for one, _ in asked])
    above, later = sums.sum(axis=0)
    low, high = _by_review(sums)
    return [
        recall,
        f"**all {len(asked)}**",
        *_kept(recall, every),
        f"{above} / {later}",
        f"{above / later:.3f} ({low:.3f}-{high:.3f})",
        f"{np.mean([one.flagged for one in every]):.2f}",
        *_of_cards([own for _, own in asked]),
    ]


def _kept(recall: float, every: Sequence[TimeCheck]) -> tuple[int, int, int]:
    reached = sum(one.above >= recall * one.later for one in every)
    return len(every), reached, sum(one.failed for one in every)


def _of_cards(asked: Sequence[TimeCheck | NotChecked]) -> tuple[str, str]:
    done = [one for one in asked if isinstance(one, TimeCheck)]
    if not done:
        return "could not be checked", ""
    above, later = sum(one.above for one in done), sum(one.later for one in done)
    low, high = share_interval(above, later)
    withdrawn = f", {n} withdrawn" if (n := sum(one.failed for one in done)) else ""
    share = np.mean([one.flagged for one in done])
    return f"{above} / {later} ({low:.3f}-{high:.3f}){withdrawn}", f"{share:.2f}"


def _by_review(sums: NDArray[np.int_]) -> tuple[float, float]:
    """Return the bootstrap interval over reviews: the years of one review share most of their reports."""
    chosen = np.random.default_rng(SEED).integers(len(sums), size=(10_000, len(sums)))
    drawn = sums[chosen].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return float(low), float(high)


def _check(
    training: TrainingSet, recall: float, until: int | None, words: Words | None
) -> TimeCheck | NotChecked:
    return check_in_time(training, Settings(), recall=recall, seed=SEED, until=until, words=words)


def _years(review: Labelled) -> list[int]:
    """Return every year with enough included before it to promise 0.9, and enough after it to find."""
    years = _known_years(review)
    included = years[review.included]
    every = [int(one) for one in np.unique(years)]
    return [one for one in every if (included <= one).sum() >= 9 and (included > one).sum() >= FEWEST]


@dataclass(frozen=True, slots=True)
class _Probabilities:
    """What a way of calibrating said of records, and the truth about them."""

    way: str
    ece: float
    brier: float


def _calibrations(reviews: Sequence[Labelled]) -> str:
    found = [one for review in reviews for one in (*_of_starts(review), *_of_splits(review))]
    ways = list(dict.fromkeys(one.way for one in found))
    rows = []
    for way in ways:
        those = [one for one in found if one.way == way]
        errors, squares = [one.ece for one in those], [one.brier for one in those]
        rows.append([way, len(those), f"{np.mean(errors):.3f}", f"{np.mean(squares):.3f}"])
    return _table(("probabilities", "trainings", "ECE", "Brier"), rows)


def _of_starts(review: Labelled) -> Iterator[_Probabilities]:
    for seed in (1, 2):
        start = tiny_start(review, seed=seed)
        if start is not None:
            yield from _held_out("tiny start, cross-fitted", start)
            yield from _to_come("tiny start, the rest", start)


def _of_splits(review: Labelled) -> Iterator[_Probabilities]:
    years = _known_years(review)
    included = np.sort(years[review.included])
    for year in sorted({int(included[int(share * len(included))]) for share in (0.5, 0.65, 0.8)}):
        split = time_split(review, year)
        past = years <= year
        if split is None or review.included[past].sum() < 10:
            continue
        yield from _held_out("time-split, cross-fitted", split)
        lately = review.included[years == year].mean()
        shares = {"re-anchored to the last year decided": float(lately)}
        shares["re-anchored to the true share (unknowable)"] = float(split.included.mean())
        yield from _to_come("time-split, later years", split)
        yield from _otherwise("time-split, later years", split, shares)


def _held_out(way: str, split: Split) -> Iterator[_Probabilities]:
    training = assemble(split.judged, split.grades, split.background, waiting=split.ranked)
    _, out = _fitted(training)
    included = training.is_any(Grade.INCLUDED)
    yield _said(way, included, cross_fitted(out.scores, included, out.folds))


def _to_come(way: str, split: Split) -> Iterator[_Probabilities]:
    training, scores, out = _scored(split)
    words = words_for(training, Settings(), seed=SEED)
    fitted = calibrate(training, out, Settings(), seed=SEED, words=words)
    if fitted is not None:
        yield _said(way, split.included, fitted.probability(scores))


def _otherwise(way: str, split: Split, shares: dict[str, float]) -> Iterator[_Probabilities]:
    """Calibrate on what was held out at random, whatever could be forecast."""
    training, scores, out = _scored(split)
    fitted = fit_calibration(out.scores, training.is_any(Grade.INCLUDED))
    way = f"{way}, by what was held out at random"
    yield _said(way, split.included, fitted.probability(scores))
    for name, share in shares.items():
        moved = fitted.at(share) if 0 < share < 1 else fitted
        yield _said(f"{way}, {name}", split.included, moved.probability(scores))


def _scored(split: Split) -> tuple[TrainingSet, NDArray[np.float64], OutOfFold]:
    training = assemble(split.judged, split.grades, split.background, waiting=split.ranked)
    ensemble, out = _fitted(training)
    return training, ensemble.scores(split.ranked, ensemble.features.transform(split.ranked)), out


def _fitted(training: TrainingSet) -> tuple[Ensemble, OutOfFold]:
    ensemble, out = fit_ensemble(training, Settings(), seed=SEED)
    if out is None:
        sys.exit("benchmark: found too few included or other records to hold any out; expected two of each")
    return ensemble, out


def _known_years(review: Labelled) -> NDArray[np.intp]:
    if review.years is None:
        sys.exit(f"benchmark: {review.name}: found no years; expected a set with a year for every record")
    return review.years


def _said(way: str, truth: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> _Probabilities:
    return _Probabilities(way, ece(truth, probabilities), brier(truth, probabilities))


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


if __name__ == "__main__":
    main()
