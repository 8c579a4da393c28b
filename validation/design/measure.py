"""Measure the shipped design tag on records labelled for it, and on PubMed records; it learned of neither.

    python validation/design/measure.py ../shared/data

Prints AUROC with bootstrap intervals, sensitivity and specificity with exact (Clopper-Pearson) intervals, the
same for titles alone, each PubMed record on which tag and publication type disagree, and the speed.
"""

import csv
import gzip
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from corpora import corpora
from learning import Floats
from scipy.stats import binomtest
from train import auroc

from classifier.design import BALANCED, SENSITIVE, text_likelihood
from review.record import Record
from search import pubmed_xml

_READ = Path(__file__).parents[2] / "tests/classifier/design_read.csv"
_FOR_SPEED = 5_000


def main(data: Path) -> None:
    """Print everything."""
    known = {(one.corpus, one.record.accession): one.record for one in corpora(data)}
    rows = list(csv.DictReader(_READ.open(encoding="utf-8", newline="")))
    records = [known[row["corpus"], row["id"]] for row in rows]
    labels = np.array([row["randomised_trial"] for row in rows])
    later = np.array([row["rules_fixed"] == "yes" for row in rows])
    tell("read before the rules were fixed", records, np.where(later, "", labels))
    tell("read after", records, np.where(later, labels, ""))
    tell("all that was read", records, labels)
    tell("all, titles alone", [replace(one, abstract="") for one in records], labels)
    tell("all, what is unclear taken for no trial", records, np.where(labels == "", "0", labels))
    tell("all, what is unclear taken for a trial", records, np.where(labels == "", "1", labels))
    _pubmed(data / "pubmed/distinct-496.xml.gz")
    _speed(list(known.values())[:: len(known) // _FOR_SPEED])


def tell(name: str, records: list[Record], labels: np.ndarray) -> None:
    """Print the figures of records labelled ``1`` and ``0``; others are left out."""
    likelihood = text_likelihood(records)
    trials, others = likelihood[labels == "1"], likelihood[labels == "0"]
    value, low, high = auroc(trials, others)
    print(f"{name} ({len(trials)} to {len(others)}): AUROC {value:.3f} [{low:.3f}, {high:.3f}]")
    for point in (SENSITIVE, BALANCED):
        found, spared = _share(trials >= point.threshold), _share(others < point.threshold)
        print(f"  from {point.threshold:g}: sensitivity {found}, specificity {spared}")


def _share(holds: np.ndarray) -> str:
    exact = binomtest(int(holds.sum()), len(holds)).proportion_ci()
    return f"{holds.mean():.3f} [{exact.low:.3f}, {exact.high:.3f}]"


def _pubmed(path: Path) -> None:
    with gzip.open(path) as stream:
        records = [one for one in pubmed_xml.read(stream) if isinstance(one, Record)]
    typed = np.array([str(int("Randomized Controlled Trial" in one.publication_types)) for one in records])
    tell("PubMed, by publication type", records, typed)
    likelihood: Floats = text_likelihood(records)
    for record, kind, value in zip(records, typed, likelihood, strict=True):
        if (kind == "1") != (value >= BALANCED.threshold):
            print(
                f"  {value:.2f} {record.pmid} {'typed' if kind == '1' else 'not typed'}: {record.title[:90]}"
            )


def _speed(records: list[Record]) -> None:
    start = time.process_time()
    text_likelihood(records)
    print(f"{len(records) / (time.process_time() - start):,.0f} records a second of one core")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
