"""Bring a database to this version's schema; ``alembic -x url=... upgrade head`` is the same thing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.database import Database
from store.errors import StoreMissingError, StoreNewerError, StoreOutdatedError

__all__ = ["check_schema", "migrate", "upgrade"]

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Bring the database at `url` to this version's schema; one that is there already stays as it is.

    Raises
    ------
    StoreNewerError
        When a later version wrote it.
    """
    database = Database(url)
    try:
        upgrade(database)
    finally:
        database.close()


def upgrade(database: Database) -> None:
    """Do what ``migrate`` says, in one transaction that no other writer shares."""
    config = _config()
    with database.write() as connection:
        _refuse_newer(MigrationContext.configure(connection).get_current_revision(), database)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_schema(database: Database) -> None:
    """Make sure that a database has this version's schema; raise one of the store's errors where not."""
    if not database.exists:
        raise StoreMissingError(
            f"store: found nothing at {database.path}; expected a database; "
            "run living-review migrate to create it"
        )
    with database.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    _refuse_newer(found, database)
    expected = ScriptDirectory.from_config(_config()).get_current_head()
    if found != expected:
        raise StoreOutdatedError(
            f"store: found schema {found or 'none'} at {database.url.render_as_string()}; "
            f"expected {expected}; run living-review migrate"
        )


def _refuse_newer(found: str | None, database: Database) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreNewerError(
            f"store: found schema {found} at {database.url.render_as_string()}, which a later version wrote; "
            f"expected one of {', '.join(sorted(known))}; run the version that wrote it, or a later one"
        )


def _config() -> Config:
    config = Config()
    # Alembic reads % as the start of a placeholder.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
