"""What Alembic runs: with the connection that ``store.migrations_api`` passes, or with ``-x url=...``."""

from alembic import context
from sqlalchemy import Connection

from store.database import Database
from store.schema import metadata

__all__: list[str] = []


def _run(connection: Connection) -> None:
    # SQLite's tables are made in the transaction like any other rows; Alembic does not rely on it by itself.
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


def _run_by_url() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit(
            "alembic: found no database; expected -x url=sqlite:///path/to/file.db (or postgresql://...)"
        )
    database = Database(url)
    with database.write() as connection:
        _run(connection)
    database.close()


if (passed := context.config.attributes.get("connection")) is not None:
    _run(passed)
else:
    _run_by_url()
