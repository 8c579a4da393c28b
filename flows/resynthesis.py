"""Prefect flow that pools again after people decided something."""

from pathlib import Path

from prefect import flow, get_run_logger

from flows.place import find_place, open_place_store, utc_now
from flows.settings import read_settings
from flows.steps.resynthesis import resynthesise

__all__ = ["resynthesis"]


@flow(name="resynthesis")
def resynthesis(review: str) -> list[str]:
    """Pool every analysis anew and return the digests of the candidates that this made."""
    place = find_place(Path(review), read_settings())
    with open_place_store(place) as store:
        kept = resynthesise(place.protocol, store, utc_now())
    for synthesis in kept:
        get_run_logger().info("%s: k = %s, new candidate", synthesis.key, synthesis.numbers.k)
    return [synthesis.digest for synthesis in kept]
