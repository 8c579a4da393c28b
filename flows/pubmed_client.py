"""Make the PubMed client that every run uses: the real one, whatever address it is pointed at."""

from urllib.parse import urlsplit

from flows.sessions import make_session
from flows.settings import Settings, SettingsError, is_local
from flows.shared_pace import shared_limiter
from search.clocks import MonotonicClock
from search.limiter import NCBI_SPACING, NCBI_SPACING_WITH_KEY, Unlimited
from search.pubmed import PubMed

__all__ = ["TOOL", "make_pubmed"]

TOOL = "living-review"
DEADLINE_SECONDS = 120.0
_NCBI = "ncbi.nlm.nih.gov"


def make_pubmed(settings: Settings, url: str | None = None) -> PubMed:
    """Return a client for `url`, by default the address in the settings.

    Raises
    ------
    SettingsError
        When NCBI itself would be asked without an e-mail address, which its rules require, or with a key
        that anybody on the way could read.
    """
    base = url or settings.eutils_url
    host = urlsplit(base).hostname or ""
    local = is_local(base)
    key = settings.ncbi_api_key if host == _NCBI or host.endswith(f".{_NCBI}") else ""
    if not local and not settings.email:
        raise SettingsError(
            "environment: LIVING_REVIEW_EMAIL: found nothing; expected the address NCBI may write to; set it"
        )
    if key and urlsplit(base).scheme != "https":
        raise SettingsError(
            "environment: LIVING_REVIEW_EUTILS_URL: found http:// and a key; expected https://, so that "
            "nobody on the way reads the key; correct it"
        )
    clock = MonotonicClock()
    spacing = NCBI_SPACING_WITH_KEY if key else NCBI_SPACING
    return PubMed(
        base,
        settings.email or "rehearsal@example.org",
        TOOL,
        key,
        session=make_session(base),
        limiter=Unlimited() if local else shared_limiter("eutils", spacing, clock, key=key),
        clock=clock,
        deadline=DEADLINE_SECONDS,
    )
