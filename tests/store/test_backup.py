"""Backup and restore: whole or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import BackupError
from store.store import open_store, restore
from tests.store.builders import STEPS, commit, decision


@pytest.fixture
def review(sqlite_url, tmp_path):
    """Open a filled store in a file, with a backup beside it."""
    with open_store(sqlite_url) as store:
        for write in STEPS.values():
            write(store)
        store.backup(tmp_path / "backup.db")
        yield store


@pytest.fixture
def target(tmp_path):
    """Give the address of a store that is not there."""
    return f"sqlite:///{tmp_path / 'restored.db'}"


def test_a_backup_comes_back_whole(review, tmp_path, target):
    """What is restored has the digest and the chain of what was backed up."""
    restore(tmp_path / "backup.db", target)
    with open_store(target) as restored:
        assert (restored.digest(), restored.audit_head()) == (review.digest(), review.audit_head())


def test_a_restored_store_goes_on(review, tmp_path, target):
    """A restored store takes new writes."""
    restore(tmp_path / "backup.db", target)
    with open_store(target) as restored:
        restored.decide(decision(2))
        assert restored.verify() is None


def test_a_backup_is_one_file(review, tmp_path):
    """Beside a backup lies nothing that belongs to it."""
    assert [path.name for path in tmp_path.iterdir()] == ["backup.db"]


def test_a_restore_leaves_one_file(review, tmp_path, target):
    """Beside a restored database lies nothing that a crash could confuse with it."""
    restore(tmp_path / "backup.db", target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "restored.db"]


def test_a_backup_does_not_overwrite(review, tmp_path):
    """A backup is never written over something."""
    with pytest.raises(BackupError, match="new file name"):
        review.backup(tmp_path / "backup.db")


def test_a_restore_does_not_overwrite(review, tmp_path):
    """A database that holds something is not restored over."""
    before = review.digest()
    with pytest.raises(BackupError, match="not overwritten"):
        restore(tmp_path / "backup.db", str(review._database.url))
    assert review.digest() == before


def test_an_empty_file_may_be_restored_over(review, tmp_path, target):
    """A file without tables is as good as none."""
    (tmp_path / "restored.db").touch()
    restore(tmp_path / "backup.db", target)
    with open_store(target) as restored:
        assert restored.digest() == review.digest()


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 40] = b"\x55" * (4096 * 37)
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 10])


def forge(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER decision_no_update")
        connection.execute("UPDATE decision SET verdict = 'exclude'")
        connection.commit()


def replace_by_text(path: Path) -> None:
    path.write_text("This is no database.")


@pytest.mark.parametrize("spoil", [damage, cut, forge, replace_by_text, Path.unlink])
def test_a_spoilt_backup_is_not_restored(review, tmp_path, target, spoil):
    """A backup that is damaged, forged or missing is refused, and nothing is left behind."""
    spoil(tmp_path / "backup.db")
    with pytest.raises(BackupError):
        restore(tmp_path / "backup.db", target)
    assert {path.name for path in tmp_path.iterdir()} <= {"backup.db"}


def test_a_backup_is_consistent_while_others_write(sqlite_url, tmp_path):
    """A copy made between two writes of another connection holds in itself."""
    with open_store(sqlite_url) as store, open_store(sqlite_url) as writer:
        commit(writer, 1, *range(50))
        store.backup(tmp_path / "backup.db")
        writer.decide(decision(1))
    with open_store(f"sqlite:///{tmp_path / 'backup.db'}") as copy:
        assert (copy.verify(), len(copy.ledger().decisions)) == (None, 0)


@pytest.mark.postgres
def test_postgresql_has_its_own_tools(postgres_urls, tmp_path):
    """On PostgreSQL backup and restore say which tool to use."""
    url = postgres_urls()
    with open_store(url) as store, pytest.raises(BackupError, match="pg_dump"):
        store.backup(tmp_path / "backup.db")
    with pytest.raises(BackupError, match="pg_restore"):
        restore(tmp_path / "backup.db", url)
