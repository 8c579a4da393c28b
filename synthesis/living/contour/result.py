"""What a contour holds: each size of a new trial with the effects that would change the conclusion."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.living.contour.stretches import Side, Stretch
from synthesis.living.contour.with_new_trial import Question

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Contour", "NewTrial"]

_CONCLUSIONS: dict[Question, dict[Side, str]] = {
    "significance": {
        Side.ABOVE: "the confidence interval lies above no effect",
        Side.BETWEEN: "the confidence interval includes no effect",
        Side.BELOW: "the confidence interval lies below no effect",
    },
    "mid": {
        Side.ABOVE: "the estimate lies beyond the minimal important difference upwards",
        Side.BETWEEN: "the estimate lies within the minimal important difference",
        Side.BELOW: "the estimate lies beyond the minimal important difference downwards",
    },
    "prediction": {
        Side.ABOVE: "the prediction interval lies above no effect",
        Side.BETWEEN: "the prediction interval includes no effect",
        Side.BELOW: "the prediction interval lies below no effect",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrial:
    """A size, and what the conclusion would be for each effect that such a trial may show.

    Parameters
    ----------
    se
        Its standard error on the pooled scale.
    participants
        The number that the standard error follows from; None where the standard error was given.
    now
        The side on which the pool is without it.
    stretches
        The whole range of effects, cut wherever the conclusion changes.
    """

    se: float
    participants: int | None
    now: Side
    stretches: tuple[Stretch, ...]

    @property
    def boundaries(self) -> tuple[float, ...]:
        """The effects at which the conclusion changes, ascending."""
        return tuple(one.low for one in self.stretches[1:])

    @property
    def changing(self) -> tuple[Stretch, ...]:
        """The stretches of effects that would change the conclusion; none where no trial of this size can."""
        return tuple(one for one in self.stretches if one.side is not self.now)

    @property
    def size(self) -> str:
        """The size in words."""
        if self.participants is None:
            return f"a standard error of {self.se:.3g}"
        return f"{self.participants} participants (standard error {self.se:.3g})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contour:
    """For each size of a new trial, the effects with which it would change the conclusion.

    Parameters
    ----------
    question
        Which conclusion: ``significance``, ``mid`` or ``prediction``.
    low, high
        The range of effects that was searched; outside it nothing is said.
    conversion
        How standard errors follow from participants, as a sentence; empty where they were given.
    """

    question: Question
    now: Side
    estimate: float
    ci_lb: float
    ci_ub: float
    low: float
    high: float
    trials: tuple[NewTrial, ...]
    conversion: str

    @property
    def conclusion(self) -> str:
        """What is concluded at present, as a clause."""
        return _CONCLUSIONS[self.question][self.now]

    def concluded(self, side: Side) -> str:
        """Return what is concluded on a side, as a clause."""
        return _CONCLUSIONS[self.question][side]

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence for each size."""
        return tuple(self._sentence(one) for one in self.trials)

    def __repr__(self) -> str:
        now = f"At present {self.conclusion}: {self.estimate:.3f} [{self.ci_lb:.3f}, {self.ci_ub:.3f}]."
        return "\n".join([now, *self.sentences, *([self.conversion] if self.conversion else [])])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table with one row for each stretch of each size."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        said = _CONCLUSIONS[self.question]
        rows = [
            (one.participants, one.se, part.low, part.high, said[part.side], part.side is not self.now)
            for one in self.trials
            for part in one.stretches
        ]
        columns = ["participants", "se", "effect_low", "effect_high", "conclusion", "changes"]
        return pd.DataFrame(rows, columns=columns)

    def _sentence(self, trial: NewTrial) -> str:
        if not trial.changing:
            searched = f"between {self.low:.3g} and {self.high:.3g}"
            return f"No effect {searched} of one trial with {trial.size} would change that."
        ways = [self._way(trial, side) for side in dict.fromkeys(one.side for one in trial.changing)]
        return f"A trial with {trial.size} would change that with an effect {'; '.join(ways)}."

    def _way(self, trial: NewTrial, side: Side) -> str:
        places = " or ".join(self._where(one) for one in trial.changing if one.side is side)
        return f"{places} (then {_CONCLUSIONS[self.question][side]})"

    def _where(self, part: Stretch) -> str:
        if part.low == self.low and part.high == self.high:
            return f"anywhere between {part.low:.3g} and {part.high:.3g}"
        if part.low == self.low:
            return f"below {part.high:.3f}"
        if part.high == self.high:
            return f"above {part.low:.3f}"
        return f"between {part.low:.3f} and {part.high:.3f}"
