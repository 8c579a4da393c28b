"""``resolve``: the identifiers of what the published review included and excluded."""

from typing import Annotated

import typer

from flows.cli.options import AsJson, ReviewFolder, place_of
from flows.cli.printing import progress_bar, tell
from flows.cli.refusals import PARTIAL

__all__ = ["register", "resolve"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(resolve)


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
