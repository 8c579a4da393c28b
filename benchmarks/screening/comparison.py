"""Two rankings of the same records beside one another: measures a split, means and intervals over sets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from classifier.evaluation import (
    Split,
    atd,
    average_precision,
    brier,
    ece,
    mean_interval,
    ndcg,
    recall_at,
    wss,
)
from classifier.members import Head
from classifier.ranker import Ranker

__all__ = ["MEASURES", "Compared", "Row", "compare", "lines", "listed"]

MEASURES = ("WSS@95", "AP", "ATD", "recall@10%", "NDCG", "WSS@95 worth reading")


@dataclass(frozen=True, slots=True)
class Row:
    """One split: ASReview's measures and ours, in the order of `MEASURES`; calibration is ours alone."""

    peer: NDArray[np.float64]
    ours: NDArray[np.float64]
    ece: float
    brier: float


Compared = Mapping[str, Sequence[Row]]
"""Rows by the name of the set."""


def compare(splits: Sequence[tuple[str, Split]], peer: Sequence[NDArray[np.float64]], what: str) -> Compared:
    """Rank each split and measure both rankings."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for (name, split), theirs in zip(track(list(splits), what, transient=True), peer, strict=True):
        rows[name].append(_row(split, theirs))
    return rows


def lines(compared: Compared) -> list[str]:
    """Return a table of means over sets: differences, intervals, on how many sets it is better."""
    peer, ours = (_means(compared, side) for side in ("peer", "ours"))
    rows = [
        "| mean over sets | ASReview | ours | difference | 95% interval | better on |",
        "|---|" + "---:|" * 5,
    ]
    for at, name in enumerate(MEASURES):
        difference = ours[:, at] - peer[:, at]
        low, high = mean_interval(difference, seed=1)
        better = (difference < 0) if name == "ATD" else (difference > 0)
        rows.append(
            f"| {name} | {peer[:, at].mean():.3f} | {ours[:, at].mean():.3f} | {difference.mean():+.3f} | "
            f"{low:+.3f} to {high:+.3f} | {better.sum()} of {len(better)} |"
        )
    for name in ("ece", "brier"):
        values = [np.nanmean([getattr(row, name) for row in rows_]) for rows_ in compared.values()]
        known = [one for one in values if not np.isnan(one)]
        rows.append(f"| {'ECE' if name == 'ece' else 'Brier'} | | {np.mean(known):.3f} | | | |")
    return rows


def listed(groups: Mapping[str, Compared]) -> list[str]:
    """Return a row a set and protocol with both figures of WSS@95, AP and WSS@95 worth reading."""
    chosen = [MEASURES.index(name) for name in ("WSS@95", "AP", "WSS@95 worth reading")]
    rows = [
        "| set | protocol | splits | WSS@95 | AP | WSS@95 worth reading |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for protocol, compared in groups.items():
        for name, found in compared.items():
            peer, ours = (np.mean([getattr(row, side) for row in found], axis=0) for side in ("peer", "ours"))
            cells = " | ".join(f"{peer[at]:.3f} → {ours[at]:.3f}" for at in chosen)
            rows.append(f"| {name.removeprefix('Cohen_')} | {protocol} | {len(found)} | {cells} |")
    return rows


def _row(split: Split, theirs: NDArray[np.float64]) -> Row:
    ranker = Ranker(seed=1)
    ranker.fit(split.judged, split.grades, background=split.background, waiting=split.ranked)
    scores = ranker.scores(split.ranked)
    triage = ranker.scores(split.ranked, head=Head.TRIAGE) if Head.TRIAGE in ranker.heads_ else scores
    calibration = ranker.calibration_
    given = None if calibration is None else calibration.probability(scores)
    return Row(
        peer=_measured(split, theirs, theirs),
        ours=_measured(split, scores, triage),
        ece=np.nan if given is None else ece(split.included, given),
        brier=np.nan if given is None else brier(split.included, given),
    )


def _measured(split: Split, scores: NDArray[np.float64], triage: NDArray[np.float64]) -> NDArray[np.float64]:
    final = [measure(split.included, scores) for measure in (wss, average_precision, atd, recall_at, ndcg)]
    return np.array([*final, wss(split.worth_reading, triage)])


def _means(compared: Compared, side: str) -> NDArray[np.float64]:
    return np.array([np.mean([getattr(row, side) for row in rows], axis=0) for rows in compared.values()])
