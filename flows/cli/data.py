"""``import`` and ``export``: citations in and out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened
from flows.cli.printing import progress_bar, say, say_table, tell
from flows.cli.refusals import PARTIAL
from flows.cli.watching import Day

if TYPE_CHECKING:
    from flows.by_hand.importing import FileImport

__all__ = ["export", "import_file", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_file)
    app.command()(export)


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

    Every one is accepted, or rejected with its line and reason. Format and encoding are recognised; labels
    and decisions in it are kept as notes and decide nothing.
    """
    from flows.by_hand.importing import import_alone, import_citations
    from flows.place import utc_now

    with opened(review) as (place, store), progress_bar(None, quiet=as_json) as advance:
        advance(0, f"reading {file.name} and looking for what is known")
        through = searched_through.date() if searched_through else None
        outcome = (
            import_citations(place.protocol, store, file, source, through=through, now=utc_now(), write=False)
            if preview
            else import_alone(place, store, file, source, through=through, now=utc_now())
        )
    if preview and not as_json:
        _show(outcome)
    rejected = (f"  {file}: line {one.line}: {one.reason}" for one in outcome.rejected)
    tell(outcome, outcome.sentence, *outcome.remarks, *rejected, as_json=as_json)
    raise typer.Exit(PARTIAL if outcome.rejected else 0)


def _show(outcome: "FileImport") -> None:
    """Show how a file is understood, before anything of it is taken in."""
    say(f"Read as {outcome.format}{f', {outcome.encoding}' if outcome.encoding else ''}")
    say_table(
        f"The first {len(outcome.first)} of {outcome.read}, as they are read",
        ("title", "authors", "year", "DOI"),
        [(one.title, _briefly(one.authors), one.year or "-", one.doi or "-") for one in outcome.first],
    )
    if outcome.fields:
        say_table(
            "What its fields become",
            ("field", "filled", "becomes"),
            [(one.name, one.filled, one.becomes or "nothing: not read") for one in outcome.fields],
        )


def _briefly(authors: tuple[str, ...], shown: int = 2) -> str:
    return "; ".join(authors[:shown]) + (f" and {len(authors) - shown} more" if len(authors) > shown else "")


def export(
    review: ReviewFolder,
    *,
    out: Annotated[
        Path, typer.Option(help="The file to write; its ending, .ris, .csv, .xlsx or .bib, is its format.")
    ],
    which: Annotated[str, typer.Option(help="included, excluded, waiting or all.")] = "all",
    excel: Annotated[bool, typer.Option(help="Write .csv so that Excel computes nothing in it.")] = False,
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Write reports to a file of citations.

    RIS, CSV, XLSX or BibTeX, by its ending; each report is labelled with where it stands.
    """
    from flows.by_hand.exporting import export_reports

    with opened(review, rehearsal=rehearsal) as (place, store):
        count = export_reports(place.protocol, store, which, out, excel=excel)
    tell({"wrote": out, "reports": count}, f"wrote {count} reports to {out}", as_json=as_json)
