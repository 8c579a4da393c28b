"""Prefect flows that watch the literature: the weekly search and the monthly look at what is known."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.place import find_place, open_place_store, utc_now
from flows.publishing import republish
from flows.pubmed_client import make_pubmed
from flows.settings import read_settings
from flows.source_clients import source_maker
from flows.steps.cycle import look_again_alone, run_cycle

__all__ = ["known_pass", "surveillance"]


class SearchFailedError(RuntimeError):
    """No source answered; the failed runs and their gaps are in the review's database."""


@flow(name="surveillance")
def surveillance(review: str) -> str:
    """Run one cycle of the review in the folder `review` and return the status entry's title."""
    logger = get_run_logger()
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        pubmed = make_pubmed(place.settings)
        sources = source_maker(place, store, pubmed)
        cycle = run_cycle(place, store, pubmed, clock=utc_now, sources=sources, stage=logger.info)
        republish(place, store, utc_now())
    for run in (cycle.run, *cycle.others):
        if run.message:
            logger.warning("%s: %s: %s", run.source, run.status.value, run.message)
    lines = (f"## {one.title}\n\n{one.text}" for one in (cycle.entry, *cycle.entries))
    create_markdown_artifact(key=f"status-{place.protocol.id}", markdown="\n\n".join(lines))
    if cycle.exit_code == 1:
        raise SearchFailedError(cycle.run.message)
    return cycle.entry.title


# A search may be at work on the review: the pass waits rather than be left out for a month.
@flow(name="known-pass", retries=3, retry_delay_seconds=1800)
def known_pass(review: str) -> int:
    """Look again at every known record and return how many notices that made."""
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        done = look_again_alone(place, store, make_pubmed(place.settings), clock=utc_now)
        republish(place, store, utc_now())
    for notice in done.notices:
        get_run_logger().warning("%s: %s: %s", notice.report, notice.kind, notice.text)
    if done.exit_code == 1:
        raise SearchFailedError(done.run.message)
    return len(done.notices)
