"""Number an edition and say what changed since the one before."""

from collections.abc import Collection

from review.edition import Edition
from review.ids import EditionId
from review.ledger import Ledger
from review.result import Synthesis
from synthesis.impact import impact

__all__ = ["next_edition_id", "what_changed"]


def next_edition_id(before: Edition | None, protocol_version: int) -> EditionId:
    """Return the next number: first place for a new protocol version, second for new results."""
    if before is None:
        return EditionId("1.0.0")
    major, minor, _ = (int(part) for part in before.id.split("."))
    if before.protocol_version != protocol_version:
        return EditionId(f"{major + 1}.0.0")
    return EditionId(f"{major}.{minor + 1}.0")


def what_changed(ledger: Ledger, before: Edition | None, signed: Collection[str]) -> tuple[str, ...]:
    """Return sentences on what moved each signed result, in the order in which it was attributed."""
    if before is None:
        return ("First edition: the published review's studies, as the living review starts from them.",)
    old = {one.key: one for one in ledger.syntheses if one.digest in before.syntheses}
    new = {one.key: one for one in ledger.syntheses if one.digest in signed}
    return tuple(line for key in sorted(new) for line in _lines(old.get(key), new[key]))


def _lines(before: Synthesis | None, after: Synthesis) -> tuple[str, ...]:
    return tuple(f"{after.key}: {step.sentence}" for step in impact(before, after).steps)
