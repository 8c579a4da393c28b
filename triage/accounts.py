"""Accounts: creating them, and telling whether a password is right without telling who exists."""

import re
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from review.ids import Reviewer
from review.people import Account, Role
from store.store import Store
from triage.errors import TooManyError, WrongError

__all__ = ["create_account", "hash_password", "sign_in"]

MAX_FAILURES = 10
WINDOW = timedelta(minutes=15)

# OWASP's least memory for argon2id with two passes: one check stays under a tenth of a second.
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_SHORTEST, _LONGEST = 10, 200


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password.

    Raises
    ------
    WrongError
        When the password is shorter than 10 or longer than 200 characters.
    """
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise WrongError(f"password: found {len(password)} characters; expected {_SHORTEST} to {_LONGEST}")
    return _HASHER.hash(password)


def create_account(
    store: Store, name: str, role: Role | str, password: str, full_name: str = "", *, at: datetime
) -> Account:
    """Write an account, or replace the one of that name.

    Raises
    ------
    WrongError
        When name, role or password cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise WrongError(
            f"account name: found {name!r}; expected 1 to 40 of a-z, 0-9, dot, dash, underscore, "
            "beginning with a letter or a digit"
        )
    if role not in set(Role):
        raise WrongError(f"role: found {role!r}; expected one of {', '.join(Role)}")
    account = Account(name=Reviewer(name), role=Role(role), full_name=full_name.strip()[:100])
    store.add_account(account, hash_password(password), at=at)
    return account


def sign_in(store: Store, name: str, password: str, *, dummy_hash: str, now: datetime) -> Account | None:
    """Return the account whose name and password these are, or None; every failure is counted.

    A name that nobody has takes as long as a wrong password: it is checked against `dummy_hash`.

    Raises
    ------
    TooManyError
        After ten failures for that name within fifteen minutes.
    """
    if store.login_failures(name, now - WINDOW) >= MAX_FAILURES:
        raise TooManyError("Too many failed attempts for this name. Wait fifteen minutes, then try again.")
    account = store.account(name)
    kept = store.password_hash(name)
    right = _HASHER.verify(password[:_LONGEST], kept or dummy_hash)
    if right and kept and account and account.active:
        return account
    store.note_login_failure(name, now)
    return None
