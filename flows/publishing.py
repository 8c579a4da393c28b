"""Publish a review's site again, whatever it was made from: the review in earnest, or a replay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.place import Place
from flows.replay.replay import read_replay, site_labels
from flows.steps.publication import publish_site
from publisher.site import Published
from store.store import Store

__all__ = ["republish"]


def republish(
    place: Place,
    store: Store,
    now: datetime,
    *,
    out: Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Published:
    """Make editions of what was signed and build the site; a replay keeps its years and labels."""
    found = read_replay(place)
    return publish_site(
        store,
        replace(place, site_folder=out),
        now,
        replay=found,
        labels=site_labels(place) if found else None,
        progress=progress,
    )
