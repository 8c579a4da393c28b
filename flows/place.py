"""A review and where it lives: its folder, its protocol, and the files that grow around it."""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flows.settings import Settings
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.linking import filed_under, title_key
from store.store import Store, open_store

__all__ = ["Place", "find_place", "open_place_store", "secret_key", "utc_now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One review on one installation.

    Parameters
    ----------
    folder
        The review's own folder, with ``protocol.toml``.
    home
        Where its database, site and models live.
    site_folder
        Where the site goes instead of under `home`.
    """

    folder: Path
    home: Path
    protocol: Protocol
    settings: Settings
    site_folder: Path | None = None

    @property
    def database_url(self) -> str:
        """The review's database: by setting, or a SQLite file beside its site."""
        return self.settings.database_url or f"sqlite:///{self.home / 'review.db'}"

    @property
    def site(self) -> Path:
        """The folder the site is published to."""
        return self.site_folder or self.home / "site"

    @property
    def replay_file(self) -> Path:
        """What the last replay found, year by year."""
        return self.home / "replay.json"

    def blocks(self) -> Blocks | None:
        """Return the PubMed strategy; None for a review that is not searched."""
        pubmed = self.protocol.search.pubmed
        return read_blocks(self.folder / pubmed.strategy) if pubmed else None

    def strategy_text(self) -> str:
        """Return the strategy's file as people wrote it, with its notes."""
        pubmed = self.protocol.search.pubmed
        return (self.folder / pubmed.strategy).read_text(encoding="utf-8") if pubmed else ""


def find_place(folder: Path, settings: Settings, *, rehearsal: bool = False) -> Place:
    """Read the protocol in `folder` and name the review's home under the settings' home.

    Parameters
    ----------
    rehearsal
        A replay of history lives apart from the review in earnest, in a SQLite file of its own.
    """
    protocol = read_protocol(folder)
    home = settings.home / (f"{protocol.id}-rehearsal" if rehearsal else protocol.id)
    if rehearsal:
        settings = replace(settings, database_url="")
    if settings.site_url:
        protocol = replace(protocol, publication=replace(protocol.publication, base_url=settings.site_url))
    return Place(folder=folder, home=home, protocol=protocol, settings=settings)


def open_place_store(place: Place, *, create: bool = True) -> Store:
    """Open the review's store, making it where it is not there yet."""
    place.home.mkdir(parents=True, exist_ok=True)
    return open_store(place.database_url, create=create, title_key=title_key, link_keys=filed_under)


def secret_key(place: Place) -> str:
    """Return the desk's secret, made once and kept readable by its owner alone."""
    if place.settings.secret_key:
        return place.settings.secret_key
    path = place.home / "secret-key"
    if not path.exists():
        place.home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def utc_now() -> datetime:
    """Return the present moment; everything below this floor is handed it."""
    return datetime.now(UTC)
