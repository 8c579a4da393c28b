"""The labelled reviews of the data folder, as `classifier.evaluation` takes them."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from classifier.evaluation import Labelled
from review.record import Record

__all__ = ["DATA", "NAMES", "load", "table"]

DATA = Path(__file__).parents[3] / "shared" / "data" / "screening"
NAMES = tuple(sorted(path.name.removesuffix(".csv.gz") for path in DATA.glob("*.csv.gz")))


def table(name: str) -> pd.DataFrame:
    """Return the rows of a set, in the order of its file, without missing texts."""
    path = DATA / f"{name}.csv.gz"
    if not path.exists():
        sys.exit(f"benchmark: found no {path.name} in the data folder; expected the labelled reviews there")
    rows = pd.read_csv(path)
    rows[["title", "abstract"]] = rows[["title", "abstract"]].fillna("").astype(str)
    return rows


def load(name: str) -> Labelled:
    """Return a set as a labelled review; years and full-text labels where the set has them."""
    rows = table(name)
    read, years = rows.get("label_abstract_screening"), rows.get("year")
    known = years is not None and bool(years.notna().all())
    dated = [None] * len(rows) if years is None else [None if pd.isna(one) else int(one) for one in years]
    included = rows["label_included"].to_numpy() > 0
    return Labelled(
        name=name,
        records=tuple(
            Record(source="screening", accession=str(at), title=title, abstract=abstract, year=year)
            for at, (title, abstract, year) in enumerate(
                zip(rows["title"], rows["abstract"], dated, strict=True)
            )
        ),
        included=included,
        worth_reading=None if read is None else (read.to_numpy() > 0) | included,
        years=years.to_numpy().astype(np.intp) if known and years is not None else None,
    )
