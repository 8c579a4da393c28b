"""``backup``, ``restore``, ``verify`` and ``migrate``: keeping what was written safe."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.printing import complain, tell
from flows.cli.refusals import FAILED
from flows.errors import Refused

__all__ = ["backup", "migrate", "register", "restore", "verify"]

File = Annotated[Path, typer.Argument(metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (backup, restore, verify, migrate):
        app.command()(command)


def backup(file: File, *, review: ReviewFolder, as_json: AsJson = False) -> None:
    """Write a consistent copy of the database, even in use."""
    if not file.parent.is_dir():
        raise Refused(f"{file}: found no folder {file.parent}; expected one that is there; make it first")
    with opened(review) as (_, store):
        store.backup(file)
    tell({"wrote": file}, f"wrote {file}", as_json=as_json)


def restore(file: File, *, review: ReviewFolder, as_json: AsJson = False) -> None:
    """Put a sound backup in place of an empty database."""
    from store.backup import restore as restore_store

    place = place_of(review)
    place.home.mkdir(parents=True, exist_ok=True)
    restore_store(file, place.database_url)
    tell({"restored": file}, f"restored {file}", as_json=as_json)


def verify(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, as_json: AsJson = False) -> None:
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
        held = {one.id: report.id for report in store.reports().values() for one in report.records}
        if held != {one.record: one.report for one in ledger.sightings}:
            complain(
                "records: found some under another report than the ledgers say; expected the same; "
                "run 'living-review migrate', which files them anew"
            )
            raise typer.Exit(FAILED)
        rows, head = store.audit_head()
    identified = sum(count for _, count in flow.identified)
    tell(
        {"audit_rows": rows, "head": head, "prisma": flow},
        f"{rows} audit rows hold, head {head[:16]}",
        f"{identified} records identified = {flow.duplicates} duplicates + {flow.reports} reports",
        as_json=as_json,
    )


def migrate(review: ReviewFolder, *, as_json: AsJson = False) -> None:
    """Bring the database to this version's schema.

    It happens whole or not at all; what has this schema stays as it is. Records are filed anew under the
    reports that the ledgers name.
    """
    from flows.place import open_place_store
    from store.migrations_api import migrate as migrate_store

    place = place_of(review)
    place.home.mkdir(parents=True, exist_ok=True)
    migrate_store(place.database_url)
    with open_place_store(place, create=False) as store:
        store.rebuild_standings()
    done = f"{place.protocol.id}: the database has this version's schema"
    tell({"migrated": place.protocol.id}, done, as_json=as_json)
