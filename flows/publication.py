"""Prefect flow that publishes what was signed."""

from pathlib import Path

from prefect import flow, get_run_logger

from flows.place import find_place, open_place_store, utc_now
from flows.publishing import republish
from flows.settings import read_settings

__all__ = ["publication"]


@flow(name="publication")
def publication(review: str) -> list[str]:
    """Make editions of signed decisions, build the site, and return the editions it holds."""
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        published = republish(place, store, utc_now())
    get_run_logger().info("published in %s", published.root)
    return [str(edition) for edition in published.editions]
