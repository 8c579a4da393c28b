"""The desk as a web application, put together from its pages."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from review.protocol import Protocol
from store.errors import ConflictingRowError
from store.store import Store
from triage import (
    api,
    aside,
    checking,
    conflicts,
    duplicates,
    duplicates_api,
    effects,
    full_text,
    linking,
    login,
    queue,
    record,
    sign_off,
    studies,
)
from triage.accounts import hash_password
from triage.desk import Desk
from triage.errors import DeskError, SignInNeededError
from triage.sessions import Cookies, new_secret
from triage.views import environment
from triage.web import guard, page, see

__all__ = ["create_app"]

_MOST_BYTES = 262_144
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PAGES = (
    login,
    queue,
    record,
    full_text,
    aside,
    conflicts,
    linking,
    duplicates,
    studies,
    effects,
    checking,
    sign_off,
    api,
    duplicates_api,
)


def create_app(
    store: Store,
    protocol: Protocol,
    *,
    clock: Callable[[], datetime],
    secret_key: str,
    secure_cookies: bool = False,
    banner: str = "",
) -> FastAPI:
    """Return the desk of one review.

    Parameters
    ----------
    clock
        Says what time it is, with its zone.
    secret_key
        Signs the forms; at least 16 characters, the same over restarts.
    secure_cookies
        True where the desk is served over HTTPS, and only there.
    banner
        A sentence shown at the top of every page.

    Raises
    ------
    ValueError
        When the secret key is too short.
    """
    if len(secret_key) < 16:
        raise ValueError(f"secret_key: found {len(secret_key)} characters; expected at least 16")
    app = FastAPI(
        title="Living Review desk",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard)],
    )
    app.state.desk = Desk(
        store=store,
        protocol=protocol,
        clock=clock,
        secret_key=secret_key,
        cookies=Cookies(secure=secure_cookies),
        templates=environment(protocol, banner),
        dummy_hash=hash_password(new_secret()),
    )
    for module in _PAGES:
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(DeskError, _refused)
    app.add_exception_handler(ConflictingRowError, _written_otherwise)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(Exception, _failed)
    app.middleware("http")(_frame)
    return app


async def _frame(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    length = request.headers.get("content-length", "0")
    chunked = "transfer-encoding" in request.headers
    if chunked or not length.isdigit() or int(length) > _MOST_BYTES:
        response: Response = JSONResponse(
            {"error": f"The request is larger than {_MOST_BYTES} bytes, or does not say how large it is."},
            413,
        )
    else:
        response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers[name] = value
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)  # noqa: S101 - the handler is registered for this type only
    if isinstance(error, SignInNeededError) and request.method == "GET" and not _wants_json(request):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return see("/login", next="" if wanted == "/" else wanted)
    return _answer(request, error.status, error.message, error.reasons)


def _written_otherwise(request: Request, error: Exception) -> Response:
    return _answer(request, 409, f"Another form was quicker. {error}")


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this type only
    sentence = {
        404: "There is no such page.",
        405: "This address does not take that kind of request.",
    }.get(error.status_code, "The request could not be read.")
    return _answer(request, error.status_code, sentence)


def _bad_address(request: Request, _: Exception) -> Response:
    return _answer(request, 422, "The address of this page is not one the desk knows how to read.")


def _failed(request: Request, _: Exception) -> Response:
    return _answer(
        request, 500, "The desk failed on this request. If it was to change something, look whether it did."
    )


def _answer(request: Request, status: int, sentence: str, reasons: tuple[str, ...] = ()) -> Response:
    if _wants_json(request):
        response: Response = JSONResponse({"error": sentence, "reasons": list(reasons)}, status)
    else:
        response = page(request, "error.html", status=status, sentence=sentence, reasons=reasons)
    response.headers.update(_HEADERS)
    return response


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path == "/health"
