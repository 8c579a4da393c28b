"""Wake the flows that the outbox asks for: nothing that must not be lost rests on Prefect.

The outbox row stays until the flow has done its work and taken it out: a run that crashed is asked for again
under a new attempt, and a server that is down is asked again later.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from store.store import OutboxRow, Store

__all__ = ["DEPLOYMENTS", "Dispatcher", "Submit"]

DEPLOYMENTS = {"resynthesis": "resynthesis/on-decision", "publication": "publication/on-signature"}

Submit = Callable[[str, str], bool]
"""Given a deployment and an idempotency key, start the run once; True while it may still succeed."""

LONGEST_REST = 128
"""Most rounds to rest after a run that left its work undone."""

LOG = logging.getLogger("living_review.dispatcher")


@dataclass(slots=True)
class Dispatcher:
    """Asks for one run per topic and generation, and waits longer after each that did not help.

    Parameters
    ----------
    submit
        Starts a deployment under a key; the same key twice is one run.
    """

    review: str
    submit: Submit
    _attempts: dict[str, int] = field(default_factory=dict)
    _resting: dict[str, int] = field(default_factory=dict)

    def dispatch(self, store: Store) -> tuple[str, ...]:
        """Ask for what is pending; return the keys that were asked for."""
        waiting = store.pending_outbox()
        topics = sorted({row.topic for row in waiting})
        asked = (self._ask(topic, [row for row in waiting if row.topic == topic]) for topic in topics)
        return tuple(key for key in asked if key)

    def _ask(self, topic: str, rows: list[OutboxRow]) -> str:
        generation = f"{topic}:{self.review}:{max(row.seq for row in rows)}"
        if self._resting.get(generation, 0) > 0:
            self._resting[generation] -= 1
            return ""
        attempt = self._attempts.get(generation, 0)
        key = f"{generation}:{attempt}"
        if not self.submit(DEPLOYMENTS[topic], key):
            self._attempts[generation] = attempt + 1
            self._resting[generation] = min(2**attempt, LONGEST_REST) - 1
            LOG.warning("%s ended and left work: attempt %d follows", key, attempt + 2)
        return key
