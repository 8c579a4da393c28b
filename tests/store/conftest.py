"""Databases to test on: SQLite files, and a real PostgreSQL where its programs are installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from store.migrations_api import migrate
from store.schema import metadata
from store.store import Store, open_store
from tests.store.builders import STEPS

UrlMaker = Callable[[], str]
POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
IN_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """Give a folder for database files, in memory where the system has such a place."""
    with tempfile.TemporaryDirectory(prefix="store-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as name:
        folder = Path(name)
        # The server of PostgreSQL runs as another user.
        folder.chmod(0o777)
        yield folder


@pytest.fixture(scope="session")
def sqlite_template(quick_folder: Path) -> Path:
    """Make an empty store's file, to be copied."""
    path = quick_folder / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_address(quick_folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server as long as the tests; give its address with the database's name left open."""
    if not POSTGRES_BINARIES:
        pytest.skip("needs PostgreSQL's programs in /usr/lib/postgresql/*/bin")
    binaries, data = POSTGRES_BINARIES[-1].parent, quick_folder / "pg"
    options = f"-k {quick_folder} -c listen_addresses= -c fsync=off"
    _run(binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
    _run(binaries / "pg_ctl", "-D", data, "-l", quick_folder / "pg.log", "-w", "-o", options, "start")
    try:
        yield f"postgresql://postgres@/{{}}?host={quick_folder}"
    finally:
        _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def clean_postgres(postgres_address: str) -> list[str]:
    """Keep the addresses of empty stores on PostgreSQL that no test uses."""
    with psycopg.connect(postgres_address.format("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_store")
    migrate(postgres_address.format("template_store"))
    return []


@pytest.fixture
def postgres_urls(postgres_address: str, clean_postgres: list[str]) -> Iterator[UrlMaker]:
    """Lend empty stores on PostgreSQL, each emptied again after the test."""
    lent: list[str] = []

    def make() -> str:
        lent.append(clean_postgres.pop() if clean_postgres else _new_database(postgres_address))
        return lent[-1]

    yield make
    for url in lent:
        _empty(url)
        clean_postgres.append(url)


@pytest.fixture
def sqlite_urls(sqlite_template: Path, quick_folder: Path) -> Iterator[UrlMaker]:
    """Make empty stores in files that are gone after the test."""
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:

        def make() -> str:
            path = Path(folder) / f"review-{len(list(Path(folder).glob('review-*.db')))}.db"
            shutil.copy(sqlite_template, path)
            return f"sqlite:///{path}"

        yield make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest) -> UrlMaker:
    """Make empty stores, on each kind of database."""
    return request.getfixturevalue(f"{request.param}_urls")


@pytest.fixture
def url(urls: UrlMaker) -> str:
    """Give the address of an empty store, on each kind of database."""
    return urls()


@pytest.fixture
def sqlite_url(sqlite_urls: UrlMaker) -> str:
    """Give the address of an empty store in a file."""
    return sqlite_urls()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty store, on each kind of database."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path) -> Path:
    """Make the file of a store with a row of every kind, to be copied."""
    path = sqlite_template.with_name("filled.db")
    shutil.copy(sqlite_template, path)
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def filled_url(url: str, request: pytest.FixtureRequest) -> str:
    """Give the address of a store with a row of every kind, on each kind of database."""
    if url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("filled_template"), url.removeprefix("sqlite:///"))
    else:
        _fill(url)
    return url


@pytest.fixture
def filled(filled_url: str) -> Iterator[Store]:
    """Open a store with a row of every kind, on each kind of database."""
    with open_store(filled_url) as opened:
        yield opened


def _fill(url: str) -> None:
    with open_store(url) as opened:
        for write in STEPS.values():
            write(opened)


def _new_database(address: str) -> str:
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM pg_database").fetchone() or (0,)
        connection.execute(f"CREATE DATABASE store_{count} TEMPLATE template_store")
    return address.format(f"store_{count}")


def _empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        # Only a superuser may switch triggers off for a connection.
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        connection.execute(f"INSERT INTO chain_head (one, seq, hash) VALUES (1, 0, '{'0' * 64}')")


def _run(*command: object) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run(
        [*as_postgres, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60
    )
