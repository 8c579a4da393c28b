"""``resolve`` and ``ingest``: the reference set's identifiers, and PubMed's own files instead of its API."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, ReviewFolder, opened, place_of
from flows.cli.printing import progress_bar, say, say_json, tell
from flows.cli.refusals import PARTIAL

__all__ = ["ingest", "register", "resolve"]

_MEGABYTE = 10**6


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(resolve)
    app.command()(ingest)


def resolve(
    review: ReviewFolder,
    *,
    again: Annotated[bool, typer.Option(help="Ask anew for what was confirmed by rule.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find the PMIDs of the reference reports.

    What agrees in title, first author and year is believed and written beside the reports, with its source;
    what is ambiguous waits there for a person.
    """
    from flows.by_hand.resolving import resolve_references
    from flows.place import utc_now
    from flows.pubmed_client import make_pubmed

    place = place_of(review)
    with progress_bar(None, quiet=as_json) as advance:
        found = resolve_references(
            place,
            make_pubmed(place.settings),
            utc_now(),
            again=again,
            progress=lambda done, of: advance(done, f"of {of} citations"),
        )
    hint = f"Choose for the ambiguous ones in {found.file}: set outcome, pmid and confirmed_by."
    ambiguous = (hint,) if found.counts["ambiguous"] else ()
    tell(found, *found.sentences, f"wrote {found.file}", *ambiguous, as_json=as_json)
    raise typer.Exit(0 if found.complete else PARTIAL)


def ingest(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="FOLDER")],
    *,
    review: ReviewFolder,
    workers: Annotated[int, typer.Option(min=1, help="Files to read at the same time.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Watch PubMed by its own files: one cycle without asking it.

    FOLDER holds baseline and update files, each with its .md5 beside it.
    """
    from flows.place import utc_now
    from flows.steps.cycle import run_ingest

    with opened(review) as (place, store), progress_bar(None, quiet=as_json) as advance:
        cycle = run_ingest(
            place,
            store,
            folder,
            clock=utc_now,
            workers=workers,
            stage=lambda what: advance(0, what),
            progress=lambda done, of: advance(done // _MEGABYTE, f"of {of // _MEGABYTE} MB"),
        )
    if as_json:
        say_json({"run": cycle.run, "status": cycle.entry, "candidates": cycle.candidates})
    else:
        say(cycle.entry.title)
        say(cycle.entry.text)
    raise typer.Exit(cycle.exit_code)
