"""Prefect flow that trains on the decisions so far and ranks what waits."""

from pathlib import Path

from prefect import flow, get_run_logger

from flows.place import find_place, open_place_store, utc_now
from flows.settings import read_settings
from flows.steps.ranking import rank_waiting

__all__ = ["training"]


@flow(name="training")
def training(review: str) -> str:
    """Train and rank; return the model's id, or an empty text where nothing waits."""
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        ranking = rank_waiting(place.protocol, store, utc_now())
    if ranking is None:
        return ""
    get_run_logger().info("%s reports ranked. %s", len(ranking.suggestions), ranking.model.promise)
    return ranking.model.id
