"""The status entries of an analysis that cannot be pooled: how they are written, and which one stands."""

import hashlib
from datetime import datetime

from review.edition import StatusEntry
from review.effect import AnalysisKey
from review.ledger import Ledger

__all__ = ["not_pooled", "pooled_again", "reason_of", "standing_refusal"]

_STAYS = " The last result stays until this is mended."


def not_pooled(key: AnalysisKey, why: str, now: datetime) -> StatusEntry:
    """Return the entry that an analysis could not be pooled, `why` being a sentence."""
    return StatusEntry(
        id=f"not-pooled-{_digest(f'{key}|{why}|{now.isoformat()}')}",
        at=now,
        title=_refused(key),
        text=why + _STAYS,
    )


def pooled_again(key: AnalysisKey, refusal: StatusEntry, now: datetime) -> StatusEntry:
    """Return the entry that an analysis is pooled again and comes to the result it had before `refusal`."""
    return StatusEntry(
        id=f"pooled-again-{_digest(refusal.id)}",
        at=now,
        title=_mended(key),
        text="What kept it from being pooled is mended; the result is the one it had before.",
    )


def standing_refusal(ledger: Ledger, key: AnalysisKey) -> StatusEntry | None:
    """Return the last refusal of an analysis; None where it was pooled since."""
    about = [one for one in ledger.status_entries if one.title in {_refused(key), _mended(key)}]
    if not about or about[-1].title == _mended(key):
        return None
    later = any(one.key == key and one.at >= about[-1].at for one in ledger.syntheses)
    return None if later else about[-1]


def reason_of(refusal: StatusEntry) -> str:
    """Return why an analysis could not be pooled."""
    return refusal.text.removesuffix(_STAYS)


def _refused(key: AnalysisKey) -> str:
    return f"{key} could not be pooled"


def _mended(key: AnalysisKey) -> str:
    return f"{key} is pooled again"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
