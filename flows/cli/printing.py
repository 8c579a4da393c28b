"""Print for people, or as JSON for machines."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

__all__ = ["complain", "number", "progress_bar", "say", "say_json", "say_table", "tell"]


WIDE = 200
"""Columns of a table that goes into a file or another program, where nothing may be folded away."""


def say(text: str = "") -> None:
    """Print a line."""
    typer.echo(text)


def complain(text: str) -> None:
    """Print a line where errors go."""
    typer.echo(f"living-review: {text}", err=True)


def say_json(value: object) -> None:
    """Print dataclasses, tuples and dictionaries of them as JSON."""
    from pydantic import TypeAdapter

    typer.echo(TypeAdapter(Any).dump_json(value, indent=1).decode())


def tell(value: object, *lines: str, as_json: bool) -> None:
    """Print what was done: the value for machines, or the lines for people."""
    if as_json:
        say_json(value)
        return
    for line in lines:
        say(line)


def say_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as wide as its content asks for."""
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(width=None if Console().is_terminal else WIDE).print(table)


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with its digits, or a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


@contextmanager
def progress_bar(total: int | None, *, quiet: bool = False) -> Iterator[Any]:
    """Show a bar where errors go, so that what a command prints stays clean.

    Yields
    ------
    callable
        ``advance(done, what)``; `done` of `total`.
    """
    columns = (
        SpinnerColumn(),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=total is None, disable=quiet) as bar:
        task = bar.add_task("", total=total)

        def advance(done: int, what: str = "") -> None:
            bar.update(task, completed=done, description=what)

        yield advance
