"""Made-up rows: one history that writes a row of every kind, step by step."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from review.audit import AuditDraw, PutBack, QueueWord
from review.decision import Basis, Decision, ImportedDecision, Resolution, Stage, Verdict
from review.drift import Drift, DriftCheck, Level
from review.edition import Edition, Notice, StatusEntry, UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey, Better, Effect, EffectCheck, EffectSize, Estimate, ImportedEffect
from review.ids import EditionId, EffectId, ModelId, ReportId, Reviewer, RunId, StudyId
from review.link import DuplicateLink, HintAnswer, HintWord, LinkHint, StudyLink
from review.people import Account, Role
from review.record import Record
from review.result import PooledNumbers, Synthesis
from review.searching import RunCounts, RunStatus, SearchGap, SearchRun, Window
from review.suggestion import InForce, Model, Suggestion
from store.store import Store

__all__ = [
    "AT",
    "STEPS",
    "STUDY",
    "WINDOW",
    "back",
    "commit",
    "decision",
    "draw",
    "drift",
    "effect",
    "gap",
    "imported_effect",
    "link_of",
    "model",
    "record",
    "report_id",
    "run",
    "search",
    "suggestion",
    "synthesis",
    "two_documents",
]

AT = datetime(2024, 5, 6, 3, 0, tzinfo=UTC)
WINDOW = Window(date(2024, 4, 1), date(2024, 5, 5))
STUDY = StudyId("Alpha 2024")
KEY = AnalysisKey("treatment v control", "outcome", "short", "all")


def record(number: int, **changes: object) -> Record:
    """Return an obviously made-up record."""
    given = {
        "source": "pubmed",
        "accession": f"made-up-{number}",
        "pmid": f"made-up-{number}",
        "title": f"A trial of treatment {number} in condition {number}",
        "abstract": f"Synthetic abstract {number}.",
    }
    return Record(**{**given, **changes})


def report_id(number: int) -> ReportId:
    """Return the report of record `number`."""
    return ReportId(record(number).id)


def run(number: int = 1, **changes: object) -> SearchRun:
    """Return a complete run that retrieved nothing."""
    given = {
        "id": RunId(f"pubmed-{number:04d}"),
        "source": "pubmed",
        "strategy_sha256": "0" * 64,
        "protocol_version": 1,
        "query": "treatment",
        "window": WINDOW,
        "started": AT - timedelta(minutes=1),
        "ended": AT,
        "status": RunStatus.COMPLETE,
        "counts": RunCounts(),
    }
    return SearchRun(**{**given, **changes})


def search(number: int, *new: int) -> dict[str, object]:
    """Return what ``commit_search`` asks for, for a run that found these new records."""
    return {
        "run": run(number, counts=RunCounts(retrieved=len(new), queued=len(new))),
        "sightings": [(record(one), report_id(one)) for one in new],
        "duplicates": [],
        "hints": [],
        "cursor": WINDOW.end,
    }


def commit(store: Store, number: int, *new: int, **changes: object) -> None:
    """Commit a run that found these new records."""
    given = {**search(number, *new), **changes}
    store.commit_search(given.pop("run"), **given)


def gap(number: int, **changes: object) -> SearchGap:
    """Return an open gap of run `number`."""
    given = {
        "source": "pubmed",
        "window": WINDOW,
        "opened_by": RunId(f"pubmed-{number:04d}"),
        "reason": "no answer",
        "at": AT,
    }
    return SearchGap(**{**given, **changes})


def link_of(duplicate: int, of: int, by: str = "") -> DuplicateLink:
    """Return the link of one record to the report of another, or to its own."""
    return DuplicateLink(record=record(duplicate).id, report=report_id(of), rule="same DOI", at=AT, by=by)


def two_documents(one: int, other: int, word: HintWord = HintWord.TWO_DOCUMENTS) -> HintAnswer:
    """Return a person's word on a guess."""
    return HintAnswer(report=report_id(one), other=report_id(other), word=word, by="ada", at=AT)


def model(name: str = "model-1") -> Model:
    """Return a model that learned from nothing."""
    return Model(id=ModelId(name), at=AT, seed=1, training_digest="0", grades=(), metrics=(), promise="none")


def suggestion(number: int, score: float, by: str = "model-1") -> Suggestion:
    """Return what a model says of report `number`."""
    given = {"score": score, "rank": 1, "of": 1, "flagged": score > 0.5, "at": AT}
    return Suggestion(report=report_id(number), model=ModelId(by), **given)


def in_force(name: str = "model-1", at: datetime = AT) -> InForce:
    """Return that a model is in force."""
    return InForce(model=ModelId(name), at=at)


def draw(set_aside: list[int], drawn: list[int], name: str = "draw-1") -> AuditDraw:
    """Return what a cycle set aside and drew."""
    return AuditDraw(
        id=name,
        model=ModelId("model-1"),
        at=AT,
        set_aside=tuple(report_id(one) for one in set_aside),
        drawn=tuple(report_id(one) for one in drawn),
    )


def back(number: int, word: QueueWord = QueueWord.BACK) -> PutBack:
    """Return ada's word to put a report back, or to undo that."""
    return PutBack(report=report_id(number), word=word, by=Reviewer("ada"), at=AT)


def drift(name: str = "drift-1", level: Level = Level.FINE) -> Drift:
    """Return what a look for drift found, obviously made up."""
    check = DriftCheck(name="scores", level=level, n=2, sentence="Made up.")
    return Drift(id=name, model=ModelId("model-1"), at=AT, new=2, checks=(check,))


def decision(number: int, reviewer: str = "ada", **changes: object) -> Decision:
    """Return a vote on report `number`."""
    given = {"stage": Stage.SCREENING, "verdict": Verdict.INCLUDE, "at": AT, "criteria_version": 1}
    return Decision(report=report_id(number), reviewer=Reviewer(reviewer), **{**given, **changes})


def estimate() -> Estimate:
    """Return a result."""
    return Estimate(
        study=STUDY, label="row 1", key=KEY, measure="SMD", better=Better.LOWER, value=-0.25, se=0.125
    )


def effect(name: str = "effect-1", **changes: object) -> Effect:
    """Return a result read by ada in report 1."""
    given = {"report": report_id(1), "by": Reviewer("ada"), "at": AT, "estimate": estimate()}
    return Effect(id=EffectId(name), **{**given, **changes})


def imported_effect(name: str = "imported-1", **changes: object) -> ImportedEffect:
    """Return a result that another analysis printed."""
    given = {"estimate": estimate(), "source": "Another analysis", "at": AT}
    return ImportedEffect(id=EffectId(name), **{**given, **changes})


def synthesis(digest: str = "digest-1", **changes: object) -> Synthesis:
    """Return a pool of one study."""
    numbers = PooledNumbers(
        k=1,
        estimate=-0.25,
        se=0.125,
        ci_lb=-0.5,
        ci_ub=0.0,
        pval=0.0455,
        tau2=0.0,
        i2=0.0,
        q=0.0,
        q_pval=1.0,
        method="REML",
        test="z",
    )
    given = {
        "key": KEY,
        "at": AT,
        "measure": "SMD",
        "numbers": numbers,
        "rows": (EffectSize(study=STUDY, yi=-0.25, vi=0.015625),),
        "weights": (100.0,),
    }
    return Synthesis(digest=digest, **{**given, **changes})


def _signed() -> UpdateDecision:
    return UpdateDecision(
        verdict=UpdateVerdict.PUBLISH,
        reason="one study more",
        signer=Reviewer("ada"),
        at=AT,
        syntheses=("digest-1",),
    )


def _search_with_everything(store: Store) -> None:
    closed = gap(1, closed_by=RunId("pubmed-0002"), closed_at=AT)
    commit(
        store,
        2,
        run=run(2, counts=RunCounts(retrieved=3, duplicates=1, queued=2)),
        sightings=[(record(1), report_id(1)), (record(2), report_id(2)), (record(3), report_id(1))],
        duplicates=[link_of(3, 1)],
        hints=[LinkHint(report=report_id(1), other=report_id(2), evidence="same registration", at=AT)],
        opens=[gap(2, reason="two records not delivered")],
        closes=[closed],
    )


def _add_edition(store: Store) -> None:
    store.add_edition(
        Edition(
            id=EditionId("1.0.0"),
            number=1,
            at=AT,
            syntheses=("digest-1",),
            decision=_signed(),
            protocol_version=1,
        )
    )


def _resolution() -> Resolution:
    return Resolution(
        report=report_id(1),
        stage=Stage.SCREENING,
        verdict=Verdict.INCLUDE,
        by=Reviewer("cem"),
        basis=Basis.ADJUDICATOR,
        at=AT,
    )


def _imported_decision() -> ImportedDecision:
    return ImportedDecision(
        report=report_id(2), stage=Stage.FULL_TEXT, verdict=Verdict.INCLUDE, source="Another review", at=AT
    )


STEPS: dict[str, Callable[[Store], object]] = {
    "failed search": lambda s: commit(s, 1, run=run(1, status=RunStatus.FAILED), opens=[gap(1)], cursor=None),
    "search": _search_with_everything,
    "baseline": lambda s: s.add_records([record(4, source="baseline")], AT),
    "background": lambda s: s.add_background([record(5, entered=WINDOW.start)], AT),
    "model": lambda s: s.add_model(model()),
    "suggestions": lambda s: s.add_suggestions([suggestion(1, 0.75), suggestion(2, 0.25)]),
    "in force": lambda s: s.put_in_force(in_force()),
    "another model": lambda s: s.add_model(model("model-2")),
    "other suggestions": lambda s: s.add_suggestions([suggestion(1, 0.5, "model-2")]),
    "another model in force": lambda s: s.put_in_force(in_force("model-2")),
    "draw": lambda s: s.add_draw(draw([1, 2], [2])),
    "put back": lambda s: s.put_back(back(1)),
    "drift": lambda s: s.add_drift(drift()),
    "vote": lambda s: s.decide(decision(1), token="form-1"),
    "resolution": lambda s: s.resolve(_resolution()),
    "imported decisions": lambda s: s.import_decisions([_imported_decision()]),
    "study link": lambda s: s.link_study(StudyLink(report=report_id(1), study=STUDY, by="ada", at=AT)),
    "effect": lambda s: s.enter_effect(effect()),
    "check": lambda s: s.check_effect(EffectCheck(effect=EffectId("effect-1"), by=Reviewer("bea"), at=AT)),
    "imported effects": lambda s: s.import_effects([imported_effect()]),
    "notice": lambda s: s.add_notice(Notice(report=report_id(1), kind="erratum", text="made up", at=AT)),
    "synthesis": lambda s: s.add_synthesis(synthesis()),
    "signature": lambda s: s.sign(_signed()),
    "edition": _add_edition,
    "status": lambda s: s.add_status(
        StatusEntry(id="2024-05-06", at=AT, title="Searched", text="Nothing new")
    ),
    "merge": lambda s: s.link_duplicates([link_of(2, 1, by="ada")]),
    "set apart": lambda s: s.link_duplicates([link_of(2, 2, by="ada")]),
    "hint answer": lambda s: s.answer_hint(two_documents(1, 2)),
    "account": lambda s: s.add_account(Account(name=Reviewer("ada"), role=Role.LEAD), "hash", at=AT),
    "session": lambda s: s.open_session("token", "ada", AT + timedelta(hours=8), AT),
    "failed sign-in": lambda s: s.note_login_failure("ada", AT),
    "password": lambda s: s.set_password("ada", "another hash", at=AT),
    "sent": lambda s: s.mark_sent(1, AT),
}
"""One history, by the name of what is written."""
