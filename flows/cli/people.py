"""``user`` and ``decide``: accounts, and a decision without the desk."""

import sys
from typing import Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, account_named, opened
from flows.cli.printing import say_json, say_table, tell
from flows.errors import Refused

__all__ = ["add_user", "decide", "list_users", "register", "set_password"]

PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    user = typer.Typer(help="Accounts of the desk.", no_args_is_help=True, rich_markup_mode=None)
    user.command("add")(add_user)
    user.command("list")(list_users)
    user.command("password")(set_password)
    app.add_typer(user, name="user")
    app.command()(decide)


def add_user(
    name: str,
    *,
    review: ReviewFolder,
    role: Annotated[str, typer.Option(help="lead, reviewer, adjudicator, statistician or reader.")],
    full_name: str = "",
    password_stdin: PasswordStdin = False,
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Add an account of the desk."""
    from flows.place import utc_now
    from triage.accounts import create_account

    with opened(review, rehearsal=rehearsal) as (_, store):
        account = create_account(
            store,
            name,
            role,
            _password(from_stdin=password_stdin),
            full_name,
            at=utc_now(),
        )
    tell(account, f"{name} can sign in as {role}", as_json=as_json)


def list_users(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, as_json: AsJson = False) -> None:
    """List the accounts."""
    with opened(review, rehearsal=rehearsal) as (_, store):
        accounts = store.accounts()
    if as_json:
        say_json(accounts)
        return
    say_table("Accounts", ("name", "role", "active"), [(a.name, a.role, a.active) for a in accounts])


def set_password(
    name: str,
    *,
    review: ReviewFolder,
    password_stdin: PasswordStdin = False,
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Give an account a new password and close its sessions."""
    from flows.place import utc_now
    from triage.accounts import hash_password

    with opened(review, rehearsal=rehearsal) as (_, store):
        account_named(store, name)
        store.set_password(name, hash_password(_password(from_stdin=password_stdin)), at=utc_now())
    tell({"name": name}, f"{name} has a new password", as_json=as_json)


def decide(
    report: str,
    verdict: Annotated[
        str, typer.Argument(help="include, exclude, maybe; at full text also ongoing; withdrawn.")
    ],
    *,
    review: ReviewFolder,
    reviewer: Annotated[str, typer.Option("--as", help="The account that decides.")],
    stage: Annotated[str, typer.Option(help="screening or full text.")] = "screening",
    reason: Annotated[str, typer.Option(help="At full text: one of the protocol's exclusion reasons.")] = "",
    study: Annotated[str, typer.Option(help="At full text: the study's label.")] = "",
    note: str = "",
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Cast one reviewer's vote on one report, or take it back."""
    from flows.by_hand.deciding import cast_vote
    from flows.place import utc_now

    with opened(review, rehearsal=rehearsal) as (place, store):
        settled = cast_vote(
            place.protocol,
            store,
            report=report,
            stage=stage,
            verdict=verdict,
            reviewer=account_named(store, reviewer),
            reason=reason,
            study=study,
            note=note,
            now=utc_now(),
        )
    tell(settled, f"{report}: {settled.status}", as_json=as_json)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Refused("password: found no terminal to ask at; expected one; use --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
