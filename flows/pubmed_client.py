"""Make the PubMed client that every run uses: the real one, whatever address it is pointed at."""

from pathlib import Path
from urllib.parse import urlsplit

import requests

from flows.settings import Settings, SettingsError
from search.clocks import MonotonicClock
from search.limiter import NCBI_SPACING, NCBI_SPACING_WITH_KEY, Limiter, SpacedLimiter, Unlimited
from search.pubmed import PubMed

__all__ = ["TOOL", "make_pubmed"]

TOOL = "living-review"
DEADLINE_SECONDS = 120.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NCBI = "ncbi.nlm.nih.gov"


def make_pubmed(settings: Settings, url: str | None = None) -> PubMed:
    """Return a client for `url`, by default the address in the settings.

    Raises
    ------
    SettingsError
        When NCBI itself would be asked without an e-mail address, which its rules require.
    """
    base = url or settings.eutils_url
    host = urlsplit(base).hostname or ""
    local = host in _LOOPBACK
    key = settings.ncbi_api_key if host == _NCBI or host.endswith(f".{_NCBI}") else ""
    if not local and not settings.email:
        raise SettingsError(
            "environment: LIVING_REVIEW_EMAIL: found nothing; expected the address NCBI may write to; set it"
        )
    clock = MonotonicClock()
    return PubMed(
        base,
        settings.email or "rehearsal@example.org",
        TOOL,
        key,
        session=requests.Session(),
        limiter=Unlimited() if local else _limiter(settings, clock, with_key=bool(key)),
        clock=clock,
        deadline=DEADLINE_SECONDS,
    )


def _limiter(settings: Settings, clock: MonotonicClock, *, with_key: bool) -> Limiter:
    settings.home.mkdir(parents=True, exist_ok=True)
    spacing = NCBI_SPACING_WITH_KEY if with_key else NCBI_SPACING
    path: Path = settings.home / "eutils.rate"
    return SpacedLimiter(path, spacing, clock)
