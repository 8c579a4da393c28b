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
    from search.blocks import BlocksError
    from search.catalogue import CatalogueError
    from search.errors import UnreadableFile
    from search.strategy import StrategyError
    from store.errors import ConflictingRowError, UnknownRowError
    from triage.errors import DeskError

    wrong_use = (
        ReviewError,
        SettingsError,
        Refused,
        BlocksError,
        CatalogueError,
        StrategyError,
        UnreadableFile,
    )
    return (*wrong_use, DeskError, ConflictingRowError, UnknownRowError, *_failures())


def exit_code(problem: Exception) -> int:
    """Return 1 where the world failed us, 2 where the request was wrong."""
    return FAILED if isinstance(problem, _failures()) else WRONG_USE


def _failures() -> tuple[type[Exception], ...]:
    from flows.serving.processes import ChildFailedError
    from publisher.archive import ArchiveError
    from publisher.deploy import DeployError
    from publisher.snapshot import MissingSynthesisError
    from review.prisma import PrismaMismatchError
    from search.errors import SourceError
    from store.errors import StoreError

    publishing = (ArchiveError, DeployError, MissingSynthesisError, PrismaMismatchError)
    return (*publishing, SourceError, StoreError, ChildFailedError)
