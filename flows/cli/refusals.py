"""Which errors are told to a person in one sentence, and the exit code that each gives."""

from flows.errors import Refused
from flows.settings import SettingsError
from review.errors import ReviewError

__all__ = ["FAILED", "PARTIAL", "WRONG_USE", "exit_code", "user_mistakes"]

FAILED = 1
WRONG_USE = 2
PARTIAL = 3


def user_mistakes() -> tuple[type[Exception], ...]:
    """Return the errors that have no traceback; imported late, so that ``--help`` stays quick."""
    from review.prisma import PrismaMismatchError
    from search.blocks import BlocksError
    from search.catalogue import CatalogueError
    from search.errors import SourceError, UnreadableFile
    from search.strategy import StrategyError
    from store.errors import StoreError

    return (
        ReviewError,
        SettingsError,
        Refused,
        BlocksError,
        CatalogueError,
        StrategyError,
        UnreadableFile,
        PrismaMismatchError,
        SourceError,
        StoreError,
    )


def exit_code(problem: Exception) -> int:
    """Return 1 where the world failed us, 2 where the request was wrong."""
    from review.prisma import PrismaMismatchError
    from search.errors import SourceError
    from store.errors import StoreError

    failed = isinstance(problem, SourceError | StoreError | PrismaMismatchError)
    return FAILED if failed else WRONG_USE
