"""The rehearsed analysis year by year: what the replay's own search reached, and the table by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from flows.place import Place
from flows.replay.figures import analysis_key
from flows.replay.material import Material
from flows.steps.resynthesis import code_version
from review.ledger import Ledger
from review.protocol import Protocol
from review.published_effects import PublishedEffect
from review.replay import Course, ReplayYear
from review.result import Synthesis
from synthesis.living.analysis import synthesise

__all__ = ["BEFORE", "courses"]

BEFORE = "published review"
"""The label of what stood before the first year."""


def courses(
    place: Place, material: Material, ledger: Ledger, years: tuple[ReplayYear, ...]
) -> tuple[Course, ...]:
    """Return the course that the replay's own search took, and that of the published table by itself.

    Parameters
    ----------
    ledger
        As it stands at the end of the replay.
    years
        The years that were played, the earliest first.
    """
    return (
        Course(
            name="What this replay’s own search reached",
            about="A trial is pooled from the year in which the search found its report, if a decision on it "
            "was imported.",
            stages=tuple(_reached(material, ledger, years)),
        ),
        Course(
            name="The published table by itself",
            about="Every trial of the table from the year in which it was published, whether or not the "
            "search found it; a trial held as a conflict is among them.",
            stages=tuple(_of_table(place, material)),
        ),
    )


def _reached(
    material: Material, ledger: Ledger, years: tuple[ReplayYear, ...]
) -> Iterator[tuple[str, Synthesis]]:
    made = [one for one in ledger.syntheses if one.key == analysis_key(material)]
    labels = [(BEFORE, material.rehearsal.first_year - 1), *((str(one.year), one.year) for one in years)]
    for label, year in labels:
        by_then = [one for one in made if one.at.year <= year]
        if by_then:
            yield label, _main_only(by_then[-1])


def _of_table(place: Place, material: Material) -> Iterator[tuple[str, Synthesis]]:
    published = {trial.study: trial.year for trial in material.trials}
    first, protocol = material.rehearsal.first_year - 1, _main_alone(place.protocol)
    rows = [(first, one) for one in material.baseline_effects]
    rows += [(published[one.estimate.study], one) for one in material.effects]
    ours = [(year, one) for year, one in rows if one.estimate.key == analysis_key(material)]
    for year in sorted({year for year, _ in ours}):
        so_far = [one for then, one in ours if then <= year]
        yield BEFORE if year == first else str(year), _pooled(so_far, year, protocol)


def _pooled(rows: list[PublishedEffect], year: int, protocol: Protocol) -> Synthesis:
    made = synthesise(
        rows[0].estimate.key,
        [row.estimate for row in rows],
        imported=[True] * len(rows),
        protocol=protocol,
        at=datetime(year, 12, 31, 12, tzinfo=UTC),
        code_version=code_version(),
    )
    return _main_only(made)


def _main_alone(protocol: Protocol) -> Protocol:
    """Return the protocol without what is planned beside the main analysis: none of it is kept here."""
    return replace(
        protocol, moderator={}, synthesis=replace(protocol.synthesis, sensitivity=(), small_study=())
    )


def _main_only(synthesis: Synthesis) -> Synthesis:
    return replace(synthesis, sensitivity=(), subgroups=(), moderators=(), small_study=())
