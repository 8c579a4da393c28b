"""``flagged``: what waits for screening, ranked, with reasons and the tag of randomised trials."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened
from flows.cli.printing import number, say, say_json, say_table
from review.wording import counted

if TYPE_CHECKING:
    from classifier.design import Design

__all__ = ["flagged"]


class DesignOption(StrEnum):
    """Which records are listed, by how they read."""

    ALL = "all"
    LIKELY = "likely"
    UNLIKELY = "unlikely"


def flagged(
    review: ReviewFolder,
    *,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="List what is set aside, not the queue.")
    ] = False,
    design: Annotated[
        DesignOption, typer.Option(help="List what reads like a randomised trial, what does not, or all.")
    ] = DesignOption.ALL,
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """List what waits for screening, likeliest first, and why."""
    from classifier.design import Design
    from flows.by_hand.views import waiting_list

    reads = None if design is DesignOption.ALL else Design(design.value)
    with opened(review, rehearsal=rehearsal) as (place, store):
        rows = waiting_list(place.protocol, store, limit, set_aside=set_aside, design=reads)
    if as_json:
        say_json(rows)
        return
    if set_aside and not rows:
        say(_none_aside(reads))
        return
    columns = ("rank", "score", "flagged", "trial?", "report", "title", "because")
    say_table(
        _title(len(rows), of_more=len(rows) == limit or reads is not None, set_aside=set_aside),
        columns,
        [
            (
                row.rank,
                number(row.score),
                "yes" if row.flagged else "",
                f"{row.design} {number(row.trial_likelihood)}",
                row.report,
                row.title,
                row.because,
            )
            for row in rows
        ],
    )
    if reads:
        say(
            f"Listed is what reads as {design} a randomised trial. Gaps in the rank read otherwise: "
            "they wait as before."
        )


def _none_aside(reads: "Design | None") -> str:
    return f"Nothing set aside reads as {reads} a randomised trial" if reads else "Nothing is set aside"


def _title(listed: int, *, of_more: bool, set_aside: bool) -> str:
    """Say how many are listed; that these are all only where nothing was cut off or filtered."""
    where = "set aside, unscreened" if set_aside else "waiting for screening"
    return f"{listed} of the reports {where}" if of_more else f"All {counted(listed, 'report')} {where}"
