"""Backup and restore of a review's SQLite file. A copy is whole or not there at all."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from store.chain import Chain
from store.database import Database
from store.errors import BackupError

__all__ = ["Backup", "restore"]


class Backup(Chain):
    """Copies for keeping."""

    def backup(self, path: Path) -> None:
        """Write a consistent copy of the database while others go on writing.

        Raises
        ------
        BackupError
            When something is at `path`, or the database is no file: PostgreSQL has ``pg_dump``.
        """
        self.check()
        source = self._database.path
        if source is None:
            raise BackupError(
                "backup: found a PostgreSQL database; expected a SQLite file; "
                "use pg_dump --format=custom, and pg_restore to restore"
            )
        if path.exists():
            raise BackupError(f"backup: found {path} there already; expected a new file name")
        part = _copy(source, path)
        part.replace(path)
        _sync(path.parent)


def restore(path: Path, url: str) -> None:
    """Put a backup in place of a database that is empty or not there, once it was seen to be sound.

    Raises
    ------
    BackupError
        When the backup is damaged or was tampered with, or the database holds something.
    StoreOutdatedError, StoreNewerError
        When the backup has another schema than this version.
    """
    target = _target(url)
    if not path.is_file():
        raise BackupError(f"restore: found no file at {path}; expected a backup")
    part = _copy(path, target)
    try:
        _require_sound(part, path)
        part.replace(target)
    finally:
        for leftover in (part, *_beside(part)):
            leftover.unlink(missing_ok=True)
    _sync(target.parent)


def _target(url: str) -> Path:
    target = Database(url).path
    if target is None:
        raise BackupError("restore: found a PostgreSQL URL; expected a SQLite file; use pg_restore")
    if target.exists() and _tables(target):
        raise BackupError(
            f"restore: found a database at {target}; expected none there; "
            "move it away first: it is not overwritten"
        )
    for leftover in _beside(target):
        leftover.unlink(missing_ok=True)
    return target


def _copy(source: Path, target: Path) -> Path:
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
            # One file, with no log beside it.
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        part.unlink(missing_ok=True)
        raise BackupError(f"copy: found {source} not to be a sound SQLite database ({error})") from error
    _sync(part)
    return part


def _require_sound(part: Path, path: Path) -> None:
    with closing(sqlite3.connect(part)) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if integrity != "ok":
        raise BackupError(
            f"restore: found {path} damaged ({integrity}); expected a sound file; try an older one"
        )
    copy = Chain(f"sqlite:///{part}")
    try:
        bad = copy.verify()
    finally:
        copy.close()
    if bad is not None:
        raise BackupError(
            f"restore: found audit row {bad.seq} of {path} not to hold: {bad.what}; "
            "expected an unbroken chain; nothing was restored"
        )


def _tables(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
