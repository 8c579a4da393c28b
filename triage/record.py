"""The record page: one card, the criteria beside it, and the verdicts in a bar that stays in place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from review.decision import Decision, ImportedDecision, Resolution, Stage, Verdict
from review.ids import ReportId, StudyId
from review.ledger import Ledger
from review.link import LinkHint, Relation
from review.merging import open_hints
from review.people import Account
from review.record import Report
from review.screening import Settlement, Status
from review.studies import included_studies
from triage.access import can_vote
from triage.aside import put_back_token
from triage.blinding import open_stage, own_vote, shown_status, takes_votes, verdicts_at, visible_votes
from triage.desk import Seat, Snapshot
from triage.errors import WrongError
from triage.forms import Fields
from triage.pairs import Joined, Pair, joined_to, pairs_of, set_apart_before
from triage.putting_back import held_for_undo
from triage.suggested import Suggested, suggested
from triage.tokens import vote_token
from triage.voting import cast, read_ballot, why_fixed, withdraw
from triage.web import Here, Sent, TheReport, Visit, page, see
from triage.worklists import queue

__all__ = ["Card", "VotesShown", "make_card", "router", "show_card", "take_vote"]

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesShown:
    """What one stage shows its viewer: the own vote, and the others' once all are in."""

    stage: Stage
    own: Decision | None
    votes: tuple[Decision, ...]
    resolution: Resolution | None
    token: str
    fixed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that one person is shown of one report.

    Parameters
    ----------
    voting
        The stage at which this person is asked; None where nothing is asked.
    hints
        What may tell of the same study.
    pairs
        This report beside what may be the same document.
    joined
        Its records that a link made its own.
    suggestion
        None as long as it must stay hidden.
    put_back
        The token of putting it back in the queue, where it is set aside.
    held_until
        From when on this person may vote, where another one put it back a moment ago.
    """

    report: Report
    settlement: Settlement
    status: Status
    voting: Stage | None
    stages: tuple[VotesShown, ...]
    imported: tuple[ImportedDecision, ...]
    hints: tuple[LinkHint, ...]
    pairs: tuple[Pair, ...]
    joined: tuple[Joined, ...]
    notices: tuple[str, ...]
    suggestion: Suggested | None
    studies: tuple[StudyId, ...]
    put_back: str = ""
    held_until: datetime | None = None

    @property
    def token(self) -> str:
        """The token of the vote that is asked for."""
        return next((one.token for one in self.stages if one.stage is self.voting), "")


def make_card(seat: Seat, snapshot: Snapshot, report: ReportId, wish: Stage | None) -> Card:
    """Return the card of a report for one person.

    Parameters
    ----------
    wish
        A stage the person asks to vote at, where that is possible: a report that an import settled can be
        read in full all the same.
    """
    settlement = snapshot.settlement(report)
    held_until = held_for_undo(snapshot, seat.account.name, seat.desk.clock()).get(report)
    voting = None if held_until else _asked(snapshot, seat.account, settlement, wish)
    ledger = snapshot.ledger
    found = seat.desk.report(report)
    return Card(
        report=found,
        settlement=settlement,
        status=shown_status(settlement),
        voting=voting,
        stages=tuple(_shown(seat, snapshot, report, stage) for stage in Stage),
        imported=tuple(one for one in ledger.imported_decisions if one.report == report),
        hints=tuple(one for one in _hints(ledger, report) if one.relation is Relation.SIBLING),
        pairs=pairs_of(seat.desk, snapshot, _may_be_one(snapshot, report)),
        joined=joined_to(seat.desk, snapshot, found),
        notices=tuple(f"{one.kind}: {one.text}" for one in ledger.notices if one.report == report),
        suggestion=suggested(seat, snapshot, found, voting),
        studies=tuple(sorted(included_studies(snapshot.settlements))),
        put_back=put_back_token(seat.desk.secret_key, snapshot, report)
        if report in snapshot.set_aside
        else "",
        held_until=held_until,
    )


def show_card(here: Visit, card: Card, *, status: int = 200, **more: object) -> Response:
    """Return the record page."""
    context: dict[str, object] = {"card": card, "values": {}, "error": "", "done": None, "shows_next": ""}
    verdicts = verdicts_at(card.voting) if card.voting else ()
    return page(here.request, "record.html", status=status, **{**context, "verdicts": verdicts, **more})


@router.get("/record/{report:path}")
def show_record(
    here: Here,
    report: TheReport,
    done: Annotated[str, Query(max_length=200)] = "",
    undone: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Show a report; `done` names the one decided just before, so that it can be undone."""
    snapshot = here.desk.snapshot()
    if snapshot.present(report) != report:
        return see("/record/", snapshot.present(report))
    card = make_card(here.seat, snapshot, report, None)
    return show_card(here, card, done=just_done(here.seat, snapshot, done), undone=bool(undone))


@router.post("/vote/{report:path}")
def vote(here: Here, report: TheReport, fields: Sent) -> Response:
    """Write a vote on title and abstract and go on to the next card."""
    return take_vote(here, report, Stage.SCREENING, fields)


@router.post("/withdraw/{report:path}")
def take_back(here: Here, report: TheReport, fields: Sent) -> Response:
    """Take one's own vote back and show the report again."""
    stage = fields.choice("stage", Stage)
    withdraw(here.seat, report, stage, fields.text("token"))
    return see("/record/", report, undone="1")


def take_vote(here: Visit, report: ReportId, stage: Stage, fields: Fields) -> Response:
    """Write a vote; where the form cannot be used, show the card again with what is missing."""
    try:
        ballot = read_ballot(fields, stage, here.desk.protocol.eligibility.exclusion_reasons)
    except WrongError as error:
        card = make_card(here.seat, here.desk.snapshot(), report, stage)
        return show_card(here, card, status=422, error=error.message, values=fields.values)
    cast(here.seat, report, stage, ballot, fields.text("token"))
    following = queue(here.seat, here.desk.snapshot(), stage, 1)
    if following:
        return see("/record/", following[0], done=report)
    return see("/queue/", stage.value, done=report)


def just_done(seat: Seat, snapshot: Snapshot, report: str) -> VotesShown | None:
    """Return the person's own latest vote on the report named, with what undoing it needs."""
    if ReportId(report) not in snapshot.settlements or not can_vote(seat.account):
        return None
    shown = [_shown(seat, snapshot, ReportId(report), stage) for stage in Stage]
    return next((one for one in reversed(shown) if one.own), None)


def _hints(ledger: Ledger, report: ReportId) -> Iterator[LinkHint]:
    for hint in ledger.link_hints:
        if report in {hint.report, hint.other} and hint.report != hint.other:
            yield hint if hint.report == report else replace(hint, report=report, other=hint.report)


def _may_be_one(snapshot: Snapshot, report: ReportId) -> tuple[LinkHint, ...]:
    ledger = snapshot.ledger
    asked = open_hints(_hints(ledger, report), ledger.hint_answers)
    there = {hint.other for hint in asked}
    before = set_apart_before(snapshot, report)
    return (*asked, *(hint for hint in before if hint.other not in there))


def _asked(snapshot: Snapshot, account: Account, settlement: Settlement, wish: Stage | None) -> Stage | None:
    if settlement.report in snapshot.set_aside:
        return None
    stage = wish if wish and takes_votes(settlement, wish) else open_stage(settlement)
    if stage is None or not can_vote(account):
        return None
    return None if own_vote(snapshot.votes(settlement.report), stage, account.name) else stage


def _shown(seat: Seat, snapshot: Snapshot, report: ReportId, stage: Stage) -> VotesShown:
    votes = snapshot.votes(report)
    own = own_vote(votes, stage, seat.account.name)
    settled = [one for one in snapshot.ledger.resolutions if (one.report, one.stage) == (report, stage)]
    return VotesShown(
        stage=stage,
        own=own,
        votes=visible_votes(votes, stage, seat.account.name, seat.desk.protocol),
        resolution=settled[-1] if settled and settled[-1].verdict is not Verdict.WITHDRAWN else None,
        token=vote_token(seat.desk.secret_key, votes, report, stage, seat.account.name),
        fixed=why_fixed(snapshot, seat.account, report, stage) if own else "",
    )
