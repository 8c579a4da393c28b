"""The synthetic review played back: a model's card, its drift, two years."""

from collections.abc import Sequence

from review.drift import Drift, DriftCheck, Level
from review.ids import ModelId
from review.replay import Course, RankedReport, Replay, ReplayYear, TrialOutcome
from review.result import Sensitivity, Synthesis
from review.suggestion import Interval, Model, Suggestion, TermWeight
from tests.publisher.synthetic import day, report_of, study_of

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


def replay_of(answers: Sequence[Synthesis]) -> Replay:
    """Two years, the second with all that can be shown of one."""
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
