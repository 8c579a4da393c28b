"""Learn the weights of the design tag again, and say how good they are where they were not learned.

    python validation/design/train.py ../shared/data [--write]

Prints, for corpora left out of the learning: AUROC with bootstrap intervals, and sensitivity and specificity
at the two operating points. With --write the weights go into classifier/design_rules.csv; the same data give
the same file.
"""

import argparse
import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from corpora import Labelled, corpora, families
from learning import Floats, fit, guessed, logits, table, weighed
from scipy.special import expit

from classifier.design import BALANCED, SENSITIVE

_RULES = Path(__file__).parents[2] / "classifier" / "design_rules.csv"
_DRAWS = 500
# A label that a model which never saw the corpus holds for all but impossible is left out of the last fit.
_DOUBTFUL = 0.03


def main() -> None:
    """Read, learn, tell, and write where asked to."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    found = corpora(given.data)
    held = table([one.record for one in found])
    labels, family = _labels(found), np.array(families(found))
    print(f"{len(found)} records, {(labels == 1).sum()} taken for trials, {(labels < 1).sum()} for others")
    print("guessed by hand:")
    tell(logits(held, guessed()), labels, family)
    left_out = leave_one_out(held, labels, family)
    print("learned, each corpus scored by weights learned without it:")
    tell(left_out, labels, family)
    titles = table([replace(one.record, abstract="") for one in found])
    print("the same, titles alone:")
    tell(leave_one_out(held, labels, family, scored=titles), labels, family)
    kept = without_doubtful(labels, expit(left_out))
    print(f"left out of the last fit as doubtful: {int((~np.isnan(labels)).sum() - (~np.isnan(kept)).sum())}")
    weights = fit(held, kept, weighed(kept, family))
    if given.write:
        write(weights)


def _labels(found: list[Labelled]) -> Floats:
    return np.array([np.nan if one.label is None else one.label for one in found])


def leave_one_out(
    held: Floats, labels: Floats, family: np.ndarray, *, scored: Floats | None = None
) -> Floats:
    """Return each record's log-odds by weights that were learned without its corpus."""
    result = np.zeros(len(labels))
    for name in np.unique(family):
        others = np.where(family == name, np.nan, labels)
        weights = fit(held, others, weighed(others, family))
        result[family == name] = logits((held if scored is None else scored)[family == name], weights)
    return result


def without_doubtful(labels: Floats, likelihood: Floats) -> Floats:
    """Blank the labels that are all but impossible (Northcutt et al. 2021, in its simplest form)."""
    doubtful = ((labels == 1) & (likelihood < _DOUBTFUL)) | ((labels == 0) & (likelihood > 1 - _DOUBTFUL))
    return np.where(doubtful, np.nan, labels)


def tell(scores: Floats, labels: Floats, family: np.ndarray) -> None:
    """Print how the trials of each corpus stand to the others of all corpora, protocols apart."""
    others = labels == 0
    for name in ("trial pool", "drug reviews", "pain"):
        trials = (labels == 1) & (family == name)
        _line(name, scores[trials], scores[others])
    own = family == "drug reviews"
    _line("drug reviews, among themselves", scores[own & (labels == 1)], scores[own & others])
    _line("pool, against protocols", scores[(labels == 1) & ~own], scores[(labels > 0) & (labels < 1)])


def _line(name: str, trials: Floats, others: Floats) -> None:
    value, low, high = auroc(trials, others)
    points = ", ".join(
        f"{(expit(trials) >= point.threshold).mean():.3f}/{(expit(others) < point.threshold).mean():.3f}"
        for point in (SENSITIVE, BALANCED)
    )
    print(
        f"  {name} ({len(trials)} to {len(others)}): "
        f"AUROC {value:.3f} [{low:.3f}, {high:.3f}], se/sp {points}"
    )


def auroc(trials: Floats, others: Floats) -> tuple[float, float, float]:
    """Return the AUROC and its 95% percentile bootstrap interval, both classes drawn anew."""
    rng = np.random.default_rng(1)
    draws = [_auroc(rng.choice(trials, len(trials)), rng.choice(others, len(others))) for _ in range(_DRAWS)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return _auroc(trials, others), float(low), float(high)


def _auroc(trials: Floats, others: Floats) -> float:
    """Return the share of pairs in which the trial stands higher, a tie counting half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, trials, "left") + np.searchsorted(ordered, trials, "right")
    return float(below.mean() / 2 / len(others))


def write(weights: Floats) -> None:
    """Put the weights, to two places, into the file of rules."""
    with _RULES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, weight in zip(rows, weights, strict=True):
        row["weight"] = f"{weight + 0.0:.2f}"
    with _RULES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
