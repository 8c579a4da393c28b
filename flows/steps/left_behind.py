"""Name imported effects that still count although no table of the review has them any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.place import Place
from review.effect import AnalysisKey
from review.ids import StudyId
from review.ledger import Ledger
from review.protocol import Protocol
from review.published_effects import PublishedEffect, read_effects
from review.screening import settle
from review.studies import included_studies, of_last_source, slot_of, usable_estimates

__all__ = ["LeftBehind", "left_behind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """A row of a published table that was imported and then removed from the table of effects."""

    study: StudyId
    row: str
    key: AnalysisKey
    source: str

    @property
    def sentence(self) -> str:
        """What a person should know of it, and what ends it."""
        return (
            f"{self.study} ({self.row}), {self.key}: imported earlier, no longer in the table of effects; it "
            "still counts until the study has an extracted result of its own there or is no longer included"
        )


def left_behind(place: Place, ledger: Ledger) -> tuple[LeftBehind, ...]:
    """Return what was imported, still counts, and stands in no table; by study, row and key.

    A row of which a later source, an extraction or an exclusion took the place does not count any more and is
    not named.
    """
    listed = {slot_of(one.source, one.estimate) for one in _listed(place)}
    counted = _counted(ledger, place.protocol)
    gone = [
        LeftBehind(study=one.estimate.study, row=one.estimate.label, key=one.estimate.key, source=one.source)
        for one in of_last_source(ledger.imported_effects)
        if slot_of(one.source, one.estimate) not in listed
        and (one.estimate.study, one.estimate.key) in counted
    ]
    return tuple(sorted(gone, key=lambda one: (one.study, one.row, one.key)))


def _listed(place: Place) -> Iterator[PublishedEffect]:
    protocol = place.protocol
    yield from read_effects(place.folder / protocol.references.effects, protocol)
    # Only a replay imports the table of its rehearsal; the review in earnest does not know it.
    if protocol.rehearsal and place.replay_file.exists():
        yield from read_effects(place.folder / protocol.rehearsal.effects, protocol)


def _counted(ledger: Ledger, protocol: Protocol) -> set[tuple[StudyId, AnalysisKey]]:
    included = included_studies(settle(ledger, protocol))
    imported = (one.estimate for one in usable_estimates(ledger, protocol) if one.imported)
    return {(one.study, one.key) for one in imported if one.study in included}
