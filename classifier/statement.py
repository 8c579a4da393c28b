"""The paragraph for the review's report: which tool did what, on which data, under whose eyes, how well.

It answers what PRISMA-trAIce (a checklist proposed in 2025 as an extension of PRISMA 2020) and RAISE
(Responsible AI in Evidence Synthesis, 2025) ask of a tool that makes suggestions: name and version, task and
stage, data it learned from, human oversight, performance with its uncertainty, limits. Every clause follows
from the card; nothing is claimed that was not measured, and what was not measured is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from review.suggestion import Interval, Model

__all__ = ["Folds", "statement_of"]

_CHOSEN = ("recall@10%", "AP", "WSS@95")


@dataclass(frozen=True, slots=True)
class Folds:
    """How many folds were held out in turn, and in how many of them an included report was."""

    n: int
    with_included: int

    def sentence(self) -> str:
        """Say it in the words of a report."""
        few = (
            ""
            if self.with_included == self.n
            else f" (only {self.with_included} folds held an included report)"
        )
        return f"{self.n}-fold cross-validation{few}"


def statement_of(card: Model, *, method: str, calibrated: bool, folds: Folds | None) -> str:
    """Return the paragraph that follows from a card.

    Parameters
    ----------
    card
        With everything but the statement.
    method
        Name and version of the method.
    folds
        Those that were held out in turn; None where nothing was.
    """
    sentences = (
        _tool(card, method),
        f"It learned from {_grades(card)} (training set {card.training_digest[:16]}). {card.labels}",
        _oversight(calibrated=calibrated),
        _performance(card, folds),
        _promise(card),
        f"Limits: {' '.join(card.limits)}" if card.limits else "",
    )
    return " ".join(one for one in sentences if one)


def _tool(card: Model, method: str) -> str:
    return (
        "Reports awaiting title and abstract screening were ordered by a machine-learning model "
        f"(Living Review, method {method}, model {card.id}, trained {card.at.date()}, seed {card.seed})."
    )


def _oversight(*, calibrated: bool) -> str:
    probability = ", a calibrated probability" if calibrated else ""
    return (
        f"The model gives an order, a score{probability} and reasons; it includes and excludes nothing: "
        "a decision is a person's, or imported from another review with its citation."
    )


def _grades(card: Model) -> str:
    return ", ".join(f"{n} {name}" for name, n in card.grades if n)


def _performance(card: Model, folds: Folds | None) -> str:
    metrics = dict(card.metrics)
    if folds is None or not metrics:
        return "Its performance was not measured."
    ends = {one.figure: one for one in card.intervals}
    figures = [_figure(name, metrics[name], ends) for name in _CHOSEN if name in metrics]
    if "ECE" in metrics:
        figures.append(_figure("ECE", metrics["ECE"], ends))
    return f"Held out by {folds.sentence()} it reached {', '.join(figures)}."


def _figure(name: str, value: float, ends: Mapping[str, Interval]) -> str:
    if name not in ends:
        return f"{name} {value:.3f}"
    return f"{name} {value:.3f} (95% interval {ends[name].low:.3f} to {ends[name].high:.3f})"


def _promise(card: Model) -> str:
    return f"{card.promise} {card.time_check}".strip()
