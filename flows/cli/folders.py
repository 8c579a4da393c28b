"""``new`` and ``check``: a review is a folder."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, ReviewFolder
from flows.cli.printing import say, say_json

__all__ = ["check", "new", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(new)
    app.command()(check)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
) -> None:
    """Make the folder of a new review, with a protocol to fill in."""
    from flows.by_hand.new_review import make_review

    for path in make_review(folder):
        say(f"wrote {path}")
    say(f"Next: fill in {folder / 'protocol.toml'}, then 'living-review check --review {folder}'")


def check(review: ReviewFolder, *, as_json: AsJson = False) -> None:
    """Read a review's folder back in sentences, and say what is amiss."""
    from flows.by_hand.check_review import check_review

    report = check_review(review)
    if as_json:
        say_json(report)
        return
    for heading, sentences in report.sections:
        say(heading)
        for sentence in sentences:
            say(f"  {sentence}")
