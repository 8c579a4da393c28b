"""How the machine was used: the model card, its promise, and how much it flagged. It decided nothing."""

from dataclasses import dataclass

from publisher.snapshot import Snapshot
from publisher.words import day, number
from review.suggestion import Model

__all__ = ["MachineUse", "ModelCard", "machine_use"]

MOST_MODELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What one model learned from and what it can promise."""

    id: str
    when: str
    seed: int
    training_digest: str
    grades: tuple[tuple[str, int], ...]
    metrics: tuple[tuple[str, str], ...]
    threshold: str
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineUse:
    """The newest model first; counts are those of all runs together."""

    cards: tuple[ModelCard, ...]
    older: int
    ranked: int
    flagged: int
    queued: int
    set_aside: int


def machine_use(snapshot: Snapshot) -> MachineUse:
    """Return how the machine was used up to the snapshot."""
    models = snapshot.ledger.models
    runs = snapshot.ledger.runs
    given = [one for one in snapshot.material.suggestions if one.at <= snapshot.at]
    return MachineUse(
        cards=tuple(_card(model) for model in reversed(models[-MOST_MODELS:])),
        older=max(0, len(models) - MOST_MODELS),
        ranked=len({one.report for one in given}),
        flagged=len(snapshot.flagged),
        queued=sum(run.counts.queued for run in runs),
        set_aside=sum(run.counts.set_aside for run in runs),
    )


def _card(model: Model) -> ModelCard:
    return ModelCard(
        id=str(model.id),
        when=day(model.at),
        seed=model.seed,
        training_digest=model.training_digest,
        grades=model.grades,
        metrics=tuple((name, number(value, 3)) for name, value in model.metrics),
        threshold="none" if model.threshold is None else number(model.threshold, 3),
        promise=model.promise,
    )
