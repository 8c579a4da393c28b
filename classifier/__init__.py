"""Ranking of citations for people who screen them, and an honest word about what a ranking may miss.

Import from the topic modules; only `Ranker` is also found here, and loaded when it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from classifier.ranker import Ranker

__all__ = ["Ranker"]


def __getattr__(name: str) -> object:
    # scikit-learn takes most of a second to load: who only needs a grade or a metric should not wait for it.
    if name != "Ranker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from classifier.ranker import Ranker  # noqa: PLC0415 - loaded on demand, see above

    return Ranker
