"""``import``, ``export`` and ``evaluate``: citations in and out, and how well the ranking does."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened
from flows.cli.printing import number, say, say_json, say_table, tell
from flows.cli.refusals import PARTIAL
from flows.cli.watching import Day

__all__ = ["evaluate", "export", "import_file", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_file)
    app.command()(export)
    app.command()(evaluate)


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    review: ReviewFolder,
    source: Annotated[str, typer.Option(help="Which source it was exported from, as the protocol names it.")],
    searched_through: Day = None,
    preview: Annotated[bool, typer.Option(help="Say what would come in and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in a file of citations.

    Every one is accepted, or rejected with its line and reason.
    """
    from flows.by_hand.importing import import_citations
    from flows.place import utc_now

    with opened(review) as (place, store):
        outcome = import_citations(
            place.protocol,
            store,
            file,
            source,
            through=searched_through.date() if searched_through else None,
            now=utc_now(),
            write=not preview,
        )
    rejected = (f"  {file}: line {one.line}: {one.reason}" for one in outcome.rejected)
    tell(outcome, outcome.sentence, *rejected, as_json=as_json)
    raise typer.Exit(PARTIAL if outcome.rejected else 0)


def export(
    review: ReviewFolder,
    *,
    out: Annotated[Path, typer.Option(help="The file to write; its ending, .ris or .csv, is its format.")],
    which: Annotated[str, typer.Option(help="included, excluded, waiting or all.")] = "all",
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Write reports to a RIS or CSV file."""
    from flows.by_hand.exporting import export_reports

    with opened(review, rehearsal=rehearsal) as (place, store):
        count = export_reports(place.protocol, store, which, out)
    tell({"wrote": out, "reports": count}, f"wrote {count} reports to {out}", as_json=as_json)


def evaluate(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, as_json: AsJson = False) -> None:
    """Say how well the ranking does on people's decisions.

    Measured by cross-validation on the review's own decisions.
    """
    from flows.place import utc_now
    from flows.steps.baseline import take_in_baseline
    from flows.steps.ranking import evaluate_model

    with opened(review, rehearsal=rehearsal) as (place, store):
        take_in_baseline(place.folder, place.protocol, store, utc_now())
        model = evaluate_model(place.protocol, store, utc_now())
    if as_json:
        say_json(model)
        return
    say(f"Model {model.id}, learned from {', '.join(f'{n} {name}' for name, n in model.grades)}")
    say_table(
        "Cross-validated", ("figure", "value"), [(name, number(value)) for name, value in model.metrics]
    )
    say(model.promise)
