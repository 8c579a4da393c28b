"""A seat at the desk for whoever works from the command line: the desk's rules hold for both."""

from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment

from flows.errors import Refused
from review.protocol import Protocol
from store.store import Store
from triage.access import RULES, may
from triage.desk import Desk, Seat
from triage.sessions import Cookies

__all__ = ["take_seat"]


def take_seat(protocol: Protocol, store: Store, name: str, route: str, clock: Callable[[], datetime]) -> Seat:
    """Return the seat of an account that may post to one of the desk's routes.

    Raises
    ------
    Refused
        When there is no such active account, or the desk would not let it.
    """
    account = store.account(name)
    if account is None or not account.active:
        raise Refused(f"account {name!r}: found none; expected an active one; see 'living-review user list'")
    if not may(account, "POST", route):
        raise Refused(
            f"account {name!r}: found no right to do this as {account.role}; expected {_who(route)}"
        )
    return Seat(_desk(protocol, store, clock), account)


def _who(route: str) -> str:
    return " or ".join(sorted(RULES[("POST", route)]))


def _desk(protocol: Protocol, store: Store, clock: Callable[[], datetime]) -> Desk:
    # No page is made and no form is signed here: tokens are asked for and given in one breath.
    return Desk(
        store=store,
        protocol=protocol,
        clock=clock,
        secret_key="command line",  # noqa: S106 - signs nothing that leaves this process
        cookies=Cookies(secure=True),
        templates=Environment(autoescape=True),
        dummy_hash="",
    )
