"""The PRISMA 2020 flow of an updated review as boxes, from the fold over the ledgers."""

from dataclasses import dataclass

from review.prisma import PrismaFlow

__all__ = ["Box", "Step", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A number of the flow; `detail` splits it."""

    id: str
    label: str
    n: int
    detail: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A box of the main line and what leaves the line beside it."""

    stage: str
    box: Box
    leaves: tuple[Box, ...] = ()


def steps(flow: PrismaFlow, *, set_aside: int = 0) -> tuple[Step, ...]:
    """Return the flow from what the previous review held to what is included now.

    Parameters
    ----------
    set_aside
        How many of those that are not screened yet are set aside.
    """
    return (
        Step(
            stage="Previous review",
            box=Box(
                id="previous_studies",
                label="Studies included in the review that is kept up to date",
                n=flow.previous_studies,
                detail=(("reports of them", flow.previous_reports),),
            ),
        ),
        *_identification(flow),
        *_screening(flow, set_aside),
        *_included(flow),
    )


def _identification(flow: PrismaFlow) -> tuple[Step, ...]:
    identified = sum(n for _, n in flow.identified)
    return (
        Step(
            stage="Identification",
            box=Box(id="identified", label="New records identified", n=identified, detail=flow.identified),
            leaves=(
                Box(
                    id="duplicates",
                    label="Duplicate records removed",
                    n=flow.duplicates,
                    detail=(
                        ("by identical identifiers", flow.duplicates_by_identifiers),
                        ("by people", flow.duplicates_by_people),
                    ),
                ),
            ),
        ),
    )


def _screening(flow: PrismaFlow, set_aside: int) -> tuple[Step, ...]:
    excluded = sum(n for _, n in flow.excluded_at_full_text)
    return (
        Step(
            stage="Screening",
            box=Box(id="reports", label="New reports", n=flow.reports),
            leaves=(
                Box(
                    id="awaiting_screening",
                    label="Not screened yet",
                    n=flow.awaiting_screening,
                    detail=(("of these set aside, out of the queue of people", set_aside),)
                    if set_aside
                    else (),
                ),
                Box(id="screening_conflicts", label="Conflicts at screening", n=flow.screening_conflicts),
            ),
        ),
        Step(
            stage="Screening",
            box=Box(id="screened", label="Screened", n=flow.screened),
            leaves=(
                Box(id="excluded_at_screening", label="Excluded at screening", n=flow.excluded_at_screening),
            ),
        ),
        Step(
            stage="Full text",
            box=Box(id="sought", label="Sought in full", n=flow.sought),
            leaves=(Box(id="awaiting_full_text", label="Awaiting full text", n=flow.awaiting_full_text),),
        ),
        Step(
            stage="Full text",
            box=Box(id="assessed", label="Assessed in full", n=flow.assessed),
            leaves=(
                Box(
                    id="excluded_at_full_text",
                    label="Excluded, with reason",
                    n=excluded,
                    detail=flow.excluded_at_full_text,
                ),
                Box(id="full_text_conflicts", label="Held as conflicts", n=flow.full_text_conflicts),
                Box(
                    id="awaiting_classification",
                    label="Awaiting classification",
                    n=flow.awaiting_classification,
                ),
                Box(id="ongoing", label="Ongoing", n=flow.ongoing),
                Box(id="siblings-apart", label="Of studies not included", n=flow.siblings_apart),
            ),
        ),
    )


def _included(flow: PrismaFlow) -> tuple[Step, ...]:
    return (
        Step(
            stage="Included",
            box=Box(
                id="new_studies",
                label="New studies included",
                n=flow.new_studies,
                detail=(("reports of them", flow.new_reports),),
            ),
        ),
        Step(
            stage="Included",
            box=Box(
                id="total_studies",
                label="Studies included now",
                n=flow.total_studies,
                detail=(("reports of them", flow.total_reports),),
            ),
        ),
    )
