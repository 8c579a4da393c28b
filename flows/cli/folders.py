"""``new`` and ``check``: a review is a folder."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, ReviewFolder
from flows.cli.printing import tell

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


def check(review: ReviewFolder, *, as_json: AsJson = False) -> None:
    """Read a review's folder back, and say what is amiss."""
    from flows.by_hand.check_review import check_review

    report = check_review(review)
    lines = [
        line
        for heading, sentences in report.sections
        for line in (heading, *(f"  {one}" for one in sentences))
    ]
    tell(report, *lines, as_json=as_json)
