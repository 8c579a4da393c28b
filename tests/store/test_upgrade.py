"""A database of an earlier version, with rows, is brought to this version's schema and loses nothing."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from sqlalchemy import MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from review.in_force import model_in_force
from review.link import DuplicateLink, LinkHint, Relation
from store.codec import dump
from store.database import Database
from store.migrations_api import _config, migrate
from store.nouns import row_of
from store.pen import Pen
from store.store import open_store
from tests.store.builders import (
    AT,
    in_force,
    link_of,
    model,
    record,
    report_id,
    suggestion,
    two_documents,
)

HINT = LinkHint(report=report_id(1), other=report_id(3), evidence="same registration", at=AT)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """Give the address of a database without tables, on each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    address = request.getfixturevalue("postgres_address")
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS of_the_first_schema")
        connection.execute("CREATE DATABASE of_the_first_schema")
    return address.format("of_the_first_schema")


@pytest.fixture
def upgraded(blank_url: str) -> Iterator:
    """Open a store that was filled under the first schema and then brought to this one."""
    database = Database(blank_url)
    config = _config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with database.write() as connection:
        _fill(Pen(connection))
    database.close()
    migrate(blank_url)
    with open_store(blank_url) as opened:
        yield opened


def _fill(pen: Pen) -> None:
    tables = MetaData()
    tables.reflect(pen.connection)
    records = [(1, 1), (3, 3), (2, 1)]
    pen.append(tables.tables["record"], [_seen(*one) for one in records])
    pen.append(tables.tables["model"], [row_of(model("old-1")), row_of(model("old-2"))])
    pen.append(tables.tables["suggestion"], [row_of(suggestion(1, 0.5, one)) for one in ("old-1", "old-2")])
    pen.append(tables.tables["duplicate_link"], [_row(tables.tables["duplicate_link"], link_of(2, 1), "by")])
    pen.append(
        tables.tables["sibling_hint"], [_row(tables.tables["sibling_hint"], HINT, "relation", "confidence")]
    )
    pen.seal(actor="import", action="records added", subject="3 records", at=AT)


def _seen(number: int, report: int) -> dict[str, object]:
    seen = {"report": report_id(report), "run": None, "pmid": None, "doi": None, "title_key": None, "at": AT}
    row = row_of(record(number), **seen)
    return {**row, "body": _without(row["body"], "orcids", "corrections", "published", "status")}


def _row(table: Table, noun: DuplicateLink | LinkHint, *lost: str) -> dict[str, object]:
    row = row_of(noun)
    return {**{name: row[name] for name in row if name in table.columns}, "body": _without(dump(noun), *lost)}


def _without(body: str, *lost: str) -> str:
    plain = {name: value for name, value in json.loads(body).items() if name not in lost}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"))


def test_the_chain_holds_over_an_upgrade(upgraded):
    """Rows that were sealed under a table's former name are found under its present one."""
    assert upgraded.verify() is None


def test_reports_are_as_they_were(upgraded):
    """Every record stands for the report that it stood for."""
    assert {name: len(found.records) for name, found in upgraded.reports().items()} == {
        report_id(1): 2,
        report_id(3): 1,
    }


def test_hints_of_old_are_siblings(upgraded):
    """What was hinted before hints had a relation is a hint that two reports tell of one study."""
    (hint,) = upgraded.ledger().link_hints
    assert (hint.evidence, hint.relation) == ("same registration", Relation.SIBLING)


def test_an_upgraded_store_merges(upgraded):
    """A record that had its one link may get another, and the chain goes on."""
    upgraded.link_duplicates([link_of(2, 2, by="lena")])
    upgraded.link_duplicates([link_of(2, 3, by="lena")])
    assert [len(found.records) for found in upgraded.reports().values()] == [1, 2]
    assert upgraded.verify() is None


def test_the_last_model_of_old_is_in_force(upgraded):
    """Where no row says which model is in force it is the last one; an earlier one can be put in force."""
    assert model_in_force(upgraded.ledger()).id == "old-2"
    assert upgraded.put_in_force(in_force("old-1"))
    assert model_in_force(upgraded.ledger()).id == "old-1"
    assert upgraded.verify() is None


@pytest.mark.parametrize("table", ["duplicate_link", "link_hint", "hint_answer", "in_force"])
def test_ledgers_of_an_upgraded_store_refuse_changes(upgraded, table):
    """What the upgrade copied or made is append-only."""
    upgraded.answer_hint(two_documents(1, 3))
    upgraded.put_in_force(in_force("old-1"))
    with pytest.raises(DBAPIError, match="append-only"), upgraded._database.write() as connection:
        connection.execute(text(f"DELETE FROM {table}"))
