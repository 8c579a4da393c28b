"""Databases to test on: SQLite files, and a real PostgreSQL where its programs are installed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from store.migrations_api import migrate
from store.store import Store, open_store
from tests.store.builders import STEPS

UrlMaker = Callable[[], str]
POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an empty store's file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "review.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run a PostgreSQL server as long as the tests, and give the folder of its socket."""
    if not POSTGRES_BINARIES:
        pytest.skip("needs PostgreSQL's programs in /usr/lib/postgresql/*/bin")
    binaries = POSTGRES_BINARIES[-1].parent
    folder = tmp_path_factory.mktemp("pg")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    folder.chmod(0o777)
    _run(
        binaries / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"
    )
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _run(binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    yield folder
    _run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def postgres_urls(postgres_socket: Path) -> UrlMaker:
    """Make empty stores on PostgreSQL, each a copy of one template."""
    numbers = count()
    address = f"postgresql://postgres@/{{}}?host={postgres_socket}"
    psql = POSTGRES_BINARIES[-1].parent / "psql"

    def execute(statement: str) -> None:
        _run(psql, "-q", "-h", postgres_socket, "-U", "postgres", "-c", statement)

    execute("CREATE DATABASE template_store")
    migrate(address.format("template_store"))

    def make() -> str:
        name = f"store_{next(numbers)}"
        execute(f"CREATE DATABASE {name} TEMPLATE template_store")
        return address.format(name)

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty store, on each kind of database."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_urls")()
    return request.getfixturevalue("sqlite_url")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the address of an empty store in a file."""
    shutil.copy(sqlite_template, tmp_path / "review.db")
    return f"sqlite:///{tmp_path / 'review.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty store, on each kind of database."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def filled(store: Store) -> Store:
    """Open a store with a row of every kind, on each kind of database."""
    for write in STEPS.values():
        write(store)
    return store


def _run(*command: object) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run(
        [*as_postgres, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60
    )
