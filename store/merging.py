"""People's word that two reports are one document, or two after all: rows that are only ever added."""

from collections.abc import Sequence

from review.ids import RecordId
from review.link import DuplicateLink, HintAnswer
from review.merging import closes_ring
from store.errors import ConflictingRowError
from store.nouns import row_of
from store.pen import Pen
from store.room import Room
from store.schema import duplicate_link, hint_answer
from store.standings import rebuild, said_around, stand_as

__all__ = ["Merging"]


class Merging(Room):
    """What is one document, as people say."""

    def link_duplicates(self, links: Sequence[DuplicateLink]) -> int:
        """Say which reports records stand for, all or nothing; return how many of the links said it anew.

        A link of a record to its own report sets it apart again. The record that names a report takes all
        its records along, there and back.

        Raises
        ------
        ConflictingRowError
            When a report would come to stand for itself by way of others; nothing is written.
        UnknownRowError
            When a record or a report is not in the store; nothing is written.
        """
        with self._write() as pen:
            pen.require_reports([end for link in links for end in (link.record, link.report)])
            new = [link for link in links if _say(pen, link)]
            if new:
                action = _action(new)
                subject = new[0].record if len(new) == 1 else f"{len(new)} records"
                pen.seal(actor=new[0].by or "service", action=action, subject=subject, at=new[-1].at)
                pen.post("resynthesis", action=action, subject=subject, at=new[-1].at)
        return len(new)

    def answer_hint(self, answer: HintAnswer) -> bool:
        """Write that a guess is not true, or take that back; False where it is written already."""
        with self._write() as pen:
            pen.require_reports([answer.report, answer.other])
            written = pen.append_new(hint_answer, [row_of(answer)])
            if written:
                pen.seal(actor=answer.by, action=answer.word, subject=answer.report, at=answer.at)
        return bool(written)

    def rebuild_standings(self) -> None:
        """Make the table of what stands for what anew from the ledgers; it should change nothing."""
        with self._write() as pen:
            rebuild(pen)


def _say(pen: Pen, link: DuplicateLink) -> bool:
    stands = said_around(pen.connection, {str(link.record), str(link.report)})
    if stands[link.record] == link.report:
        return False
    if closes_ring(stands, link):
        raise ConflictingRowError(
            f"{link.record}: found that {link.report} stands for it already; expected two reports that stand "
            "for themselves; set one apart first; nothing was written"
        )
    pen.append(duplicate_link, [row_of(link)])
    stand_as(pen, {**stands, RecordId(link.record): link.report})
    return True


def _action(links: Sequence[DuplicateLink]) -> str:
    return "set apart" if all(str(link.record) == link.report for link in links) else "one document"
