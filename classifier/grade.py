"""How far a record came when people judged it: the graded labels a ranker learns from."""

from enum import StrEnum

__all__ = ["Grade"]


class Grade(StrEnum):
    """The four grades, best first; the last one is a presumption, not a judgement."""

    INCLUDED = "included"
    FULL_TEXT_EXCLUDED = "excluded at full text"
    ABSTRACT_EXCLUDED = "excluded at title and abstract"
    PRESUMED_NEGATIVE = "presumed negative"
