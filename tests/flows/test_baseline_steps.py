"""The tables of the published review can be corrected, and a correction is never passed over in silence."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.steps.baseline import import_effects, take_in_baseline
from flows.steps.left_behind import left_behind
from review.baseline import TableError, read_studies
from review.published_effects import read_effects
from review.screening import Status, settle
from review.studies import usable_estimates

from .conftest import NOW


@pytest.fixture
def folder(place, tmp_path) -> Path:
    """A copy of the review's folder that may be edited."""
    return Path(
        shutil.copytree(place.folder, tmp_path / "review", ignore=shutil.ignore_patterns("rehearsal"))
    )


@pytest.fixture
def take_in(folder, place, store) -> Callable[[int], None]:
    """Take the folder in, some hours later."""
    return lambda hours=0: take_in_baseline(folder, place.protocol, store, NOW + timedelta(hours=hours))


def _edit(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def _set(folder: Path, table: str, **cells: str) -> None:
    _edit(folder / "baseline" / table, lambda rows: rows[0].update(cells))


def _first_value(store, protocol):
    return usable_estimates(store.ledger(), protocol)[0].estimate.value


def test_taking_in_twice_is_once(take_in, store):
    """An unchanged folder adds no row."""
    take_in()
    before = store.generation()
    take_in(1)
    assert store.generation() == before


def test_a_corrected_value_supersedes(take_in, folder, place, store):
    """The value of the file is the one that is pooled, and no row is pooled twice."""
    take_in()
    rows = len(usable_estimates(store.ledger(), place.protocol))
    _set(folder, "effects.csv", value="0.5")
    take_in(1)
    found = usable_estimates(store.ledger(), place.protocol)
    assert (found[0].estimate.value, len(found)) == (0.5, rows)


def test_a_value_may_go_back(take_in, folder, place, store):
    """A correction that is taken back leaves what was there first."""
    take_in()
    first = _first_value(store, place.protocol)
    for hours, value in ((1, "0.5"), (2, str(first))):
        _set(folder, "effects.csv", value=value)
        take_in(hours)
    assert _first_value(store, place.protocol) == first


def test_a_corrected_verdict_supersedes(take_in, folder, place, store):
    """A study that turns out to have been excluded leaves, with its reason."""
    take_in()
    study = read_studies(folder / "baseline/studies.csv")[0].study
    _set(folder, "studies.csv", status="excluded", reason="design")
    take_in(1)
    found = [one for one in settle(store.ledger(), place.protocol).values() if one.study == study]
    assert {(one.status, one.reason) for one in found} == {(Status.EXCLUDED, "design")}


def test_a_changed_report_is_refused_before_anything_is_written(take_in, folder, store):
    """A report that people judged is not told otherwise; the sentence names the cell and the way out."""
    take_in()
    before = store.generation()
    _set(folder, "reports.csv", journal="Journal of Made-up Trials")
    _set(folder, "effects.csv", value="0.5")
    with pytest.raises(
        TableError, match=r"journal 'Journal of Made-up Trials' instead of .*new report number"
    ):
        take_in(1)
    assert store.generation() == before


def test_two_studies_under_one_row_name_are_refused(take_in, folder, store):
    """Two lines of one row of a source cannot both be its last import."""
    _edit(folder / "baseline/effects.csv", lambda rows: rows.append({**rows[0], "study": rows[1]["study"]}))
    with pytest.raises(TableError, match="it twice for"):
        take_in()
    assert store.ledger().sightings == ()


def test_a_removed_line_is_named_while_it_counts(take_in, folder, place, store):
    """A result whose line was removed stays in the pool and is named; the lines that are there are not."""
    take_in()
    here = replace(place, folder=folder)
    assert left_behind(here, store.ledger()) == ()
    gone = read_effects(folder / "baseline/effects.csv", place.protocol)[0].estimate
    _edit(folder / "baseline/effects.csv", lambda rows: rows.pop(0))
    take_in(1)
    (found,) = left_behind(here, store.ledger())
    assert (found.study, found.row, found.key) == (gone.study, gone.label, gone.key)
    assert "imported earlier, no longer in the table of effects" in found.sentence
    assert gone in [one.estimate for one in usable_estimates(store.ledger(), place.protocol)]


def test_a_removed_line_of_an_excluded_study_is_not_named(take_in, folder, place, store):
    """What no longer counts needs no word."""
    take_in()
    study = read_studies(folder / "baseline/studies.csv")[0].study
    _set(folder, "studies.csv", status="excluded", reason="design")
    _edit(
        folder / "baseline/effects.csv",
        lambda rows: rows.__setitem__(slice(None), [row for row in rows if row["study"] != study]),
    )
    take_in(1)
    assert left_behind(replace(place, folder=folder), store.ledger()) == ()


def test_rows_of_the_rehearsal_are_not_missed_in_a_replay(take_in, place, store):
    """A replay imports the rehearsal's table as well: its rows are listed there; elsewhere they are not."""
    take_in()
    rows = read_effects(place.folder / place.protocol.rehearsal.effects, place.protocol)
    study = read_studies(place.folder / "baseline/studies.csv")[0].study
    import_effects(
        store, [replace(one, estimate=replace(one.estimate, study=study)) for one in rows[:1]], NOW
    )
    assert len(left_behind(place, store.ledger())) == 1
    place.replay_file.write_text("{}")
    assert left_behind(place, store.ledger()) == ()
