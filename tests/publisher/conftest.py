"""A review that obviously never was: "Study A" to "Study H", with numbers made up for these tests."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from publisher.labels import SiteLabels
from publisher.pages import Place, render, review_page
from publisher.site import Published, publish
from publisher.snapshot import Material, living
from review.decision import Stage, Verdict
from review.edition import StatusEntry
from review.effect import Better
from review.ids import ModelId, ReportId, RunId, StudyId
from review.ledger import Ledger
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
from review.record import Report
from review.replay import Replay
from review.searching import RunCounts, RunStatus, SearchGap, Window
from review.suggestion import Model, Suggestion
from tests.publisher.synthetic import BASELINE, NEW, NOW, RR_KEY, SMD_KEY, day, record, report_of
from tests.publisher.synthetic_course import edition, imported, run, sightings, vote
from tests.publisher.synthetic_pools import effect, pool, synthesis
from tests.publisher.synthetic_replay import replay_of


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


@pytest.fixture(scope="session")
def replay(ledger) -> Replay:
    return replay_of([one for one in ledger.syntheses if one.key == SMD_KEY])


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
