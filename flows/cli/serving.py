"""``desk`` and ``up``: the parts that keep running."""

from typing import Annotated

import typer

from flows.cli.options import RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.ports import require_free
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
    """Open the desk on this machine; Ctrl-C closes it."""
    from flows.serving.desk import serve_desk

    with opened(review, rehearsal=rehearsal) as (place, store):
        at = port or place.settings.desk_port
        require_free(place.settings.host, at)
        if not store.accounts():
            flag = " --rehearsal" if rehearsal else ""
            say(f"No accounts yet: living-review user add NAME --role lead --review {review}{flag}")
        serve_desk(place, store, port=at, rehearsal=rehearsal)


def up(review: ReviewFolder) -> None:
    """Start worker, dispatcher, desk and site; Ctrl-C stops all.

    Prefect's server is started with them.
    """
    from flows.serving.up import run_everything

    place = place_of(review)
    settings = place.settings
    for port in (settings.prefect_port, settings.desk_port, settings.site_port):
        require_free(settings.host, port)
    run_everything(place, say)
