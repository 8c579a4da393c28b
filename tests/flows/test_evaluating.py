"""What ``evaluate`` tells of a review that ranked and decided over three years, and how it refuses."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from pydantic import TypeAdapter

from classifier.evaluation import Said, Split
from flows.by_hand.evaluating import Evaluation, evaluate
from flows.by_hand.evaluating_years import CutBy
from flows.cli.app import main
from flows.place import Place, find_place, open_place_store
from flows.settings import Settings
from flows.steps.ranking import rank_waiting
from review.decision import ImportedDecision, Stage, Verdict
from review.ids import ReportId
from review.record import Record
from store.store import Store

REVIEW = "protocols/internet-pain"
FILLER = [f"filler{at}" for at in range(200)]
TOPIC = [f"topic{at}" for at in range(10)]
NOW = datetime(2024, 1, 1, tzinfo=UTC)
INCLUDED, EXCLUDED, OPEN = 3, 8, 4
"""What comes in each year: some are included, some excluded, some wait for ever."""


def _records(year: int, rng: np.random.Generator) -> list[Record]:
    salts = [TOPIC] * INCLUDED + [[]] * (EXCLUDED + OPEN)
    return [
        Record(
            source="pubmed",
            accession=f"{year}{at:02}",
            title=" ".join(
                rng.permutation([*rng.choice(FILLER, 12), *(rng.choice(salt, 4) if salt else [])])
            ),
            year=year,
        )
        for at, salt in enumerate(salts)
    ]


def _decided(records: list[Record], at: datetime) -> list[ImportedDecision]:
    """Include the first, exclude the next at screening, leave the last alone."""
    return [
        ImportedDecision(
            report=record.report_id,
            stage=Stage.FULL_TEXT if number < INCLUDED else Stage.SCREENING,
            verdict=Verdict.INCLUDE if number < INCLUDED else Verdict.EXCLUDE,
            source="Somebody 2024",
            at=at,
        )
        for number, record in enumerate(records[: INCLUDED + EXCLUDED])
    ]


def _play(place: Place, *, at_once: bool = False, first: int = INCLUDED + EXCLUDED) -> None:
    """Let records come, be ranked and be decided, year after year; or write all of it down at once.

    Of the first year no more than so many are decided.
    """
    rng = np.random.default_rng(1)
    with open_place_store(place) as store:
        for year in range(2019, 2023):
            records = _records(year, rng)
            months = [NOW] * 3 if at_once else [datetime(year, month, 1, tzinfo=UTC) for month in (3, 4, 5)]
            store.add_records(records, months[0])
            if not at_once:
                rank_waiting(place.protocol, store, months[1])
            store.import_decisions(_decided(records, months[2])[: first if year == 2019 else None])


@pytest.fixture(scope="module")
def make(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Place]:
    """Make the pain review with a home of its own, and nothing in it."""
    return lambda: find_place(root / REVIEW, Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def place(make: Callable[[], Place]) -> Place:
    """The review after its years."""
    made = make()
    _play(made)
    return made


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Its store."""
    with open_place_store(place) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(place: Place) -> Evaluation:
    """All that can be told of it."""
    with open_place_store(place) as opened:
        return evaluate(place.protocol, opened, NOW)


@pytest.fixture
def run(root: Path, capsys, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Give the command in a place's installation; return exit code, output and errors."""

    def run(place: Place, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("LIVING_REVIEW_HOME", str(place.home.parent))
        with pytest.raises(SystemExit) as end:
            main(["evaluate", "--review", str(root / REVIEW), *arguments])
        told = capsys.readouterr()
        return int(end.value.code or 0), told.out, told.err

    return run


def test_what_was_ranked_before_it_was_decided_is_judged(found):
    """Three years were ranked by models of the years before; the first year taught, and nothing was late."""
    judged = found.history.judged
    assert (judged.included, judged.not_included, found.history.too_late) == (
        3 * INCLUDED,
        3 * EXCLUDED,
        0,
    )
    assert found.history.never_ranked == INCLUDED + EXCLUDED


def test_the_undecided_are_counted_as_such(found):
    """What waits is ranked and undecided, the first year's among them, and in no measure of the decided."""
    judged = found.history.judged
    assert judged.undecided == 4 * OPEN
    flagged = next(one for one in judged.among_decided if one.name == "flagged share")
    assert flagged.n == 3 * (INCLUDED + EXCLUDED)


def test_each_included_one_has_its_place(found, store):
    """The ranks are those of the suggestions in the store, made before the decision."""
    for one in found.history.judged.places:
        said = {row.report: row for row in store.suggestions(one.model)}[one.report]
        assert (one.rank, one.of, one.at) == (said.rank, said.of, said.at)
        assert one.at < one.decided


def test_each_year_is_ranked_by_the_years_before(found):
    """From the second year on, a model that knew the years before ranks what came in it."""
    years = found.time_split.years
    assert found.time_split.cut_by is CutBy.LEDGER
    assert [(one.year, one.known_included, one.known_others) for one in years] == [
        (2020, INCLUDED, EXCLUDED),
        (2021, 2 * INCLUDED, 2 * EXCLUDED),
        (2022, 3 * INCLUDED, 3 * EXCLUDED),
    ]
    assert [one.judged.included for one in years] == [INCLUDED] * 3
    assert found.time_split.pooled.ranked == 3 * (INCLUDED + EXCLUDED + OPEN)


def test_the_background_is_of_the_past(make, monkeypatch):
    """A year learns from presumed negatives that had entered by then, and never from one that it ranks."""
    made, splits = make(), []

    def spy(split: Split) -> Said:
        splits.append(split)
        return Said(scores=np.zeros(len(split.ranked)))

    monkeypatch.setattr("flows.by_hand.evaluating_years.with_ranker", lambda **_: spy)
    _play(made)
    with open_place_store(made) as opened:
        drawn = [
            Record(
                source="pubmed", accession=f"9{at}", title="x", pmid=f"9{at}", entered=date(2018 + at, 6, 1)
            )
            for at in range(5)
        ]
        opened.add_background(drawn, NOW)
        late = Record(source="pubmed", accession="777", title="late", pmid="90", year=2022)
        opened.add_records([late], datetime(2022, 7, 1, tzinfo=UTC))
        evaluate(made.protocol, opened, NOW, "time-split")
    entered = {split.name: [one.entered.year for one in split.background] for split in splits}
    assert entered == {"2020": [2019], "2021": [2019, 2020], "2022": [2019, 2020, 2021]}


def test_a_year_that_cannot_be_trained_says_so(make):
    """Where only included reports were known there is nothing to tell them from; the next year goes on."""
    made = make()
    _play(made, at_once=True, first=INCLUDED)
    with open_place_store(made) as opened:
        found = evaluate(made.protocol, opened, NOW, "time-split")
    first, second, _ = found.time_split.years
    assert first.judged is None
    assert first.cannot_say.startswith("cannot say: training set: found 3 included records and nothing else")
    assert second.judged.included == INCLUDED


def test_evaluating_writes_nothing(place, store):
    """The store's digest, models and times among it, is the same before and after."""
    before = store.digest()
    evaluate(place.protocol, store, NOW)
    assert store.digest() == before


def test_what_was_written_down_at_once_is_cut_by_publication(make):
    """Where the ledger spans one year, the years of publication stand in, and nothing was ever ranked."""
    made = make()
    _play(made, at_once=True)
    with open_place_store(made) as opened:
        found = evaluate(made.protocol, opened, NOW)
    assert found.time_split.cut_by is CutBy.PUBLICATION
    assert [one.year for one in found.time_split.years] == [2020, 2021, 2022]
    assert found.history.judged is None
    assert found.cannot_say == (
        "history: cannot say: found no report that was ranked before somebody decided on it",
    )


def test_the_command_tells_all_of_it(place, run):
    """Tables with intervals for each protocol, and the conclusion last."""
    code, out, _ = run(place)
    assert code == 0
    for said in (
        "Where the included stood",
        "once over all lists together",
        "Year by year",
        "Cross-validated",
        "95% interval",
        "WSS@95",
    ):
        assert said in out
    assert "once over all lists together" in out
    assert out.strip().splitlines()[-1].startswith("Of 9 reports that turned out to be included")


def test_the_json_is_whole_and_valid(place, run):
    """It fits the schema of the answer, reads back as it, and holds no number that JSON does not know."""
    code, out, _ = run(place, "--json")
    told = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    adapter = TypeAdapter(Evaluation)
    jsonschema.validate(told["evaluation"], adapter.json_schema())
    again = adapter.validate_python(told["evaluation"])
    assert (code, again.history.judged.included, told["plot"]) == (0, 3 * INCLUDED, None)


@pytest.mark.parametrize("which", ["history", "time-split", "cross-validated"])
def test_one_protocol_is_told_alone(place, run, which):
    """The others are neither worked out nor told."""
    code, out, _ = run(place, "--protocol", which, "--json")
    told = json.loads(out)["evaluation"]
    keys = {name: told[name.replace("-", "_")] for name in ("history", "time-split", "cross-validated")}
    assert (code, [name for name, one in keys.items() if one]) == (0, [which])


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_plot_is_the_same_each_time(place, run, tmp_path, form):
    """Two evaluations draw the same bytes."""
    for name in ("a", "b"):
        assert run(place, "--protocol", "history", "--plot", str(tmp_path / f"{name}.{form}"))[0] == 0
    assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


def test_the_plot_says_what_it_shows(place, run, tmp_path):
    """Title, description and axes are words in the SVG, and both curves are named with their n."""
    run(place, "--plot", str(tmp_path / "p.svg"))
    drawn = (tmp_path / "p.svg").read_text("utf-8")
    for words in ('role="img"', "<desc", "how soon the ranking finds", "recall", "history: ", "time-split: "):
        assert words in drawn
    assert drawn.count(f"(n = {3 * INCLUDED})") == 2


def _one_sentence(errors: str) -> str:
    (line,) = [one for one in errors.splitlines() if one.startswith("living-review:")]
    assert "Traceback" not in errors
    return line


REFUSED = {
    "an unknown protocol": (["--protocol", "guess"], "found 'guess'; expected one of history"),
    "an unknown ending": (["--plot", "x.bmp"], "found ending '.bmp'; expected .svg or .png"),
    "no folder": (["--plot", "no-such-folder/x.svg"], "found no folder no-such-folder"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_use_is_told_in_a_sentence(place, run, case):
    """Exit code 2, and what was found and expected."""
    arguments, said = REFUSED[case]
    code, _, errors = run(place, *arguments)
    assert code == 2
    assert said in _one_sentence(errors)


def test_a_folder_is_no_plot(place, run, tmp_path):
    """A folder that is named like a picture is refused before anything is worked out."""
    (tmp_path / "x.svg").mkdir()
    code, _, errors = run(place, "--plot", str(tmp_path / "x.svg"))
    assert code == 2
    assert "found a folder" in _one_sentence(errors)


def test_a_store_that_is_not_there_is_not_made(make, run):
    """A review that nothing was written about is refused, and stays as it is."""
    made = make()
    code, _, errors = run(made)
    assert code == 2
    assert "found no store" in _one_sentence(errors)
    assert not made.home.exists()


def test_a_replay_that_was_not_played_is_told(make, run):
    """--rehearsal needs a replay."""
    code, _, errors = run(make(), "--rehearsal")
    assert code == 2
    assert "found no replay" in _one_sentence(errors)


def test_nothing_included_is_told(make, run):
    """Without an included report there is nothing to find, whatever the protocol."""
    made = make()
    with open_place_store(made) as opened:
        opened.add_records(_records(2020, np.random.default_rng(1)), NOW)
    code, out, errors = run(made, "--json")
    assert code == 2
    assert "found no included report" in _one_sentence(errors)
    assert json.loads(out)["error"].startswith("evaluate: found no included report")


@pytest.fixture
def unranked(make) -> Place:
    """A review that decided at once and ranked nothing."""
    made = make()
    _play(made, at_once=True)
    return made


def test_nothing_ranked_is_told(unranked, run):
    """The history alone has nothing to go by where no model ever ranked."""
    code, _, errors = run(unranked, "--protocol", "history")
    assert code == 2
    assert "found no report that was ranked before somebody decided on it" in _one_sentence(errors)


def test_a_plot_of_nothing_is_partial(unranked, run, tmp_path):
    """The figures are told, the plot is not drawn, and the exit code says that something is missing."""
    path = tmp_path / "p.svg"
    code, out, _ = run(unranked, "--protocol", "cross-validated", "--plot", str(path))
    assert code == 3
    assert "not drawn" in out
    assert not path.exists()


def test_a_conclusion_is_never_drawn_from_nothing(make):
    """With one included report and no second one to find, each part says what it cannot say."""
    made = make()
    records = _records(2020, np.random.default_rng(1))
    with open_place_store(made) as opened:
        opened.add_records(records, NOW)
        (one, *_) = _decided(records, NOW)
        opened.import_decisions([one])
        found = evaluate(made.protocol, opened, NOW)
    assert found.time_split.pooled is None
    assert "is 0" in found.time_split.sentence
    assert any(line.startswith("cross-validated: cannot say") for line in found.cannot_say)
    assert found.sentence.startswith("Cannot say")
    assert ReportId(one.report) not in found.names
