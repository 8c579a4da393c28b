"""Serve the reviewers' desk."""

import uvicorn

from flows.place import Place, secret_key, utc_now
from store.store import Store
from triage.app import create_app

__all__ = ["REHEARSAL_BANNER", "serve_desk"]

REHEARSAL_BANNER = (
    "Rehearsal: decisions and effects were imported from published reviews; nobody here made them."
)


def serve_desk(place: Place, store: Store, *, port: int, rehearsal: bool) -> None:
    """Serve the desk on the host of the settings until it is told to stop."""
    app = create_app(
        store,
        place.protocol,
        clock=utc_now,
        secret_key=secret_key(place),
        banner=REHEARSAL_BANNER if rehearsal else "",
    )
    uvicorn.run(app, host=place.settings.host, port=port, log_level="warning")
