"""Killed at any statement of any write, the store is as before or as after, never between."""

import os
import signal

import pytest
from sqlalchemy import event, select

from store.database import Database
from store.migrations_api import migrate, upgrade
from store.schema import metadata
from store.store import open_store
from tests.store.builders import STEPS


class UndoneError(Exception):
    """Raised where a transaction would commit, to have it undone."""


def die_at(engine, number):
    """Let this process be killed before the engine's numbered change, commit, or return of a connection."""
    seen = iter(range(1, 10_000))

    def count(*_given):
        if next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_change(_connection, _cursor, statement, *_given):
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            count()

    event.listen(engine, "before_cursor_execute", count_change)
    event.listen(engine, "commit", count)
    event.listen(engine.pool, "checkin", count)


def killed(act, number):
    """Run `act(number)` in a process of its own; tell whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act(number)
            status = 0
        finally:
            os._exit(status)
    _pid, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}, "the child failed by itself"
    return status != 0


def everything(store):
    """Give all that a store holds; the numbers of failed sign-ins may have holes."""
    engine = store._database._engine
    with engine.connect() as connection:
        rows = {
            table.name: sorted(str(row) for row in connection.execute(select(*_compared(table))))
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return rows


def _compared(table):
    return [column for column in table.c if (table.name, column.name) != ("login_failure", "seq")]


def undo(store, step):
    """Do a step up to its commit, so that every statement is compiled before the children are born."""
    engine = store._database._engine

    def refuse(_connection):
        raise UndoneError

    event.listen(engine, "commit", refuse)
    with pytest.raises(UndoneError):
        STEPS[step](store)
    event.remove(engine, "commit", refuse)
    engine.dispose()


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_write_is_done_or_undone(urls, step):
    """A write that is killed at any of its statements is there as a whole or not at all."""
    with open_store(urls()) as store, open_store(urls()) as unbroken:
        for name in list(STEPS)[: list(STEPS).index(step)]:
            STEPS[name](store)
            STEPS[name](unbroken)
        undo(store, step)
        before = everything(store)
        STEPS[step](unbroken)
        after = everything(unbroken)

        def write(number):
            die_at(store._database._engine, number)
            STEPS[step](store)

        states = []
        while not states or states[-1] == before:
            was_killed = killed(write, len(states) + 1)
            states.append(everything(store))
            assert states[-1] in ([before, after] if was_killed else [after])
    assert len(states) > 1


def test_a_killed_migration_is_done_or_undone(tmp_path):
    """A migration that is killed leaves no half schema, and may be run again."""
    url = f"sqlite:///{tmp_path / 'new.db'}"

    def create(number):
        database = Database(url)
        die_at(database._engine, number)
        upgrade(database)

    assert all(killed(create, number) for number in range(1, 100, 12))
    migrate(url)
    with open_store(url) as store:
        assert store.verify() is None
