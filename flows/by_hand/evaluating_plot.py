"""The plot of an evaluation: recall curves with the line of the flagged, and how probabilities came true."""

from collections.abc import Iterator
from pathlib import Path

from classifier.evaluation.judged import Judged
from flows.by_hand.evaluating import Evaluation
from flows.errors import Refused
from flows.files import write_atomically
from publisher.figures_ranking import FORMATS, Curve, RankingPlot, ReliabilityBin, draw_ranking

__all__ = ["plotted", "refuse_unwritable", "write_plot"]

PAST = "history: as models ranked before decisions"
WOULD_HAVE = "time-split: as models of the years before would have ranked"


def refuse_unwritable(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is worked out for it.

    Raises
    ------
    Refused
        When its ending is unknown, its folder is not there, or it is a folder.
    """
    if path.suffix not in FORMATS:
        raise Refused(f"{path}: found ending {path.suffix!r}; expected {' or '.join(FORMATS)}; name it so")
    if path.is_dir():
        raise Refused(f"{path}: found a folder; expected a file to write; name another")
    if not path.parent.is_dir():
        raise Refused(f"{path}: found no folder {path.parent}; expected one that is there; make it first")


def plotted(found: Evaluation) -> RankingPlot | None:
    """Return what can be drawn; None where nothing included was ranked."""
    judged = dict(_judged(found))
    if not judged:
        return None
    bins = next((one.reliability for one in judged.values() if one.reliability), ())
    return RankingPlot(
        title=f"{found.review}: how soon the ranking finds what is included",
        description=" ".join(f"{label}: {one.sentence}" for label, one in judged.items()),
        curves=tuple(_curve(label, one) for label, one in judged.items()),
        reliability=tuple(ReliabilityBin(one.probability, one.observed, one.n) for one in bins),
    )


def write_plot(found: Evaluation, path: Path) -> bool:
    """Write the plot; False where there is nothing to draw."""
    refuse_unwritable(path)
    plot = plotted(found)
    if plot:
        write_atomically(path, draw_ranking(plot, path.suffix))
    return plot is not None


def _judged(found: Evaluation) -> Iterator[tuple[str, Judged]]:
    if found.history and found.history.judged and found.history.judged.curve:
        yield PAST, found.history.judged
    if found.time_split and found.time_split.pooled and found.time_split.pooled.curve:
        yield WOULD_HAVE, found.time_split.pooled


def _curve(label: str, judged: Judged) -> Curve:
    value = {one.name: one.value for one in judged.standing}
    return Curve(
        label=f"{label} (n = {judged.included})",
        points=tuple((step.read, step.recall) for step in judged.curve),
        ideal=tuple((step.read, step.recall) for step in judged.ideal),
        flagged=(value["flagged share"], value["recall of the flagged"]),
    )
