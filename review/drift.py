"""What a new batch of records looks like beside what the model knew: checks, each with its n and its word."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import ModelId

__all__ = ["Drift", "DriftCheck", "Level"]


class Level(StrEnum):
    """What a check says of the promise, the gravest last."""

    TOO_FEW = "too few to tell"
    FINE = "fine"
    LOOK = "look"
    WITHDRAWN = "promise withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCheck:
    """One comparison of the new batch with what was known.

    Parameters
    ----------
    name
        What was compared: *scores*, *words*, *abstracts*, *flagged*, *recall*.
    n
        How many of the new batch (or of the decisions since) it rests on.
    sentence
        What was found, with its figures, to be shown as it is.
    value
        The new batch's figure: a share, or the statistic of the test; None where too few tell.
    before
        The figure that it is compared with.
    low, high
        Exact 95% interval of `value`, where it is a share.
    p
        Of the test that the two figures differ, where there is one.
    """

    name: str
    level: Level
    n: int
    sentence: str
    value: float | None = None
    before: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What one cycle's new reports look like beside what its model knew.

    Parameters
    ----------
    id
        Digest of model, batch, figures and the look before: the same look twice in a row is one row.
    new
        How many reports were new in the cycle.
    """

    id: str
    model: ModelId
    at: datetime
    new: int
    checks: tuple[DriftCheck, ...]

    @property
    def level(self) -> Level:
        """The gravest of the checks."""
        order = list(Level)
        return max((one.level for one in self.checks), key=order.index, default=Level.TOO_FEW)

    @property
    def withdraws(self) -> str:
        """The sentences of the checks by which the promise is withdrawn; empty where it stands."""
        return " ".join(one.sentence for one in self.checks if one.level is Level.WITHDRAWN)
