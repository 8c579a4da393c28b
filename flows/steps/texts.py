"""Fetch what the ranking learns from besides people's decisions."""

from collections.abc import Callable

from flows.steps.hand import Hand
from flows.steps.ranking import fetch_background
from flows.steps.references import fetch_references
from review.searching import SearchRun
from search.blocks import Blocks
from search.errors import SourceError
from search.pubmed import PubMed

__all__ = ["fetch_texts"]


def fetch_texts(hand: Hand, blocks: Blocks, pubmed: PubMed, run: SearchRun) -> tuple[str, ...]:
    """Fetch the texts of the reference reports and presumed negatives; return what could not be had."""
    place, store = hand.place, hand.store
    work = (
        ("texts of the reference reports", lambda: _references(hand, pubmed)),
        (
            "presumed negatives",
            lambda: fetch_background(
                place.protocol, blocks, store, pubmed, until=run.window.end, now=hand.clock()
            ),
        ),
    )
    return tuple(problem for what, fetch in work if (problem := _attempt(hand, what, fetch)))


def _references(hand: Hand, pubmed: PubMed) -> int:
    place = hand.place
    return fetch_references(place.folder, place.protocol, hand.store, pubmed, hand.clock())


def _attempt(hand: Hand, what: str, fetch: Callable[[], int]) -> str:
    hand.stage(f"fetching {what}")
    try:
        fetch()
    except SourceError as error:
        return f"{what} could not be fetched: {error}"
    return ""
