"""What all routes share: who asks, whether they may, the form they sent, and the page they get back."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from review.ids import ReportId
from review.people import Account
from triage.access import PUBLIC, can_vote, may
from triage.desk import Desk, Seat
from triage.errors import ForbiddenError, SignInNeededError
from triage.forms import Fields, identifier
from triage.sessions import check_origin, check_token, digest, token
from triage.worklists import waiting_for

__all__ = ["DeskHere", "Here", "Sent", "TheReport", "Visit", "csrf", "guard", "login_csrf", "page", "see"]

_READS = {"GET", "HEAD"}


def get_desk(request: Request) -> Desk:
    """Return the desk this application serves."""
    desk: Desk = request.app.state.desk
    return desk


DeskHere = Annotated[Desk, Depends(get_desk)]


def identify(request: Request, desk: DeskHere) -> Account | None:
    """Return the account of the session cookie, or None."""
    secret = request.cookies.get(desk.cookies.session)
    account = desk.store.session(digest(secret), desk.clock()) if secret else None
    request.state.account = account
    return account


Known = Annotated[Account | None, Depends(identify)]


async def sent(request: Request) -> Fields:
    """Return the fields of the form that was sent; files are refused."""
    form = await request.form(max_files=0, max_fields=80)
    return Fields({name: value for name, value in form.items() if isinstance(value, str)})


Sent = Annotated[Fields, Depends(sent)]


async def guard(request: Request, desk: DeskHere, account: Known) -> None:
    """Let a request through only where the table of `triage.access` and the tokens allow it."""
    method = "GET" if request.method == "HEAD" else request.method
    route = request.scope["route"].path
    if (method, route) not in PUBLIC:
        _authorise(account, method, route)
    if method not in _READS:
        check_origin(request)
        found = request.headers.get("x-csrf-token") or (await sent(request)).text("csrf", 100)
        check_token(found, login_csrf(request, desk) if route == "/login" else csrf(request, desk))


def _authorise(account: Account | None, method: str, route: str) -> None:
    if account is None:
        raise SignInNeededError("Sign in first.")
    if not may(account, method, route):
        raise ForbiddenError(f"An account with the role “{account.role}” may not do this.")


def _viewer(account: Known) -> Account:
    if account is None:
        raise SignInNeededError("Sign in first.")
    return account


Viewer = Annotated[Account, Depends(_viewer)]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in."""

    request: Request
    seat: Seat

    @property
    def desk(self) -> Desk:
        """The desk that is visited."""
        return self.seat.desk

    @property
    def account(self) -> Account:
        """Who visits."""
        return self.seat.account


def _visit(request: Request, desk: DeskHere, account: Viewer) -> Visit:
    return Visit(request, Seat(desk, account))


Here = Annotated[Visit, Depends(_visit)]


def _the_report(report: str) -> ReportId:
    return ReportId(identifier(report, "report"))


TheReport = Annotated[ReportId, Depends(_the_report)]


def csrf(request: Request, desk: Desk) -> str:
    """Return the token that every form of this session carries."""
    return _bound(desk, request.cookies.get(desk.cookies.session, ""))


def login_csrf(request: Request, desk: Desk) -> str:
    """Return the token of the log-in form: it belongs to the browser that was shown the form."""
    fresh: str = getattr(request.state, "new_login", "")
    return _bound(desk, fresh or request.cookies.get(desk.cookies.login, ""))


def _bound(desk: Desk, secret: str) -> str:
    if not secret:
        raise ForbiddenError(
            "Your browser sent no cookie. Allow cookies for this site and open the page again."
        )
    return token(desk.secret_key, "csrf", secret)


def page(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """Return a page, with what the frame around every page needs."""
    desk = get_desk(request)
    account: Account | None = getattr(request.state, "account", None)
    frame: dict[str, object] = {"account": account, "path": request.url.path}
    if account is not None:
        frame |= {
            "waiting": waiting_for(Seat(desk, account), desk.snapshot()),
            "csrf": csrf(request, desk),
            "sets_aside": desk.protocol.classifier.set_aside or bool(desk.snapshot().ledger.audit_draws),
            "votes": can_vote(account),
            "allowed": lambda method, route: may(account, method, route),
        }
    text = desk.templates.get_template(template).render({**frame, **context})
    return HTMLResponse(text, status_code=status)


def see(path: str, *parts: str, anchor: str = "", **query: str) -> RedirectResponse:
    """Answer a form with "see there" (303), so that reloading the page never sends the form again."""
    address = path + "".join(quote(part, safe=":") for part in parts)
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items() if value)
    return RedirectResponse(address + (f"?{asked}" if asked else "") + anchor, status_code=303)
