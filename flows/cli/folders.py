"""``new`` and ``check``: a review is a folder."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, ReviewFolder, place_of
from flows.cli.printing import progress_bar, tell
from flows.settings import read_settings

__all__ = ["check", "new", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(new)
    app.command()(check)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make a new review's folder, with a protocol to fill in."""
    from flows.by_hand.new_review import make_review

    paths = make_review(folder)
    following = f"Next: fill in {folder / 'protocol.toml'}, then 'living-review check --review {folder}'"
    tell({"wrote": paths}, *(f"wrote {path}" for path in paths), following, as_json=as_json)


def check(
    review: ReviewFolder,
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Ask PubMed which reference reports each block finds.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A former strategy file: what changed since.")
    ] = None,
    records: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Full records of references; may be repeated.")
    ] = None,
    terms: Annotated[
        bool, typer.Option("--terms", help="Show which terms of each block catch each report.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read a review's folder back, and say what is amiss.

    Of its strategy: which reference reports each block finds, and which block loses a trial.
    """
    from flows.by_hand.check_review import check_review
    from flows.by_hand.strategy_check import Asked, stored_records
    from flows.cli.checked import say_strategy
    from flows.place import utc_now
    from flows.pubmed_client import make_pubmed
    from flows.steps.strategy import refuse_days_to_come

    place = place_of(review)
    refuse_days_to_come(place, utc_now().date())
    pubmed = make_pubmed(read_settings()) if online else None
    with progress_bar(None, quiet=as_json) as advance:
        asked = Asked(
            against=against,
            records=tuple(records or ()),
            known=stored_records(place),
            pubmed=pubmed,
            progress=advance,
        )
        report = check_review(review, asked)
    lines = [
        line
        for heading, sentences in report.sections
        for line in (heading, *(f"  {one}" for one in sentences))
    ]
    tell(report, *lines, as_json=as_json)
    if report.strategy and not as_json:
        say_strategy(report.strategy, terms=terms)
