"""``backup``, ``restore``, ``verify`` and ``migrate``: keeping what was written safe."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.printing import complain, say
from flows.cli.refusals import FAILED

__all__ = ["backup", "migrate", "register", "restore", "verify"]

File = Annotated[Path, typer.Argument(metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (backup, restore, verify, migrate):
        app.command()(command)


def backup(file: File, *, review: ReviewFolder) -> None:
    """Write a consistent copy of the review's database while it is in use."""
    with opened(review) as (_, store):
        store.backup(file)
    say(f"wrote {file}")


def restore(file: File, *, review: ReviewFolder) -> None:
    """Put a backup in place of an empty database, after checking that it holds."""
    from store.backup import restore as restore_store

    place = place_of(review)
    place.home.mkdir(parents=True, exist_ok=True)
    restore_store(file, place.database_url)
    say(f"restored {file}")


def verify(review: ReviewFolder, *, rehearsal: RehearsalFlag = False) -> None:
    """Check the audit chain, the ledgers and the PRISMA numbers."""
    from review.prisma import prisma_flow
    from review.screening import settle

    with opened(review, rehearsal=rehearsal) as (place, store):
        bad = store.verify()
        if bad:
            complain(f"audit row {bad.seq}: {bad.what}; restore the last good backup")
            raise typer.Exit(FAILED)
        ledger = store.ledger()
        flow = prisma_flow(ledger, settle(ledger, place.protocol))
        rows, head = store.audit_head()
    say(f"{rows} audit rows hold, head {head[:16]}")
    identified = sum(count for _, count in flow.identified)
    say(f"{identified} records identified = {flow.duplicates} duplicates + {flow.reports} reports")


def migrate(review: ReviewFolder) -> None:
    """Bring the review's database to this version's schema, after a backup."""
    from store.migrations_api import migrate as migrate_store

    place = place_of(review)
    place.home.mkdir(parents=True, exist_ok=True)
    migrate_store(place.database_url)
    say(f"{place.protocol.id}: the database has this version's schema")
