"""A review's folder, a stand-in for PubMed, and an installation of its own for each story."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from review.record import Record
from search.catalogue import read as read_catalogue
from search.standin.server import StandIn

CATALOGUE = "protocols/internet-pain/rehearsal/catalogue.jsonl"


@dataclass(frozen=True)
class Desk:
    """The command line on an installation of its own."""

    root: Path
    home: Path
    review: Path
    url: str

    def environment(self) -> dict[str, str]:
        """The settings of this installation."""
        ours = {"LIVING_REVIEW_HOME": str(self.home), "LIVING_REVIEW_EUTILS_URL": self.url}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVING_REVIEW_")}
        return kept | ours

    def command(self, *arguments: str) -> list[str]:
        """The command as it is started."""
        return [sys.executable, "-m", "flows", *arguments, "--review", str(self.review)]

    def __call__(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            input=text,
            check=False,
            timeout=240,
        )


@pytest.fixture(scope="session")
def catalogue(root: Path) -> tuple[Record, ...]:
    """The bundled catalogue."""
    return read_catalogue(root / CATALOGUE)


@pytest.fixture(scope="session")
def standin(catalogue: tuple[Record, ...]) -> Iterator[StandIn]:
    """A PubMed on loopback that holds the bundled catalogue."""
    with StandIn(catalogue) as server:
        yield server


@pytest.fixture(scope="session")
def make_desk(
    root: Path, tmp_path_factory: pytest.TempPathFactory, standin: StandIn
) -> Callable[[Path], Desk]:
    """Make a command line on a review, with a home of its own."""
    return lambda review: Desk(
        root=root, home=tmp_path_factory.mktemp("home") / "var", review=review, url=standin.url
    )


@pytest.fixture
def pain(root: Path, tmp_path: Path) -> Path:
    """A copy of the pain review's folder that may be changed."""
    return Path(shutil.copytree(root / "protocols" / "internet-pain", tmp_path / "pain"))


@pytest.fixture
def desk(root: Path, tmp_path: Path, pain: Path, standin: StandIn) -> Desk:
    """The command line on the pain review, searching the stand-in."""
    return Desk(root=root, home=tmp_path / "var", review=pain, url=standin.url)


@pytest.fixture
def digest() -> Callable[[Desk], str]:
    """Digest of a store's substance, whatever the hour it was told at."""

    def of(desk: Desk) -> str:
        from store.store import open_store

        with open_store(f"sqlite:///{desk.home / 'internet-pain' / 'review.db'}") as store:
            return store.digest(times=False)

    return of
