"""Prints what ``check`` found of a strategy as tables: each block, each loss, and the terms that catch."""

from collections.abc import Iterator

from flows.by_hand.strategy_check import StrategyCheck
from flows.cli.printing import say_table
from search.recall import BlockRecall, Hit, Outcome, Recall, Reference, Standing

__all__ = ["say_strategy"]

_SHOWN = 6


def say_strategy(check: StrategyCheck, *, terms: bool) -> None:
    """Print the tables; with `terms`, also which terms of each block catch each report."""
    for where, recall in (("Offline", check.offline), ("At PubMed", check.online)):
        if recall is not None and recall.references:
            _say_recall(where, recall)
    if terms:
        for block in check.offline.blocks:
            _say_terms(block, check.offline)


def _say_recall(where: str, recall: Recall) -> None:
    columns = ("block", "included", "canaries", "excluded", "not judged")
    say_table(f"{where}: reports found by each block", columns, [_row(one, recall) for one in recall.blocks])
    losses = [row for block in recall.blocks for row in _losses(block, recall)]
    if losses:
        columns = ("block", "", "report", "title", "why")
        say_table(f"{where}: reports that a block does not find", columns, losses)


def _row(block: BlockRecall, recall: Recall) -> tuple[str, ...]:
    standings = (Standing.INCLUDED, Standing.CANARY, Standing.EXCLUDED)
    counts = tuple(_count(block, recall, standing) for standing in standings)
    return (block.block, *counts, str(len(block.labels(Hit.UNKNOWN))))


def _count(block: BlockRecall, recall: Recall, standing: Standing) -> str:
    of_standing = {one.label for one in recall.references if one.standing is standing}
    found, lost = (len(of_standing.intersection(block.labels(hit))) for hit in (Hit.YES, Hit.NO))
    return f"{found} of {found + lost}"


def _losses(block: BlockRecall, recall: Recall) -> Iterator[tuple[str, ...]]:
    references = {one.label: one for one in recall.references}
    for outcome in block.outcomes:
        if outcome.found is Hit.NO:
            lost = references[outcome.label]
            yield block.block, _mark(lost), lost.label, lost.title, _has(outcome)


def _has(outcome: Outcome) -> str:
    """Say what of the block is in a report that it loses."""
    there = f"it has {_some(outcome.terms)}" if outcome.terms else "no term of the block matches"
    if outcome.taken_out_by:
        there = f"taken out by NOT {_some(outcome.taken_out_by)}"
    return f"{there}; perhaps PubMed finds it by what is not known offline" if outcome.perhaps else there


def _mark(reference: Reference) -> str:
    return "excluded" if reference.standing is Standing.EXCLUDED else f"{reference.standing} LOST".upper()


def _say_terms(block: BlockRecall, recall: Recall) -> None:
    standing = {one.label: one.standing for one in recall.references}
    rows = [
        (outcome.label, standing[outcome.label], outcome.found, _some(outcome.terms))
        for outcome in block.outcomes
    ]
    say_table(f"Block {block.block}: what catches each report", ("report", "", "", "terms"), rows)


def _some(terms: tuple[str, ...]) -> str:
    more = len(terms) - _SHOWN
    return ", ".join(terms[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
