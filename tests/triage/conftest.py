"""A desk over a real store, and people who sign in, open pages and send their forms."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from store.store import Store, open_store
from tests.triage.person import Person
from tests.triage.world import PROTOCOL, Clock, fill
from triage.app import create_app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store's file with accounts and three reports, to be copied."""
    path = tmp_path_factory.mktemp("desk") / "review.db"
    with open_store(f"sqlite:///{path}", create=True) as store:
        fill(store)
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    """Return a fresh store of the made-up review."""
    path = tmp_path / "review.db"
    shutil.copy(filled, path)
    with open_store(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def app(store: Store) -> FastAPI:
    """Return the desk of that store."""
    return create_app(
        store, PROTOCOL, clock=Clock(), secret_key="a secret key for tests", banner="Rehearsal data: made up"
    )


@pytest.fixture
def sign_in(app: FastAPI) -> Iterator[Callable[[str], Person]]:
    """Return a function that signs a person in, in a browser of their own."""
    people: list[Person] = []

    def enter(name: str) -> Person:
        people.append(Person(app, name))
        people[-1].sit_down()
        return people[-1]

    yield enter
    for person in people:
        person.leave()
