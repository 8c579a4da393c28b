"""What most commands take, and the review that they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.errors import Refused
from flows.settings import read_settings

if TYPE_CHECKING:
    from flows.place import Place
    from store.store import Store

__all__ = ["AsJson", "RehearsalFlag", "ReviewFolder", "account_named", "opened", "place_of"]

ReviewFolder = Annotated[
    Path,
    typer.Option("--review", metavar="DIR", help="The review's folder.", envvar="LIVING_REVIEW_REVIEW"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
RehearsalFlag = Annotated[
    bool, typer.Option("--rehearsal", help="Work on the replay's data instead of the review's own.")
]


def place_of(folder: Path, *, rehearsal: bool = False) -> "Place":
    """Return the review in `folder` on this installation."""
    from flows.place import find_place

    return find_place(folder, read_settings(), rehearsal=rehearsal)


@contextmanager
def opened(folder: Path, *, rehearsal: bool = False) -> "Iterator[tuple[Place, Store]]":
    """Open a review and its store."""
    from flows.place import open_place_store

    place = place_of(folder, rehearsal=rehearsal)
    if rehearsal and not place.replay_file.exists():
        raise Refused(f"{place.home}: found no replay; expected one; run 'living-review replay' first")
    with open_place_store(place) as store:
        yield place, store


def account_named(store: "Store", name: str) -> str:
    """Return the name of an active account."""
    account = store.account(name)
    if account is None or not account.active:
        known = ", ".join(one.name for one in store.accounts() if one.active) or "none yet"
        raise Refused(
            f"account {name!r}: found none; expected one of: {known}; add it with 'living-review user add'"
        )
    return account.name
