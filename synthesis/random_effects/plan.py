"""How to pool."""

from dataclasses import dataclass
from typing import Literal, get_args

from synthesis.random_effects.heterogeneity import METHODS

__all__ = ["TESTS", "Plan", "Test", "checked_level"]

Test = Literal["z", "knha", "adhoc"]
TESTS: tuple[Test, ...] = get_args(Test)

# No estimate is above it: effects are within 1e50 of 0.
_MOST = 1e101

# metafor's other names of the model without tau2.
_SYNONYMS = {"FE": "EE", "CE": "EE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to pool: estimator of tau2 (or its fixed value), test, confidence level.

    ``FE`` and ``CE``, metafor's other names of the same numbers, are kept as ``EE``.
    """

    method: str = "REML"
    test: Test = "z"
    level: float = 0.95
    tau2: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", _SYNONYMS.get(self.method, self.method))
        if self.method not in METHODS:
            raise ValueError(f"method: found {self.method!r}; expected one of {' '.join(METHODS)}")
        if self.test not in TESTS:
            raise ValueError(f"test: found {self.test!r}; expected one of {' '.join(TESTS)}")
        checked_level(self.level)
        if self.tau2 is not None and not 0 <= self.tau2 <= _MOST:
            raise ValueError(f"tau2: found {self.tau2}; expected 0 to {_MOST:g}, or None to estimate it")


def checked_level(level: float) -> float:
    """Return a confidence level.

    Parameters
    ----------
    level
        A fraction between 0 and 1.

    Raises
    ------
    ValueError
        For anything else, such as 95.
    """
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}; expected a fraction between 0 and 1, such as 0.95")
    return level
