"""Somebody at the desk without a browser's window: opens pages and sends their forms as they stand."""

from contextlib import ExitStack
from functools import partial
from html.parser import HTMLParser

import httpx
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from tests.triage.world import PASSWORD
from triage.sessions import open_new

__all__ = ["Form", "Person", "forms_of"]


class Form:
    """A form as a page holds it."""

    def __init__(self, method: str, action: str) -> None:
        self.method, self.action = method, action
        self.values: dict[str, str] = {}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(found.get("method", "get"), found["action"]))
        elif tag == "input" and self.forms and found.get("name"):
            self._input(found)
        elif tag == "select":
            self._select = found.get("name", "")
        elif (
            tag == "option"
            and self._select
            and ("selected" in found or self._select not in self.forms[-1].values)
        ):
            self.forms[-1].values[self._select] = found.get("value", "")

    def _input(self, found: dict[str, str]) -> None:
        if found.get("type") in {"radio", "checkbox"} and "checked" not in found:
            return
        self.forms[-1].values[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page with the values they would send."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


class Person:
    """One account in one browser."""

    def __init__(self, app: FastAPI, name: str = "") -> None:
        self.name = name
        # A loop in a thread of its own: the browser tests of the same run keep one in this thread.
        self.inside = ExitStack()
        self.portal = self.inside.enter_context(start_blocking_portal())
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://desk.test")

    def leave(self) -> None:
        """Close the browser."""
        self.portal.call(self.client.aclose)
        self.inside.close()

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """Send one request and follow nothing."""
        return self.portal.call(partial(self.client.request, method, path, **more))

    def open(self, path: str) -> httpx.Response:
        """Open a page, following where it leads."""
        return self.ask("GET", path, follow_redirects=True)

    def form(self, path: str, action: str) -> Form:
        """Return the form of a page whose action begins so."""
        page = self.open(path)
        return next(one for one in forms_of(page.text) if one.action.startswith(action))

    def send(self, form: Form, **values: str) -> httpx.Response:
        """Send a form with these fields filled in, and follow nothing."""
        filled = {**form.values, **{name.replace("__", "-"): value for name, value in values.items()}}
        return self.ask("POST", form.action, data=filled)

    def sit_down(self) -> None:
        """Have a session without the log-in page."""
        desk = self.client._transport.app.state.desk
        account = desk.store.account(self.name)
        self.client.cookies.set(desk.cookies.session, open_new(desk.store, account, desk.clock()))

    def log_in(self, password: str = PASSWORD) -> httpx.Response:
        """Sign in through the form."""
        return self.send(self.form("/login", "/login"), name=self.name, password=password)

    def vote(self, report: str, verdict: str, **values: str) -> httpx.Response:
        """Open a report and send its verdict."""
        page = self.open(f"/record/{report}")
        form = next(one for one in forms_of(page.text) if one.action.startswith(("/vote", "/full-text")))
        return self.send(form, verdict=verdict, **values)
