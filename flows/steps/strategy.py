"""Refuse to search where the answer would be to another question than the one written, or of days to come."""

from datetime import date
from pathlib import Path

from flows.errors import Refused
from flows.place import Place
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.strategy import Severity

__all__ = ["read_strategy", "refuse_days_to_come"]


def read_strategy(path: Path) -> Blocks:
    """Return the blocks of the strategy file.

    Raises
    ------
    Refused
        With every finding that is an error: a part that PubMed drops or reads otherwise, a date that empties
        all later windows.
    StrategyError, BlocksError
        When a block, or the file, has no reading at all.
    """
    blocks = read_blocks(path)
    errors = [(name, finding) for name, finding in blocks.lint() if finding.severity is Severity.ERROR]
    if errors:
        raise Refused(" ".join(f"{path}: block {name}, {finding}." for name, finding in errors))
    return blocks


def refuse_days_to_come(place: Place, today: date) -> None:
    """Raise Refused where a source is to be searched from a day that has not come."""
    search = place.protocol.search
    for name in search.automatic:
        since = search.since(name)
        if since and since > today:
            raise Refused(
                f"{place.folder / 'protocol.toml'}: search.{name}.since: found {since}; expected {today} or "
                "earlier: no source can be searched from a day that has not come; correct the day"
            )
