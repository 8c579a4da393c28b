"""Accounts, sessions and failed sign-ins. None is a ledger; changes of accounts are in the audit chain."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from review.people import Account
from store import schema
from store.codec import dump, load, storable, to_text
from store.errors import ConflictingRowError, UnknownRowError
from store.pen import Pen, select_in
from store.room import Room

__all__ = ["Accounts"]

LONGEST_NAME = 200
"""Characters of a typed name that are remembered."""


class Accounts(Room):
    """Who may do what. Passwords arrive as hashes and sessions as digests of their tokens."""

    def add_account(self, account: Account, password_hash: str, *, at: datetime, by: str = "service") -> None:
        """Write a new account.

        Raises
        ------
        ConflictingRowError
            When the name is taken.
        """
        row = {"name": account.name, "password_hash": password_hash, "body": dump(account)}
        with self._write() as pen:
            if _find(pen.connection, account.name) is not None:
                raise ConflictingRowError(f"account: found {account.name!r} taken; expected a new name")
            pen.connection.execute(insert(schema.account), row)
            _seal(pen, account, "account added", at, by)

    def change_account(self, account: Account, *, at: datetime, by: str = "service") -> None:
        """Replace an account's role, full name and state; one that is no longer active is signed out."""
        with self._write() as pen:
            _require(pen, account.name)
            here = schema.account.c.name == account.name
            pen.connection.execute(update(schema.account).where(here).values(body=dump(account)))
            if not account.active:
                _sign_out(pen, account.name)
            _seal(pen, account, "account changed", at, by)

    def set_password(self, name: str, password_hash: str, *, at: datetime, by: str = "service") -> None:
        """Replace the hash kept for an account, and sign the account out everywhere."""
        with self._write() as pen:
            account = _require(pen, name)
            here = schema.account.c.name == name
            pen.connection.execute(update(schema.account).where(here).values(password_hash=password_hash))
            _sign_out(pen, name)
            _seal(pen, account, "password set", at, by)

    def account(self, name: str) -> Account | None:
        """Return an account by name; None where there is none."""
        with self._read() as connection:
            return _find(connection, name)

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts, ordered by name."""
        with self._read() as connection:
            bodies = connection.scalars(select(schema.account.c.body)).all()
        return tuple(sorted((load(Account, body) for body in bodies), key=lambda one: one.name))

    def password_hash(self, name: str) -> str | None:
        """Return the hash kept for an account; None where there is no such account."""
        statement = select(schema.account.c.password_hash)
        with self._read() as connection:
            found = select_in(connection, statement, schema.account.c.name, [name])
            return next((str(row.password_hash) for row in found), None)

    def open_session(self, token_sha256: str, name: str, expires: datetime, at: datetime) -> None:
        """Remember a session by the digest of its token; sessions that have ended are forgotten."""
        row = {"token_sha256": token_sha256, "name": name, "expires": to_text(expires), "at": to_text(at)}
        with self._write() as pen:
            _require(pen, name)
            pen.connection.execute(delete(schema.session).where(schema.session.c.expires <= to_text(at)))
            pen.connection.execute(insert(schema.session), row)

    def session(self, token_sha256: str, now: datetime) -> Account | None:
        """Return the active account of a session that has not ended; None where there is none."""
        statement = (
            select(schema.account.c.body)
            .join(schema.session, schema.session.c.name == schema.account.c.name)
            .where(schema.session.c.token_sha256 == token_sha256, schema.session.c.expires > to_text(now))
        )
        with self._read() as connection:
            body = connection.execute(statement).scalar_one_or_none()
        account = None if body is None else load(Account, body)
        return account if account is not None and account.active else None

    def close_session(self, token_sha256: str) -> None:
        """Forget a session; one that is not there is forgotten already."""
        with self._write() as pen:
            ended = schema.session.c.token_sha256 == token_sha256
            pen.connection.execute(delete(schema.session).where(ended))

    def note_login_failure(self, name: str, at: datetime) -> None:
        """Remember that someone failed to sign in as `name`, whether or not there is such an account."""
        with self._write() as pen:
            pen.connection.execute(insert(schema.login_failure), {"name": _typed(name), "at": to_text(at)})

    def login_failures(self, name: str, since: datetime) -> int:
        """Return how often signing in as `name` failed at or after `since`."""
        failed = schema.login_failure.c
        statement = select(func.count()).where(failed.name == _typed(name), failed.at >= to_text(since))
        with self._read() as connection:
            return connection.execute(statement).scalar_one()


def _find(connection: Connection, name: str) -> Account | None:
    found = select_in(connection, select(schema.account.c.body), schema.account.c.name, [name])
    return next((load(Account, row.body) for row in found), None)


def _typed(name: str) -> str:
    """Return what someone typed as a name, as a column holds it."""
    return storable(name)[:LONGEST_NAME]


def _require(pen: Pen, name: str) -> Account:
    found = _find(pen.connection, name)
    if found is None:
        raise UnknownRowError(f"account: found none called {name!r}; expected one that was added before")
    return found


def _sign_out(pen: Pen, name: str) -> None:
    pen.connection.execute(delete(schema.session).where(schema.session.c.name == name))


def _seal(pen: Pen, account: Account, action: str, at: datetime, by: str) -> None:
    state = "active" if account.active else "inactive"
    pen.seal(actor=by, action=action, subject=account.name, at=at, role=account.role.value, state=state)
