"""How the machine was used: the model card, its promise, and how much it flagged. It decided nothing."""

from dataclasses import dataclass

from publisher.snapshot import Snapshot
from publisher.words import day, interval, number
from review.in_force import model_in_force
from review.ledger import Ledger
from review.suggestion import Model

__all__ = ["Figure", "MachineUse", "ModelCard", "machine_use", "model_card"]

MOST_MODELS = 12

_NAMES = {
    "WSS@95": "work saved at 95% recall (WSS@95)",
    "WSS@100": "work saved at full recall (WSS@100)",
    "recall@10%": "recall in the first 10%",
    "ATD": "mean share read before each that counts (ATD)",
    "AP": "average precision (AP)",
    "NDCG": "discounted cumulative gain (NDCG)",
    "Brier": "Brier score of the probabilities",
    "ECE": "calibration error of the probabilities (ECE)",
}
"""What the short names of figures stand for; another name is shown as it is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a model, and its 95% interval where it has one."""

    name: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What one model learned from, what it can promise, and what it cannot do.

    Parameters
    ----------
    labels
        How the labels came about; empty where it is not known.
    line
        The threshold, and whether it bears a promise.
    withdrawn
        Why a promise that could have been given was not; empty where it was.
    """

    id: str
    when: str
    seed: int
    training_digest: str
    grades: tuple[tuple[str, int], ...]
    labels: str
    figures: tuple[Figure, ...]
    line: str
    threshold_version: str
    promise: str
    withdrawn: str
    time_check: str
    limits: tuple[str, ...]
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineUse:
    """The model in force first, then the others, the newest first; counts are those of all runs together."""

    cards: tuple[ModelCard, ...]
    older: int
    ranked: int
    flagged: int
    queued: int
    set_aside: int


def machine_use(snapshot: Snapshot) -> MachineUse:
    """Return how the machine was used up to the snapshot."""
    models = _in_force_first(snapshot.ledger)
    runs = snapshot.ledger.runs
    given = [one for one in snapshot.material.suggestions if one.at <= snapshot.at]
    return MachineUse(
        cards=tuple(model_card(model) for model in models[:MOST_MODELS]),
        older=max(0, len(models) - MOST_MODELS),
        ranked=len({one.report for one in given}),
        flagged=len(snapshot.flagged),
        queued=sum(run.counts.queued for run in runs),
        set_aside=sum(run.counts.set_aside for run in runs),
    )


def _in_force_first(ledger: Ledger) -> list[Model]:
    present, newest_first = model_in_force(ledger), ledger.models[::-1]
    return sorted(newest_first, key=lambda model: model != present)


def model_card(model: Model) -> ModelCard:
    """Return a model's card in words."""
    return ModelCard(
        id=str(model.id),
        when=day(model.at),
        seed=model.seed,
        training_digest=model.training_digest,
        grades=model.grades,
        labels=model.labels,
        figures=_figures(model),
        line=_line(model),
        threshold_version=model.threshold_version,
        promise=model.promise,
        withdrawn=model.promise_withdrawn,
        time_check=model.time_check,
        limits=model.limits,
        statement=model.statement,
    )


def _figures(model: Model) -> tuple[Figure, ...]:
    sure = {one.figure: interval(one.low, one.high, 3) for one in model.intervals}
    return tuple(
        Figure(_spelt_out(name), _value(name, value), sure.get(name, "")) for name, value in model.metrics
    )


def _spelt_out(name: str) -> str:
    short = name.removeprefix("triage ")
    return f"{name.removesuffix(short)}{_NAMES.get(short, short)}"


def _value(name: str, value: float) -> str:
    """Write a figure; *n included* and *triage n worth reading* are counts."""
    return f"{value:,.0f}" if "n" in name.split() else number(value, 3)


def _line(model: Model) -> str:
    if model.threshold is None:
        return "none: everything is flagged"
    return f"{number(model.threshold, 3)}, {'which bears the promise' if model.promised else 'no promise'}"
