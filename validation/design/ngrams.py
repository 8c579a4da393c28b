"""Set the rules beside a plain model of words and pairs of words, and the mean of both.

    python validation/design/ngrams.py ../shared/data

The same weak labels, the same corpora left out. Only words and pairs that occur in many corpora are used, so
that topics drop out as far as they can.
"""

import csv
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from corpora import corpora, families
from learning import Floats, fit, logits, table, weighed
from scipy.sparse import csr_matrix
from scipy.stats import rankdata
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from train import auroc, tell

from classifier.phrases import BORDER, words
from review.record import Record

_READ = Path(__file__).parents[2] / "tests/classifier/design_read.csv"
_RECORDS, _CORPORA = 60, 12
_STRENGTH = 0.01


def main(data: Path) -> None:
    """Print AUROC of rules, n-grams and the mean of their ranks, on weak labels and on what was read."""
    found = corpora(data)
    records = [one.record for one in found]
    labels = np.array([np.nan if one.label is None else one.label for one in found])
    family = np.array(families(found))
    rules, grams = table(records), _grams(records, np.array([one.corpus for one in found]))
    print(f"{grams.shape[1]} words and pairs")
    by_rules, by_grams = np.zeros(len(found)), np.zeros(len(found))
    for name in np.unique(family):
        there, known = family == name, np.where(family == name, np.nan, labels)
        by_rules[there] = logits(rules[there], fit(rules, known, weighed(known, family)))
        by_grams[there] = _learned(grams, known, family).decision_function(grams[there])
    mean = rankdata(by_rules) + rankdata(by_grams)
    read = _read([(one.corpus, one.record.accession) for one in found])
    for name, scores in (("rules", by_rules), ("words and pairs", by_grams), ("mean of ranks", mean)):
        print(f"{name}, each corpus left out:")
        tell(scores, labels, family)
        value, low, high = auroc(scores[read == "1"], scores[read == "0"])
        print(f"  labelled for it: AUROC {value:.3f} [{low:.3f}, {high:.3f}]")


def _grams(records: list[Record], corpus: np.ndarray) -> csr_matrix:
    counted = CountVectorizer(analyzer=_terms, min_df=_RECORDS, binary=True).fit_transform(records).tocsr()
    spread = sum((counted[corpus == name].mean(axis=0) > 0.002).astype(int) for name in np.unique(corpus))
    return counted[:, np.flatnonzero(np.asarray(spread).ravel() >= _CORPORA)]


def _terms(record: Record) -> list[str]:
    title = [word for word in words((record.title,)) if not word.isdigit()]
    body = [word for word in words((record.abstract,)) if not word.isdigit()]
    pairs = [
        f"{one} {two}" for part in (title, body) for one, two in pairwise(part) if BORDER not in {one, two}
    ]
    return [*title, *body, *pairs, *(f"title: {word}" for word in title)]


def _learned(grams: csr_matrix, labels: Floats, family: np.ndarray) -> LogisticRegression:
    """Fit with each soft label as two weighed records."""
    weights = weighed(labels, family)
    known = np.flatnonzero(~np.isnan(labels))
    rows = np.concatenate([known, known])
    sides = np.repeat([1, 0], len(known))
    shares = weights[rows] * np.concatenate([labels[known], 1 - labels[known]])
    used = shares > 0
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-3)
    return model.fit(grams[rows[used]], sides[used], sample_weight=shares[used])


def _read(keys: list[tuple[str, str]]) -> np.ndarray:
    with _READ.open(encoding="utf-8", newline="") as file:
        said = {(row["corpus"], row["id"]): row["randomised_trial"] for row in csv.DictReader(file)}
    return np.array([said.get(key, "") for key in keys])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
