"""Which errors are told to a person in one sentence, and the exit code that each gives."""

import sqlite3

from flows.cli.ports import PortError
from flows.errors import Refused
from flows.settings import SettingsError
from review.errors import ReviewError

__all__ = ["FAILED", "PARTIAL", "WRONG_USE", "exit_code", "sentence", "user_mistakes"]

FAILED = 1
WRONG_USE = 2
PARTIAL = 3


def user_mistakes() -> tuple[type[Exception], ...]:
    """Return the errors that have no traceback; imported late, so that ``--help`` stays quick."""
    from classifier.training import TrainingSetError
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
        TrainingSetError,
    )
    return (*wrong_use, DeskError, ConflictingRowError, UnknownRowError, *_failures())


def exit_code(problem: Exception) -> int:
    """Return 1 where the world failed us, 2 where the request was wrong."""
    return FAILED if isinstance(problem, _failures()) else WRONG_USE


def sentence(problem: Exception) -> str:
    """Return what is told of an error: one line, with the file or the database it is about."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(problem, (DBAPIError, sqlite3.Error)):
        found = " ".join(str(getattr(problem, "orig", problem)).split())
        return f"database: found '{found}'; expected this review's own, sound, and open to be written"
    if isinstance(problem, OSError) and problem.strerror:
        where = f"{problem.filename}: " if problem.filename else ""
        return (
            f"{where}found '{problem.strerror}'; expected to read or write here; mend the path or its rights"
        )
    return " ".join(str(problem).split())


def _failures() -> tuple[type[Exception], ...]:
    from sqlalchemy.exc import SQLAlchemyError

    from flows.serving.processes import ChildFailedError
    from publisher.archive import ArchiveError
    from publisher.deploy import DeployError
    from publisher.snapshot import MissingSynthesisError
    from review.prisma import PrismaMismatchError
    from search.errors import SourceError
    from store.errors import StoreError

    publishing = (ArchiveError, DeployError, MissingSynthesisError, PrismaMismatchError)
    machine = (OSError, SQLAlchemyError, sqlite3.Error, PortError, ChildFailedError)
    return (*publishing, SourceError, StoreError, *machine)
