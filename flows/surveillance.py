"""Prefect flows that watch the literature: the weekly search and the monthly look at what is known."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.place import find_place, open_place_store, utc_now
from flows.publishing import republish
from flows.pubmed_client import make_pubmed
from flows.settings import read_settings
from flows.steps.cycle import run_cycle
from flows.steps.known_pass import look_again

__all__ = ["known_pass", "surveillance"]


class SearchFailedError(RuntimeError):
    """PubMed could not be searched; the failed run and its gap are in the review's database."""


@flow(name="surveillance")
def surveillance(review: str) -> str:
    """Run one cycle of the review in the folder `review` and return the status entry's title."""
    logger = get_run_logger()
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        cycle = run_cycle(place, store, make_pubmed(place.settings), clock=utc_now, stage=logger.info)
        republish(place, store, utc_now())
    create_markdown_artifact(
        key=f"status-{place.protocol.id}", markdown=f"## {cycle.entry.title}\n\n{cycle.entry.text}"
    )
    if cycle.exit_code == 1:
        raise SearchFailedError(cycle.run.message)
    return cycle.entry.title


@flow(name="known-pass")
def known_pass(review: str) -> int:
    """Look again at every known record and return how many notices that made."""
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        notices = look_again(store, make_pubmed(place.settings), utc_now())
        republish(place, store, utc_now())
    for notice in notices:
        get_run_logger().warning("%s: %s: %s", notice.report, notice.kind, notice.text)
    return len(notices)
