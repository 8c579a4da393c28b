"""A small made-up review at its desk: a protocol, reports, accounts, a clock that moves with each look."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.edition import Notice
from review.effect import AnalysisKey, Better, Effect, EffectSize, Estimate
from review.ids import EffectId, ModelId, ReportId, Reviewer, StudyId
from review.link import DuplicateLink, LinkHint, Relation
from review.people import Role
from review.protocol import Amendment, Eligibility, LivingPlan, Pico, Protocol, Publication, References
from review.protocol_synthesis import (
    Comparison,
    Instrument,
    Outcome,
    Stratum,
    Subgroup,
    SynthesisPlan,
    TimePoint,
)
from review.record import Record
from review.result import PooledNumbers, Signal, Synthesis
from review.suggestion import Model, Suggestion, TermWeight, TextSpan
from store.store import Store
from triage.accounts import create_account

__all__ = [
    "KEY",
    "MODEL",
    "PASSWORD",
    "PEOPLE",
    "PROTOCOL",
    "START",
    "Clock",
    "decision",
    "effect",
    "enrich",
    "fill",
    "guess",
    "include",
    "join",
    "record",
    "report",
    "suggestion",
    "synthesis",
]

PASSWORD = "a long enough password"
PEOPLE = {
    "lena": Role.LEAD,
    "ada": Role.REVIEWER,
    "ben": Role.REVIEWER,
    "judy": Role.ADJUDICATOR,
    "stan": Role.STATISTICIAN,
    "rita": Role.READER,
}
KEY = AnalysisKey("usual", "disability", "post", "all")
START = datetime(2024, 5, 6, 8, 0, tzinfo=UTC)

PROTOCOL = Protocol(
    id="made-up",
    title="Treatment X for condition Y: a made-up living review",
    version=1,
    history=(Amendment(version=1, date=date(2024, 1, 1), change="First version."),),
    pico=Pico(
        population="Adults with condition Y",
        intervention="Treatment X",
        comparator=("waiting list",),
        outcomes=("disability", "response"),
    ),
    eligibility=Eligibility(
        designs=("randomised controlled trial",),
        questions=("Adults with condition Y?", "Treatment X?", "Randomised?"),
        exclusion_reasons=("population", "intervention", "design"),
        min_arm_n=20,
        terms_include=("treatment", "random*"),
        terms_exclude=("protocol",),
    ),
    references=References(studies="s.csv", reports="r.csv", effects="e.csv"),
    living=LivingPlan(
        search_every="week",
        known_pass_every="month",
        decide_every="month",
        review_strategy_every="quarter",
        rejustify_every="year",
        retire_when="never in a test",
    ),
    comparison=(
        Comparison(id="usual", label="against usual care"),
        Comparison(id="active", label="against active control"),
    ),
    stratum=(Stratum(id="all", label="all conditions"), Stratum(id="responders", label="responder analyses")),
    timepoint=(TimePoint(id="post", label="Post-treatment", choose="first"),),
    outcome=(
        Outcome(
            id="disability",
            label="Disability",
            measure="SMD",
            better=Better.LOWER,
            measure_in={"responders": "RR"},
            instruments=(
                Instrument(name="Scale A", better=Better.LOWER),
                Instrument(name="Scale B", better=Better.HIGHER),
            ),
        ),
        Outcome(id="response", label="Response", measure="RR", better=Better.HIGHER),
    ),
    synthesis=SynthesisPlan(),
    publication=Publication(base_url="https://example.org/", contact="lead@example.org", licence="CC-BY-4.0"),
    subgroup={"guidance": Subgroup(label="Guidance", levels=("guided", "unguided"))},
)


class Clock:
    """A clock that is a second later each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return a moment later than any before."""
        self.now += timedelta(seconds=1)
        return self.now


def record(number: int, **changes: object) -> Record:
    """Return an obviously made-up record."""
    given: dict[str, object] = {
        "source": "files",
        "accession": f"{number:03d}",
        "title": f"A trial of treatment {number} in condition {number}",
        "abstract": f"BACKGROUND: Synthetic abstract {number}.\nMETHODS: People were randomly allocated.",
        "authors": ("Author A",),
        "journal": "Journal of Made-up Trials",
        "year": 2024,
        "pmid": str(900_000_000 + number),
    }
    return Record(**{**given, **changes})  # type: ignore[arg-type]  # any field may be changed


def report(number: int) -> ReportId:
    """Return the report of record `number`."""
    return ReportId(f"files:{number:03d}")


def fill(store: Store, records: int = 3) -> None:
    """Write accounts for every role, and some records."""
    for name, role in PEOPLE.items():
        create_account(store, name, role, PASSWORD, name.capitalize(), at=START)
    store.add_records([record(number) for number in range(1, records + 1)], START)


def decision(
    number: int, who: str, verdict: Verdict, stage: Stage = Stage.SCREENING, **more: object
) -> Decision:
    """Return a vote as another tab would write it."""
    return Decision(
        report=report(number),
        stage=stage,
        verdict=verdict,
        reviewer=Reviewer(who),
        at=START,
        criteria_version=1,
        **more,  # type: ignore[arg-type]  # any field may be given
    )


def include(store: Store, number: int, study: str, people: tuple[str, str] = ("ada", "ben")) -> None:
    """Let two people include a report at both stages."""
    for who in people:
        store.decide(decision(number, who, Verdict.INCLUDE))
        store.decide(decision(number, who, Verdict.INCLUDE, Stage.FULL_TEXT, study=StudyId(study)))


def effect(number: int, study: str, by: str = "ada", **changes: object) -> Effect:
    """Return a result of a study, read by one person."""
    given: dict[str, object] = {
        "study": StudyId(study),
        "label": study,
        "key": KEY,
        "measure": "SMD",
        "better": Better.LOWER,
        "value": -0.3,
        "se": 0.1,
        "instrument": "Scale A",
        "locator": "Table 2",
    }
    return Effect(
        id=EffectId(f"effect-{number}-{by}"),
        estimate=Estimate(**{**given, **changes}),  # type: ignore[arg-type]  # any field may be changed
        report=report(number),
        by=Reviewer(by),
        at=START,
    )


def synthesis(*studies: str, digest: str = "d1", estimate: float = 0.3) -> Synthesis:
    """Return a made-up synthesis of the studies."""
    return Synthesis(
        key=KEY,
        digest=digest,
        at=START,
        measure="SMD",
        numbers=PooledNumbers(
            k=len(studies),
            estimate=estimate,
            se=0.1,
            ci_lb=estimate - 0.2,
            ci_ub=estimate + 0.2,
            pval=0.01,
            tau2=0.01,
            i2=12.0,
            q=1.0,
            q_pval=0.5,
            method="REML",
            test="knha",
        ),
        rows=tuple(EffectSize(study=StudyId(one), yi=estimate, vi=0.01) for one in studies),
        weights=tuple(100 / len(studies) for _ in studies),
        signals=(Signal(name="A made-up signal", fired=None, detail="cannot be computed", source="nowhere"),),
    )


def guess(one: int, other: int, confidence: float = 0.9) -> LinkHint:
    """Return the machine's guess that two reports are one document."""
    return LinkHint(
        report=report(one),
        other=report(other),
        evidence="same made-up title",
        at=START,
        relation=Relation.DUPLICATE,
        confidence=confidence,
    )


def join(store: Store, one: int, into: int, by: str = "lena") -> None:
    """Let a person say that two reports are one document."""
    link = DuplicateLink(record=record(one).id, report=report(into), rule="a person's word", at=START, by=by)
    store.link_duplicates([link])


def enrich(store: Store) -> None:
    """Write something for every page to show: conflicts, imports, results, hints, notices, a candidate."""
    store.add_records([record(number) for number in range(4, 9)], START)
    store.add_records(
        [record(9, abstract="", keywords=("adults", "randomly", "treatment", "waiting"), index_only=True)],
        START,
        hints=[LinkHint(report=report(9), other=report(4), evidence="same registration", at=START)],
    )
    store.add_records([record(10)], START, hints=[guess(6, 7), guess(3, 7, 0.8)])
    join(store, 10, 3)
    include(store, 4, "Alpha 2024")
    include(store, 5, "Beta 2024")
    for who, verdict in (("ada", Verdict.INCLUDE), ("ben", Verdict.EXCLUDE)):
        store.decide(decision(6, who, verdict, note=f"{who} says {verdict}"))
        store.decide(decision(7, who, Verdict.INCLUDE))
    contested = ImportedDecision(
        report=report(8),
        stage=Stage.FULL_TEXT,
        verdict=Verdict.INCLUDE,
        source="A made-up review 2020",
        at=START,
        study=StudyId("Gamma 2020"),
        contested="Is this condition Y?",
    )
    store.import_decisions([contested])
    store.add_notice(Notice(report=report(5), kind="erratum", text="A table was corrected.", at=START))
    store.enter_effect(effect(4, "Alpha 2024", "stan"))
    store.add_model(MODEL)
    store.add_suggestions([suggestion(number) for number in (1, 2, 3, 4, 6, 7)])
    store.add_synthesis(synthesis("Alpha 2024", "Beta 2024"))


MODEL = Model(
    id=ModelId("m1"),
    at=START,
    seed=1,
    training_digest="digest of a made-up training set",
    grades=(),
    metrics=(),
    promise="cannot promise",
    threshold=0.85,
    threshold_version="line-1",
)


def suggestion(number: int) -> Suggestion:
    """Return what a made-up model says of a report."""
    return Suggestion(
        report=report(number),
        model=MODEL.id,
        score=1 - number / 10,
        rank=number,
        of=7,
        flagged=number == 1,
        at=START,
        triage=0.75,
        probability=0.125,
        trial_likelihood=0.97,
        terms=(
            TermWeight("randomly", 0.4, (_span(number, "abstract", "randomly"),)),
            TermWeight("trial of", 0.3, (_span(number, "title", "trial of"),)),
            TermWeight("people", -0.2, (_span(number, "abstract", "People"),)),
        ),
        nearest_included="Alpha 2024",
        nearest_excluded="Omega 2020",
    )


def _span(number: int, field: Literal["title", "abstract"], words: str) -> TextSpan:
    start = getattr(record(number), field).index(words)
    return TextSpan(field, start, start + len(words))
