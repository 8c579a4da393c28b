"""``desk`` and ``up``: the parts that keep running."""

from typing import Annotated

import typer

from flows.cli.options import RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.printing import say

__all__ = ["desk", "register", "up"]

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="By default LIVING_REVIEW_DESK_PORT or 8765.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(desk)
    app.command()(up)


def desk(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, port: Port = None) -> None:
    """Open the reviewers' desk on this machine; Ctrl-C closes it."""
    from flows.serving.desk import serve_desk

    with opened(review, rehearsal=rehearsal) as (place, store):
        if not store.accounts():
            flag = " --rehearsal" if rehearsal else ""
            say(f"No accounts yet: living-review user add NAME --role lead --review {review}{flag}")
        serve_desk(place, store, port=port or place.settings.desk_port, rehearsal=rehearsal)


def up(review: ReviewFolder, *, rehearsal: RehearsalFlag = False) -> None:
    """Start Prefect server, worker, dispatcher, desk and site on this machine; Ctrl-C stops them cleanly."""
    from flows.serving.up import run_everything

    run_everything(place_of(review, rehearsal=rehearsal), say, rehearsal=rehearsal)
