"""The store of one review: one database by URL, and everything that is ever written to it or read from it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from review.decision import Decision, ImportedDecision, Resolution, Stage
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import Effect, EffectCheck, ImportedEffect
from review.ids import ModelId, RecordId, ReportId, Reviewer, RunId
from review.ledger import Ledger
from review.link import DuplicateLink, SiblingHint, StudyLink
from review.people import Account
from review.record import Record, Report
from review.result import Synthesis
from review.searching import SearchGap, SearchRun
from review.suggestion import Model, Suggestion

__all__ = ["AuditRow", "FirstBadRow", "LinkIndex", "OutboxRow", "Store", "open_store"]

Topic = Literal["resynthesis", "publication"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """Something that must be acted upon, written in the transaction of what caused it."""

    seq: int
    topic: str
    body: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One link of the audit chain."""

    seq: int
    at: datetime
    actor: str
    action: str
    body: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class FirstBadRow:
    """The first row of the audit chain that does not hold, and why."""

    seq: int
    what: str


class LinkIndex:
    """Look-ups of reports by the keys their records carry; fulfils the protocol of ``search.linking``."""

    def by_pmid(self, pmid: str) -> tuple[Report, ...]:
        """Return the reports with a record of that PMID."""
        raise NotImplementedError

    def by_doi(self, doi: str) -> tuple[Report, ...]:
        """Return the reports with a record of that DOI, however it is written."""
        raise NotImplementedError

    def by_title_key(self, key: str) -> tuple[Report, ...]:
        """Return the reports with a record of that title key."""
        raise NotImplementedError


def open_store(url: str, *, create: bool = False, title_key: Callable[[str], str] = str.casefold) -> "Store":
    """Open the store at `url` and make sure that its schema is this version's.

    `title_key` turns a title into the key under which ``link_index().by_title_key`` finds it.
    """
    raise NotImplementedError


class Store:
    """All that is written down about one review. Every write is one transaction with its audit row."""

    def __init__(
        self, url: str, *, create: bool = False, title_key: Callable[[str], str] = str.casefold
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        raise NotImplementedError

    def migrate(self) -> None:
        """Bring the schema to this version."""
        raise NotImplementedError

    # Searching

    def commit_search(
        self,
        run: SearchRun,
        *,
        sightings: Sequence[tuple[Record, ReportId]],
        duplicates: Sequence[DuplicateLink],
        hints: Sequence[SiblingHint],
        opens: Sequence[SearchGap] = (),
        closes: Sequence[SearchGap] = (),
        cursor: date | None,
    ) -> None:
        """Write a run, its records, links and gaps, and move the cursor: all or nothing."""
        raise NotImplementedError

    def next_run_id(self, source: str) -> RunId:
        """Return ``pubmed-0001``, ``pubmed-0002``, ... by the number of runs of that source."""
        raise NotImplementedError

    def cursor(self, source: str) -> date | None:
        """Return the day up to which a source was searched; None before the first run."""
        raise NotImplementedError

    def open_gaps(self, source: str | None = None) -> tuple[SearchGap, ...]:
        """Return the gaps that no run has closed."""
        raise NotImplementedError

    # Records

    def add_records(
        self,
        records: Sequence[Record],
        at: datetime,
        *,
        duplicates: Sequence[DuplicateLink] = (),
        hints: Sequence[SiblingHint] = (),
    ) -> int:
        """Write records that no run found (baseline, files); return how many were new.

        A record named by a duplicate link stands for the link's report, every other for its own.
        """
        raise NotImplementedError

    def add_background(self, records: Sequence[Record], at: datetime) -> int:
        """Write records that serve as presumed negatives only: never queued, never counted."""
        raise NotImplementedError

    def background(self, until: date | None = None) -> tuple[Record, ...]:
        """Return the background records that entered their source on or before `until`."""
        raise NotImplementedError

    def known(self, record_ids: Iterable[RecordId]) -> set[RecordId]:
        """Return those of the records that are in the store."""
        raise NotImplementedError

    def report(self, report_id: ReportId) -> Report:
        """Return a report with all its records; KeyError where there is none."""
        raise NotImplementedError

    def reports(self, ids: Collection[ReportId] | None = None) -> dict[ReportId, Report]:
        """Return reports by id in the order of first sight; all of them where `ids` is None."""
        raise NotImplementedError

    def link_index(self) -> LinkIndex:
        """Return the look-ups that linking asks for."""
        raise NotImplementedError

    # Suggestions

    def add_model(self, model: Model) -> bool:
        """Write a model; False where it is there already."""
        raise NotImplementedError

    def add_suggestions(self, suggestions: Sequence[Suggestion]) -> int:
        """Write suggestions, one per model and report; return how many were new."""
        raise NotImplementedError

    def latest_suggestions(self) -> dict[ReportId, Suggestion]:
        """Return the last suggestion written for each report."""
        raise NotImplementedError

    def suggestions(self, model: ModelId) -> tuple[Suggestion, ...]:
        """Return what one model said, in its own order."""
        raise NotImplementedError

    def queue(
        self,
        reviewer: Reviewer,
        stage: Stage,
        *,
        limit: int = 50,
        required: int | None = None,
        candidates: Collection[ReportId] | None = None,
    ) -> tuple[ReportId, ...]:
        """Return reports that await this reviewer's vote, the highest latest score first, unranked last.

        `required`: leave out reports on which that many reviewers have a standing vote.
        `candidates`: the reports that the rules of the review let through; all where None.
        """
        raise NotImplementedError

    # People's word: each writes ledger, audit and outbox (topic "resynthesis") together.
    # They return False (or how many were new) where the identical row is there already.

    def decide(self, decision: Decision, *, token: str | None = None) -> bool:
        """Write a vote; the same token twice is one vote."""
        raise NotImplementedError

    def resolve(self, resolution: Resolution) -> bool:
        """Write the end of a conflict."""
        raise NotImplementedError

    def import_decisions(self, decisions: Sequence[ImportedDecision]) -> int:
        """Write what another review decided."""
        raise NotImplementedError

    def enter_effect(self, effect: Effect) -> bool:
        """Write a result that a reviewer read in a report."""
        raise NotImplementedError

    def check_effect(self, check: EffectCheck) -> bool:
        """Write a second person's check; ValueError where it is the reader's own."""
        raise NotImplementedError

    def import_effects(self, effects: Sequence[ImportedEffect]) -> int:
        """Write results that another meta-analysis printed."""
        raise NotImplementedError

    def link_study(self, link: StudyLink) -> bool:
        """Tie a report to a study, or untie it."""
        raise NotImplementedError

    def add_notice(self, notice: Notice) -> bool:
        """Write something about a known report that a person must look at."""
        raise NotImplementedError

    # Results and what is published

    def add_synthesis(self, synthesis: Synthesis) -> bool:
        """Write a candidate; False where its digest is already the latest of its key."""
        raise NotImplementedError

    def sign(self, decision: UpdateDecision) -> bool:
        """Write a person's word on a candidate (outbox topic "publication")."""
        raise NotImplementedError

    def add_edition(self, edition: Edition) -> bool:
        """Write an edition; False where that id is there already with the same content."""
        raise NotImplementedError

    def add_status(self, entry: StatusEntry) -> bool:
        """Write a status entry; False where that id is there already."""
        raise NotImplementedError

    # Accounts

    def add_account(self, account: Account, password_hash: str, *, at: datetime) -> None:
        """Write an account, or replace its role, name and state; the password's hash is kept apart."""
        raise NotImplementedError

    def account(self, name: str) -> Account | None:
        """Return an account by name."""
        raise NotImplementedError

    def accounts(self) -> tuple[Account, ...]:
        """Return all accounts by name."""
        raise NotImplementedError

    def password_hash(self, name: str) -> str | None:
        """Return the hash kept for an account."""
        raise NotImplementedError

    def set_password(self, name: str, password_hash: str, *, at: datetime) -> None:
        """Replace the hash kept for an account and close its sessions."""
        raise NotImplementedError

    def open_session(self, token_sha256: str, name: str, expires: datetime, at: datetime) -> None:
        """Remember a session by the digest of its token."""
        raise NotImplementedError

    def session(self, token_sha256: str, now: datetime) -> Account | None:
        """Return the active account of a session that has not ended."""
        raise NotImplementedError

    def close_session(self, token_sha256: str) -> None:
        """Forget a session."""
        raise NotImplementedError

    def note_login_failure(self, name: str, at: datetime) -> None:
        """Remember that someone failed to sign in as `name`."""
        raise NotImplementedError

    def login_failures(self, name: str, since: datetime) -> int:
        """Return how often signing in as `name` failed at or after `since`."""
        raise NotImplementedError

    # Outbox, ledger, digest, audit, backup

    def pending_outbox(self, topic: Topic | None = None) -> tuple[OutboxRow, ...]:
        """Return what nobody has acted upon yet, oldest first."""
        raise NotImplementedError

    def mark_sent(self, seq: int, at: datetime) -> None:
        """Take a row out of what is pending; twice is once."""
        raise NotImplementedError

    def generation(self) -> int:
        """Return a number that grows with every write to a ledger."""
        raise NotImplementedError

    def ledger(self) -> Ledger:
        """Return everything written but the texts and the suggestions."""
        raise NotImplementedError

    def digest(self, *, times: bool = True) -> str:
        """Return a sha256 over the substance; without `times` two histories told at other hours agree."""
        raise NotImplementedError

    def verify(self) -> FirstBadRow | None:
        """Return None where the audit chain and the ledgers hold, else the first row that does not."""
        raise NotImplementedError

    def audit(self, limit: int = 100, offset: int = 0) -> tuple[AuditRow, ...]:
        """Return rows of the audit chain, newest first."""
        raise NotImplementedError

    def audit_head(self) -> tuple[int, str]:
        """Return number and hash of the last audit row, to be printed where others see it."""
        raise NotImplementedError

    def backup(self, path: Path) -> None:
        """Write a consistent copy (SQLite; for PostgreSQL the error says what to use)."""
        raise NotImplementedError
