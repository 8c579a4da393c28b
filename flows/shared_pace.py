"""One pace for all processes of a user on this machine, wherever their reviews live.

A service counts requests per key, or per address of the machine: two reviews with homes of their own share
both. Cron, a terminal and a desktop differ in ``HOME``, ``TMPDIR`` and ``XDG_RUNTIME_DIR``, so the place is
made of the user's number and the system's folder for files that outlive a restart.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from flows.settings import SettingsError
from search.clocks import Clock
from search.limiter import SpacedLimiter

__all__ = ["shared_limiter"]


def shared_limiter(
    service: str, spacing: float, clock: Clock, *, key: str = "", above: Path | None = None
) -> SpacedLimiter:
    """Return the limiter of a service for everybody who asks it with this key, or without one.

    Parameters
    ----------
    service
        A word for the file's name.
    key
        Only a digest of it is written down.
    above
        The folder that all processes of the machine see; by default ``/var/tmp``, where there is one.

    Raises
    ------
    SettingsError
        When the place belongs to somebody else.
    """
    place = _own_folder((above or _seen_by_all()) / f"living-review-{os.getuid()}")
    holder = hashlib.sha256(key.encode()).hexdigest()[:16] if key else "address"
    return SpacedLimiter(place / f"{service}-{holder}.rate", spacing, clock)


def _seen_by_all() -> Path:
    fixed = Path("/var/tmp")  # noqa: S108 - a folder of our own inside it is checked for its owner
    return fixed if os.access(fixed, os.W_OK) else Path(tempfile.gettempdir())


def _own_folder(place: Path) -> Path:
    """Make a folder that only we can write to; whoever made it before us could stop our clock."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise SettingsError(
            f"{place}: found a place that others can write to; expected a folder of our own, where the pace "
            "of requests is kept; remove it"
        )
    return place
