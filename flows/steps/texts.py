"""Fetch what the ranking learns from besides people's decisions."""

from collections.abc import Callable
from datetime import date

from flows.steps.hand import Hand
from flows.steps.ranking import fetch_background
from flows.steps.references import fetch_references
from search.blocks import Blocks
from search.errors import SourceError
from search.pubmed import PubMed

__all__ = ["fetch_negatives", "fetch_reference_texts"]


def fetch_reference_texts(hand: Hand, pubmed: PubMed) -> tuple[str, ...]:
    """Fetch the records of reference reports; return why they could not be had, or nothing."""
    place = hand.place
    return _attempt(
        hand,
        "texts of the reference reports",
        lambda: fetch_references(place.folder, place.protocol, hand.store, pubmed, hand.clock()),
    )


def fetch_negatives(hand: Hand, blocks: Blocks, pubmed: PubMed, until: date) -> tuple[str, ...]:
    """Fetch presumed negatives; return why they could not be had, or nothing."""
    return _attempt(
        hand,
        "presumed negatives",
        lambda: fetch_background(
            hand.place.protocol, blocks, hand.store, pubmed, until=until, now=hand.clock()
        ),
    )


def _attempt(hand: Hand, what: str, fetch: Callable[[], int]) -> tuple[str, ...]:
    hand.stage(f"fetching {what}")
    try:
        fetch()
    except SourceError as error:
        return (f"{what} could not be fetched: {error}",)
    return ()
