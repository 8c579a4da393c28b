"""What must still be acted upon: written with its cause, marked once it is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from store.codec import from_text, to_text
from store.pen import Topic
from store.room import Room
from store.schema import chain_head, outbox

__all__ = ["Outbox", "OutboxRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One thing to be done; `body` says what (`action`) was written about what (`subject`)."""

    seq: int
    topic: str
    body: Mapping[str, str]
    at: datetime


class Outbox(Room):
    """What the dispatcher reads."""

    def pending_outbox(self, topic: Topic | None = None) -> tuple[OutboxRow, ...]:
        """Return what nobody has acted upon yet, oldest first."""
        statement = select(outbox).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.seq)
        if topic is not None:
            statement = statement.where(outbox.c.topic == topic)
        with self._read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            OutboxRow(seq=row.seq, topic=row.topic, body=json.loads(row.body), at=from_text(row.at))
            for row in rows
        )

    def mark_sent(self, seq: int, at: datetime) -> None:
        """Take a row out of what is pending; the first time counts."""
        pending = (outbox.c.seq == seq) & outbox.c.sent_at.is_(None)
        with self._write() as pen:
            pen.connection.execute(update(outbox).where(pending).values(sent_at=to_text(at)))

    def generation(self) -> int:
        """Return a number that grows with every write that is audited: the length of the chain."""
        with self._read() as connection:
            return int(connection.execute(select(chain_head.c.seq)).scalar_one())
