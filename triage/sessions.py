"""Sessions and the two guards of every change: a token bound to the session, and the page's own origin."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from review.people import Account
from store.store import Store
from triage.errors import ForbiddenError

__all__ = ["Cookies", "check_origin", "check_token", "close", "digest", "new_secret", "open_new", "token"]

LASTS = timedelta(hours=12)


class Cookies:
    """Names and flags of the desk's two cookies; with `secure` they are bound to the host and to HTTPS."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        prefix = "__Host-" if secure else ""
        self.session, self.login = f"{prefix}desk", f"{prefix}desk-login"

    def set(self, response: Response, name: str, value: str) -> None:
        """Set a cookie that no script can read; it ends with the browser."""
        response.set_cookie(name, value, httponly=True, samesite="lax", secure=self.secure, path="/")

    def drop(self, response: Response, name: str) -> None:
        """Take a cookie back."""
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self.secure, path="/")


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what the store keeps of a session: never the token itself."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(secret_key: str, *parts: str) -> str:
    """Return the desk's own signature over `parts`: without the key nobody can make it."""
    message = "\x1f".join(parts).encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()[:40]


def check_token(found: str, expected: str) -> None:
    """Raise ForbiddenError unless the form carries the session's token."""
    if not hmac.compare_digest(found.encode(), expected.encode()):
        raise ForbiddenError("This form does not belong to your session. Open the page again and repeat.")


def check_origin(request: Request) -> None:
    """Raise ForbiddenError where a browser says that another site sent the form."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign or site not in {"same-origin", "none"}:
        raise ForbiddenError("This form was sent by another site. Nothing was changed.")


def open_new(store: Store, account: Account, now: datetime) -> str:
    """Open a session under a fresh token and return the token."""
    secret = new_secret()
    store.open_session(digest(secret), account.name, now + LASTS, now)
    return secret


def close(store: Store, secret: str) -> None:
    """End a session on the server."""
    store.close_session(digest(secret))
