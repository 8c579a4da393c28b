"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from triage.accounts import sign_in
from triage.errors import DeskError, WrongError
from triage.sessions import close, new_secret, open_new
from triage.web import DeskHere, Sent, login_csrf, page, see

__all__ = ["router"]

router = APIRouter()


@router.get("/login")
def show_login(
    request: Request, desk: DeskHere, wanted: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """Show the log-in form."""
    known = request.cookies.get(desk.cookies.login)
    request.state.new_login = known or new_secret()
    response = page(request, "login.html", token=login_csrf(request, desk), next=_local(wanted))
    desk.cookies.set(response, desk.cookies.login, request.state.new_login)
    return response


@router.post("/login")
def log_in(request: Request, desk: DeskHere, fields: Sent) -> Response:
    """Open a session under a new identifier."""
    name, wanted = fields.text("name", 100), _local(fields.text("next", 500))
    try:
        account = sign_in(
            desk.store, name, fields.values.get("password", ""), dummy_hash=desk.dummy_hash, now=desk.clock()
        )
        if account is None:
            raise WrongError("Name and password do not match an account of this review.")
    except DeskError as error:
        context = {"token": login_csrf(request, desk), "next": wanted, "name": name, "error": error.message}
        return page(request, "login.html", status=error.status, **context)
    _close_former(request, desk)
    response = see(wanted or "/")
    desk.cookies.set(response, desk.cookies.session, open_new(desk.store, account, desk.clock()))
    desk.cookies.drop(response, desk.cookies.login)
    return response


@router.post("/logout")
def log_out(request: Request, desk: DeskHere) -> Response:
    """End the session on the server and in the browser."""
    _close_former(request, desk)
    response = see("/login")
    desk.cookies.drop(response, desk.cookies.session)
    return response


def _close_former(request: Request, desk: DeskHere) -> None:
    former = request.cookies.get(desk.cookies.session)
    if former:
        close(desk.store, former)


def _local(address: str) -> str:
    """Return the address where it is one of this site's own, else nothing."""
    own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if own else ""
