"""A desk over a real store, and people who sign in, open pages and send their forms."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from store.store import Store, open_store
from tests.triage.person import Person
from tests.triage.world import PROTOCOL, Clock, fill
from triage.app import create_app
from triage.sessions import open_new


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


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Serve the desk on a free port of the loopback and return its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="warning", ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def browse(app: FastAPI, address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a window for a person who is signed in."""
    contexts = []

    def enter(name: str, **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)
        contexts.append(context)
        desk = app.state.desk
        secret = open_new(desk.store, desk.store.account(name), desk.clock())
        context.add_cookies([{"name": desk.cookies.session, "value": secret, "url": address}])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()
