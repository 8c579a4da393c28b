"""What was pooled, what was signed, and what was published."""

from sqlalchemy import select

from review.edition import Edition, StatusEntry, UpdateDecision, UpdateVerdict
from review.result import Synthesis
from store import schema
from store.nouns import row_of
from store.room import Room

__all__ = ["Results"]


class Results(Room):
    """Candidates, signatures, editions and status entries."""

    def add_synthesis(self, synthesis: Synthesis) -> bool:
        """Write a candidate; False where its digest is already the latest of its key."""
        row = row_of(synthesis)
        of_key = select(schema.synthesis.c.digest).where(schema.synthesis.c.key == row["key"])
        latest = of_key.order_by(schema.synthesis.c.seq.desc()).limit(1)
        with self._write() as pen:
            if pen.connection.execute(latest).scalar_one_or_none() == synthesis.digest:
                return False
            pen.append(schema.synthesis, [row])
            pen.seal(actor="synthesis", action="pooled", subject=row["key"], at=synthesis.at)
        return True

    def sign(self, decision: UpdateDecision) -> bool:
        """Write a person's word on a candidate; False where it is there already.

        Only the word to publish asks for publication: the other words leave the editions as they are.
        A rehearsal's decision has no signer: its audit row names ``rehearsal``.
        """
        actor, subject = decision.signer or "rehearsal", decision.verdict.value
        with self._write() as pen:
            written = pen.append_new(schema.update_decision, [row_of(decision)])
            if written:
                pen.seal(actor=actor, action="signed", subject=subject, at=decision.at)
                if decision.verdict is UpdateVerdict.PUBLISH:
                    pen.post("publication", action="signed", subject=subject, at=decision.at)
        return bool(written)

    def add_edition(self, edition: Edition) -> bool:
        """Write an edition; False where it is there already.

        Raises
        ------
        ConflictingRowError
            When an edition of that identifier says something else: an edition never changes.
        """
        with self._write() as pen:
            written = pen.append_new(schema.edition, [row_of(edition)])
            if written:
                pen.seal(actor="publisher", action="edition", subject=edition.id, at=edition.at)
        return bool(written)

    def add_status(self, entry: StatusEntry) -> bool:
        """Write a status entry; False where one of that identifier is there already, whatever it says."""
        with self._write() as pen:
            written = pen.append_new(schema.status_entry, [row_of(entry)])
            if written:
                pen.seal(actor="service", action="status", subject=entry.id, at=entry.at)
        return bool(written)
