"""A review that obviously never was: "Study A" to "Study H", with numbers made up for these tests."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from publisher.labels import SiteLabels
from publisher.pages import Place, render, review_page
from publisher.site import Published, publish
from publisher.snapshot import Material, living
from review.decision import Decision, ImportedDecision, Stage, Verdict
from review.drift import Drift, DriftCheck, Level
from review.edition import Edition, StatusEntry, UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey, Better, EffectSize, Estimate, ImportedEffect
from review.ids import EditionId, EffectId, ModelId, RecordId, ReportId, Reviewer, RunId, StudyId
from review.ledger import Ledger, Sighting
from review.protocol import Amendment, Eligibility, LivingPlan, Pico, Protocol, Publication, References
from review.protocol_sources import FileSources, PubMedSource, Search
from review.protocol_synthesis import (
    Comparison,
    Fallback,
    Moderator,
    Outcome,
    Stratum,
    SynthesisPlan,
    TimePoint,
)
from review.record import Record, Report
from review.replay import Course, RankedReport, Replay, ReplayYear, TrialOutcome
from review.result import (
    Coefficient,
    ModeratorResult,
    PooledNumbers,
    Sensitivity,
    Signal,
    SmallStudyResult,
    Synthesis,
)
from review.searching import BlockCount, RunCounts, RunStatus, SearchGap, SearchRun, Window
from review.suggestion import Interval, Model, Suggestion, TermWeight

SOURCE = "A synthetic meta-analysis, written for these tests"
SMD_KEY = AnalysisKey("usual", "disability", "post", "all")
RR_KEY = AnalysisKey("usual", "response", "post", "all")
NOW = datetime(2021, 3, 3, 12, tzinfo=UTC)


def day(year: int, month: int = 1, at: int = 10) -> datetime:
    return datetime(year, month, at, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return Protocol(
        id="synthetic",
        title="A synthetic treatment for a synthetic complaint: living review",
        version=2,
        history=(
            Amendment(version=1, date=date(2019, 1, 1), change="First version."),
            Amendment(version=2, date=date(2020, 6, 1), change="Adds the outcome response."),
        ),
        follows="doi:10.0000/synthetic",
        pico=Pico(
            population="Adults", intervention="Z", comparator=("usual care",), outcomes=("disability",)
        ),
        eligibility=Eligibility(
            designs=("randomised trial",), questions=("Adults?",), exclusion_reasons=("population", "design")
        ),
        search=Search(
            pubmed=PubMedSource(strategy="s.txt", since=date(2019, 1, 1), canaries=(11,)),
            files=FileSources(names=("CENTRAL",)),
        ),
        references=References(studies="s.csv", reports="r.csv", effects="e.csv"),
        living=LivingPlan(
            search_every="week",
            known_pass_every="month",
            decide_every="month",
            review_strategy_every="quarter",
            rejustify_every="year",
            retire_when="nobody asks any more",
        ),
        comparison=(Comparison(id="usual", label="against usual care"),),
        stratum=(Stratum(id="all", label="all participants"),),
        timepoint=(TimePoint(id="post", label="post-treatment", choose="first after treatment"),),
        outcome=(
            Outcome(id="disability", label="Disability", measure="SMD", better=Better.LOWER, primary=True),
            Outcome(id="response", label="Response", measure="RR", better=Better.HIGHER),
        ),
        moderator={"dose": Moderator(label="Dose of Z", unit="grams")},
        synthesis=SynthesisPlan(
            sign="positive = benefit",
            fallback=(Fallback(when="k = 2", ci="z"),),
            sensitivity=("DL", "leave one out"),
        ),
        publication=Publication(
            base_url="https://example.org/living/synthetic/", contact="lead@example.org", licence="CC-BY-4.0"
        ),
        drafts=("living.retire_when", "timepoint.post.window"),
    )


def record(number: int, source: str, title: str) -> Record:
    return Record(
        source=source,
        accession=str(number),
        title=title,
        authors=("Tester A",),
        journal="Journal of Tests",
        year=2000,
        pmid=str(number) if source == "pubmed" else "",
    )


def study_of(letter: str) -> StudyId:
    return StudyId(f"Study {letter}")


def effect(letter: str, key: AnalysisKey, value: float, se: float, when: datetime) -> ImportedEffect:
    ratio = key is RR_KEY
    return ImportedEffect(
        id=EffectId(f"{letter}-{key.outcome}"),
        estimate=Estimate(
            study=study_of(letter),
            label=f"Study {letter}",
            key=key,
            measure="RR" if ratio else "SMD",
            better=Better.HIGHER,
            value=value,
            se=se,
            n=100,
        ),
        source=SOURCE,
        at=when,
    )


def pool(rows: tuple[EffectSize, ...], test: str = "knha") -> PooledNumbers:
    """Inverse variance by hand: the publisher shows numbers, it does not check them."""
    weights = [1 / row.vi for row in rows]
    estimate = sum(w * row.yi for w, row in zip(weights, rows, strict=True)) / sum(weights)
    se = 1 / math.sqrt(sum(weights))
    return PooledNumbers(
        k=len(rows),
        estimate=estimate,
        se=se,
        ci_lb=estimate - 2 * se,
        ci_ub=estimate + 2 * se,
        pval=0.0123,
        tau2=0.0118,
        i2=23.4,
        q=9.87,
        q_pval=0.2,
        method="REML",
        test=test,
        tau2_lb=0.0,
        tau2_ub=0.05,
        pi_lb=estimate - 4 * se,
        pi_ub=estimate + 4 * se,
        pi_df="t(k-1)",
        participants=100 * (len(rows) - 1),
        participants_stated=len(rows) - 1,
    )


def synthesis(key: AnalysisKey, effects: tuple[ImportedEffect, ...], when: datetime) -> Synthesis:
    rows = tuple(
        EffectSize(
            study=one.estimate.study,
            yi=one.estimate.value or 0.0,
            vi=(one.estimate.se or 1.0) ** 2,
            ni=None if place == 0 else 100,
            imported=True,
            moderators=(("dose", 10.0 + 3 * place),),
        )
        for place, one in enumerate(effects)
    )
    total = sum(1 / row.vi for row in rows)
    numbers = pool(rows)
    return Synthesis(
        key=key,
        digest=f"digest-{key.outcome}-{len(rows)}",
        at=when,
        measure="RR" if key is RR_KEY else "SMD",
        numbers=numbers,
        rows=rows,
        weights=tuple(100 / row.vi / total for row in rows),
        sensitivity=(
            Sensitivity(name="DL", numbers=pool(rows, "z")),
            Sensitivity(name="with Study H added", numbers=pool(rows[:-1]), note="held as a conflict"),
            Sensitivity(name="exclude high risk of bias", numbers=None, note="risk of bias not assessed"),
        ),
        signals=(
            Signal(name="significance flip", fired=False, detail="same side", source="Shojania 2007"),
            Signal(name="crosses the MID", fired=None, detail="no MID declared", source="Garner 2016"),
        ),
        moderators=(moderator(rows),),
        small_study=(
            SmallStudyResult(name="egger", pval=0.0321, note="An intercept (made up)."),
            SmallStudyResult(name="trim and fill", estimate=0.12, ci_lb=0.05, ci_ub=0.19, note="A what-if."),
        ),
        fallback="",
        protocol_version=2,
    )


def moderator(rows: tuple[EffectSize, ...]) -> ModeratorResult:
    """A slope made up for these tests."""
    return ModeratorResult(
        name="dose",
        k=len(rows),
        coefficients=(
            Coefficient(name="intercept", estimate=0.05, se=0.02, ci_lb=0.01, ci_ub=0.09, pval=0.02),
            Coefficient(name="dose", estimate=0.0123, se=0.004, ci_lb=0.0043, ci_ub=0.0203, pval=0.004),
        ),
        tau2=0.0078,
        r2=33.9,
        pval_permuted=0.012,
        test="knha",
        note="One study does not state it (made up).",
    )


def edition(number: int, when: datetime, found: tuple[Synthesis, ...], signer: str | None) -> Edition:
    digests = tuple(one.digest for one in found)
    return Edition(
        id=EditionId(f"{number}.0.0"),
        number=number,
        at=when,
        syntheses=digests,
        decision=UpdateDecision(
            verdict=UpdateVerdict.PUBLISH,
            reason=f"Reason of edition {number}.",
            signer=Reviewer(signer) if signer else None,
            at=when,
            syntheses=digests,
        ),
        protocol_version=2,
        previous=EditionId(f"{number - 1}.0.0") if number > 1 else None,
        changes=(f"Change of edition {number}.",),
    )


BASELINE, NEW = "ABCDE", "FGHIJKLM"


def sightings() -> tuple[Sighting, ...]:
    old = [("baseline", letter, day(2019)) for letter in BASELINE]
    new = [("pubmed", letter, day(2020, 12)) for letter in NEW]
    first = [
        Sighting(record=RecordId(report_of(letter)), report=report_of(letter), source=source, at=when)
        for source, letter, when in (*old, *new)
    ]
    twice = Sighting(record=RecordId("pubmed:99"), report=report_of("F"), source="pubmed", at=day(2020, 12))
    return (*first, twice)


def report_of(letter: str) -> ReportId:
    source = "baseline" if letter in BASELINE else "pubmed"
    return ReportId(f"{source}:{ord(letter)}")


def imported(letter: str, verdict: Verdict, when: datetime, **more: str) -> ImportedDecision:
    return ImportedDecision(
        report=report_of(letter),
        stage=Stage.FULL_TEXT,
        verdict=verdict,
        source=SOURCE,
        at=when,
        study=study_of(letter),
        **more,
    )


def vote(letter: str, verdict: Verdict, stage: Stage, who: str, reason: str = "") -> Decision:
    return Decision(
        report=report_of(letter),
        stage=stage,
        verdict=verdict,
        reviewer=Reviewer(who),
        at=day(2020, 12, 20),
        criteria_version=2,
        reason=reason,
    )


def run(number: int, when: datetime, start: date, counts: RunCounts, status: RunStatus) -> SearchRun:
    return SearchRun(
        id=RunId(f"pubmed-{number:04}"),
        source="pubmed",
        strategy_sha256="0" * 64,
        protocol_version=2,
        query="synthetic[tiab] AND trial[pt]",
        window=Window(start, when.date()),
        started=when,
        ended=when,
        status=status,
        counts=counts,
        blocks=(BlockCount("population", 40),),
    )


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """Five baseline studies, eight new reports with one duplicate, two editions, two analyses."""
    effects = tuple(
        effect(
            letter, SMD_KEY, 0.1 + 0.05 * place, 0.1 + 0.01 * place, day(2019) if place < 5 else day(2020, 12)
        )
        for place, letter in enumerate("ABCDEFG")
    )
    ratios = tuple(effect(letter, RR_KEY, 0.2, 0.3, day(2019)) for letter in "ABC")
    first = (synthesis(SMD_KEY, effects[:5], day(2019, 2)), synthesis(RR_KEY, ratios, day(2019, 2)))
    second = (synthesis(SMD_KEY, effects, day(2021, 2)), first[1])
    return Ledger(
        sightings=sightings(),
        runs=(
            run(1, day(2019, 1, 20), date(2019, 1, 1), RunCounts(), RunStatus.PARTIAL),
            run(
                2,
                day(2021, 2, 28),
                date(2019, 1, 1),
                RunCounts(retrieved=9, duplicates=1, queued=8),
                RunStatus.COMPLETE,
            ),
        ),
        gaps=(
            SearchGap(
                source="pubmed",
                window=Window(date(2019, 1, 5), date(2019, 1, 6)),
                opened_by=RunId("pubmed-0001"),
                reason="the answer was cut short",
                at=day(2019, 1, 20),
                closed_by=RunId("pubmed-0002"),
                closed_at=day(2021, 2, 28),
            ),
        ),
        decisions=(
            vote("J", Verdict.EXCLUDE, Stage.SCREENING, "reviewer-one"),
            vote("J", Verdict.EXCLUDE, Stage.SCREENING, "reviewer-two"),
            vote("K", Verdict.EXCLUDE, Stage.FULL_TEXT, "reviewer-one", "population"),
            vote("K", Verdict.EXCLUDE, Stage.FULL_TEXT, "reviewer-two", "population"),
        ),
        imported_decisions=(
            *(imported(letter, Verdict.INCLUDE, day(2019)) for letter in BASELINE),
            *(imported(letter, Verdict.INCLUDE, day(2020, 12, 12)) for letter in "FGI"),
            imported(
                "H", Verdict.INCLUDE, day(2020, 12, 12), contested="population: is it a synthetic complaint?"
            ),
        ),
        imported_effects=(*effects, *ratios),
        models=(
            Model(
                id=ModelId("model-digest-1"),
                at=day(2020, 12, 11),
                seed=7,
                training_digest="f" * 64,
                grades=(("included", 5), ("excluded", 9)),
                metrics=(("average precision", 0.5),),
                promise="Too few to promise a recall: 5 included.",
            ),
        ),
        syntheses=(*first, second[0]),
        editions=(
            edition(1, day(2019, 2, 20), first, signer="lead"),
            edition(2, day(2021, 3, 1), second, signer=None),
        ),
        status_entries=(
            StatusEntry(id="s1", at=day(2020, 1), title="Searched", text="Searched, nothing new to pool."),
        ),
    )


@pytest.fixture(scope="session")
def reports() -> dict[ReportId, Report]:
    found = {}
    for letter in BASELINE + NEW:
        source = "baseline" if letter in BASELINE else "pubmed"
        one = record(ord(letter), source, f"A trial of {letter} in Y")
        found[report_of(letter)] = Report(id=report_of(letter), records=(one,))
    return found


@pytest.fixture(scope="session")
def suggestions() -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(
            report=report_of(letter),
            model=ModelId("model-digest-1"),
            score=0.9,
            rank=place,
            of=2,
            flagged=letter == "L",
            at=day(2020, 12, 12),
        )
        for place, letter in enumerate("LM", start=1)
    )


@pytest.fixture(scope="session")
def labels() -> SiteLabels:
    return SiteLabels(
        title="Synthetic numbers: a test, not a review",
        disclaimer="No patient was ever treated with Z.",
        strategy_note="The strategy is our translation.",
    )


CARD = Model(
    id=ModelId("model-of-2020"),
    at=day(2020, 12, 31),
    seed=7,
    training_digest="e" * 64,
    grades=(("included", 7), ("excluded at full text", 9)),
    metrics=(("n included", 7.0), ("AP", 0.512), ("triage n worth reading", 16.0)),
    labels="16 records judged (made up).",
    promise="Too few to promise a recall: 7 included.",
    threshold=0.6123,
    threshold_version="line-1",
    promise_withdrawn="The time-split found 2 of 9 below the line (made up).",
    time_check="Trained on the years before 2019, the line held 7 of 9 (made up).",
    intervals=(Interval("AP", 0.2, 0.8),),
    limits=("It has read titles and abstracts only (made up).",),
    statement="A classifier ranked the records of each search (made up).",
)

DRIFT = Drift(
    id="drift-2020",
    model=CARD.id,
    at=CARD.at,
    new=33,
    checks=(
        DriftCheck(name="words", level=Level.LOOK, n=33, sentence="Half of the words are new (made up)."),
    ),
)


def ranked(letter: str, rank: int) -> RankedReport:
    """A flagged report as the model of 2020 saw it; study F is a known later trial."""
    said = Suggestion(
        report=report_of(letter),
        model=CARD.id,
        score=1 - rank / 100,
        rank=rank,
        of=52,
        flagged=True,
        at=CARD.at,
        triage=0.9,
        probability=0.25,
        trial_likelihood=0.97,
        terms=(TermWeight("synthetic", 0.41), TermWeight("protocol", -0.12)),
        nearest_included="Study A",
        nearest_excluded="Study Z",
    )
    study = study_of(letter) if letter == "F" else ""
    return RankedReport(suggestion=said, rank=rank, of=40, state="flagged and pending", study=study)


@pytest.fixture(scope="session")
def replay(ledger) -> Replay:
    answers = [one for one in ledger.syntheses if one.key == SMD_KEY]
    years = (
        ReplayYear(
            year=2019,
            retrieved=12,
            new=10,
            ranked=0,
            flagged=0,
            headline="searched, nothing new to pool",
        ),
        ReplayYear(
            year=2020,
            retrieved=40,
            new=33,
            ranked=40,
            flagged=9,
            headline="two trials found, one missed",
            card=CARD,
            drift=DRIFT,
            listed=tuple(ranked(letter, place) for place, letter in enumerate("IFKJ", start=1)),
            trials=(
                TrialOutcome(
                    study=study_of("F"),
                    in_catalogue=True,
                    found=True,
                    state="included (imported)",
                    rank=2,
                    of=40,
                    rank_near=1,
                    of_near=6,
                    flagged=True,
                    included=True,
                ),
                TrialOutcome(
                    study=study_of("G"),
                    in_catalogue=True,
                    found=True,
                    state="undecided",
                    rank=11,
                    of=40,
                    rank_near=3,
                    of_near=6,
                ),
                TrialOutcome(
                    study=study_of("X"),
                    in_catalogue=True,
                    found=False,
                    state="missed by the strategy",
                    why="lost by the block population",
                ),
                TrialOutcome(
                    study=study_of("W"), in_catalogue=False, found=False, state="no report in any source"
                ),
            ),
        ),
    )
    stages = tuple((label, one) for label, one in zip(("before", "2020"), answers, strict=True))
    courses = (
        Course(name="What the search reached", about="Some of it.", stages=stages),
        Course(name="The table by itself", about="All of it.", stages=stages),
    )
    figures = (Sensitivity(name="the published table", numbers=None, note="a note on the table"),)
    return Replay(inputs="", years=years, figures=figures, courses=courses)


@pytest.fixture(scope="session")
def material(ledger, reports, protocol, labels, suggestions) -> Material:
    return Material(
        ledger=ledger,
        reports=reports,
        protocol=protocol,
        labels=labels,
        strategy_text="synthetic[tiab]\nAND\ntrial[pt]",
        suggestions=suggestions,
    )


@pytest.fixture(scope="session")
def many(ledger) -> Callable[[int], Ledger]:
    """Return a maker of the same review with a pool of any size."""

    def enlarge(size: int) -> Ledger:
        last = ledger.syntheses[-1]
        rows = tuple(
            replace(last.rows[n % 7], study=StudyId(f"Study {n:03}"), yi=math.sin(n) / 3) for n in range(size)
        )
        grown = replace(last, rows=rows, weights=(100 / size,) * size, numbers=pool(rows))
        return replace(ledger, syntheses=(*ledger.syntheses[:-1], grown))

    return enlarge


@pytest.fixture(scope="session")
def put(material, replay) -> Callable[..., Published]:
    """Publish the synthetic review somewhere, with some of it changed."""

    def call(where: Path, **changes: object) -> Published:
        now = changes.pop("now", NOW)
        shown = changes.pop("replay", replay)
        used = replace(material, **changes)
        return publish(
            used.ledger,
            used.reports,
            used.protocol,
            where,
            now=now,
            labels=used.labels,
            replay=shown,
            strategy_text=used.strategy_text,
            suggestions=used.suggestions,
        )

    return call


@pytest.fixture(scope="session")
def bare(ledger) -> Ledger:
    """Return the same review with editions that pooled nothing: no figure has to be drawn."""
    return replace(ledger, editions=tuple(replace(one, syntheses=()) for one in ledger.editions))


@pytest.fixture(scope="session")
def front(material) -> Callable[..., str]:
    """Return a maker of the front page alone, with some of the review changed."""

    def call(now: datetime = NOW, **changes: object) -> str:
        place = Place(home="", static="", figures="", data="", editions="")
        page = review_page(living(replace(material, **changes), now), place)
        return render("review.html", {"page": page, "place": place}).decode()

    return call


@pytest.fixture(scope="session")
def site(put, tmp_path_factory) -> Path:
    """The published synthetic review; tests read it and leave it alone."""
    return put(tmp_path_factory.mktemp("published") / "site").root
