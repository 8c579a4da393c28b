"""Number an edition and say what changed since the one before."""

from collections.abc import Mapping

from review.clocks import published_syntheses
from review.edition import Edition
from review.effect import AnalysisKey
from review.ids import EditionId, ReportId
from review.ledger import Ledger
from review.prisma import previously_included
from review.result import Synthesis
from review.screening import Settlement
from review.studies import included_studies
from synthesis.living.impact import explained_impact

__all__ = ["next_edition_id", "what_changed"]


def next_edition_id(before: Edition | None, protocol_version: int) -> EditionId:
    """Return the next number: first place for a new protocol version, second for new results."""
    if before is None:
        return EditionId("1.0.0")
    major, minor, _ = (int(part) for part in before.id.split("."))
    if before.protocol_version != protocol_version:
        return EditionId(f"{major + 1}.0.0")
    return EditionId(f"{major}.{minor + 1}.0")


def what_changed(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    shown: Mapping[AnalysisKey, Synthesis],
) -> tuple[str, ...]:
    """Return sentences on what the edition after the last one of the ledger changes, by analysis key.

    Parameters
    ----------
    shown
        What the new edition shows, by key.
    """
    if not ledger.editions:
        return (_beginning(ledger, settlements),)
    before = published_syntheses(ledger)
    pairs = ((before.get(key), shown.get(key)) for key in sorted({*before, *shown}))
    return tuple(line for was, now in pairs for line in _lines(was, now, ledger, settlements))


def _beginning(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> str:
    # A study of the published review stays one when a further report of it is found.
    earlier, studies = previously_included(ledger), included_studies(settlements).values()
    from_it = sum(1 for study in studies if not earlier.isdisjoint(study.reports))
    count = "1 study" if len(studies) == 1 else f"{len(studies)} studies"
    return f"First edition: {count}, {from_it or 'none'} of them from the published review."


def _lines(
    before: Synthesis | None,
    after: Synthesis | None,
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
) -> tuple[str, ...]:
    if after is None:
        return (f"{before.key}: withdrawn: no included study has a result any more.",) if before else ()
    if before and before.digest == after.digest:
        return ()
    if before and before.measure != after.measure:
        changed = f"the measure changed from {before.measure} to {after.measure}"
        return (f"{after.key}: {changed}; the results cannot be compared.",)
    found = explained_impact(before, after, ledger, settlements)
    return tuple(f"{after.key}: {step.sentence}" for step in found.steps)
