"""Tables are read whole, or refused with the line that is wrong."""

import shutil
from pathlib import Path

import pytest

from review.baseline import TableError, read_reports, read_studies
from review.decision import Verdict
from review.protocol import Protocol
from review.published_effects import read_effects


@pytest.fixture
def tables(root: Path, tmp_path: Path) -> Path:
    """A copy of the pain review's baseline that may be spoilt."""
    return Path(shutil.copytree(root / "protocols/internet-pain/baseline", tmp_path / "baseline"))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_published_review_is_read(tables: Path) -> None:
    """Fifteen studies were included and forty-nine excluded."""
    studies = read_studies(tables / "studies.csv")
    included = sum(study.verdict is Verdict.INCLUDE for study in studies)
    assert (included, len(studies) - included) == (15, 49)


def test_an_unverified_identifier_is_not_used(tables: Path) -> None:
    """A PMID that nobody saw is a note, never an identifier."""
    path = tables / "reports.csv"
    header, _first, *_rest = path.read_text("utf-8").splitlines()
    cells = dict(zip(header.split(","), range(99), strict=False))
    row = ["Study A", "1", "", "A title", "", "", "", "", "", "123", "no", "", "", "made up", ""]
    assert len(row) == len(cells)
    path.write_text("\n".join([header, ",".join(row)]), encoding="utf-8")
    record = read_reports(path)[0].record
    assert record.pmid == ""
    assert "PMID not verified" in record.notes


def test_a_line_with_missing_cells_is_named(tables: Path) -> None:
    """A broken CSV line is refused with its number."""
    path = tables / "studies.csv"
    path.write_text(path.read_text("utf-8") + "only,two\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"studies.csv: line \d+: found 2 cells; expected 6"):
        read_studies(path)


def test_an_open_quote_is_named(tables: Path) -> None:
    """A quote that never ends is refused, not swallowed with the rest of the file."""
    path = tables / "studies.csv"
    path.write_text(path.read_text("utf-8") + 'Study A,included,"no end\n', encoding="utf-8")
    with pytest.raises(TableError, match="mend its quotes"):
        read_studies(path)


def test_an_effect_without_direction_is_refused(tables: Path, protocol: Protocol) -> None:
    """Each printed effect says which way is good for the patient."""
    _replace(tables / "effects.csv", ",higher,", ",,")
    with pytest.raises(TableError, match="which way is good for the patient must be declared"):
        read_effects(tables / "effects.csv", protocol)


def test_an_undeclared_outcome_is_refused(tables: Path, protocol: Protocol) -> None:
    """An effect under a key that the protocol does not know is a mistake, not a new analysis."""
    _replace(tables / "effects.csv", ",disability,", ",happiness,")
    with pytest.raises(TableError, match="outcome 'happiness', which is none of"):
        read_effects(tables / "effects.csv", protocol)


def test_a_standard_error_of_zero_is_refused(tables: Path, protocol: Protocol) -> None:
    """A study without error would take the whole weight."""
    _replace(tables / "effects.csv", ",0.148,", ",0,")
    with pytest.raises(TableError, match="expected a standard error above"):
        read_effects(tables / "effects.csv", protocol)


SPOILT = [
    (
        ",SMD,0.013,",
        ",RR,0.013,",
        "measure 'RR', where the protocol declares 'SMD' for disability in headache",
    ),
    (",0.013,0.148,", ",nan,0.148,", "value 'nan', which is no finite number"),
    (",0.013,0.148,", ",0.013,inf,", "se 'inf', which is no finite number"),
    (",not stated,none,,,", ",not stated,none,-4,,", "n '-4', which is no number of participants"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILT, ids=[new for _, new, _ in SPOILT])
def test_an_effect_that_cannot_be_pooled_is_refused(
    tables: Path, protocol: Protocol, old: str, new: str, sentence: str
) -> None:
    """What the pool would refuse, or swallow, is told with its line when the table is read."""
    _replace(tables / "effects.csv", old, new)
    with pytest.raises(TableError, match=f"line 2: found {sentence}"):
        read_effects(tables / "effects.csv", protocol)


def _repeat(path: Path, old: str = "", new: str = "") -> None:
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1].replace(old, new)]), encoding="utf-8")


def test_a_row_of_effects_stands_once(tables: Path, protocol: Protocol) -> None:
    """The same row of the same study under the same key twice is a slip."""
    _repeat(tables / "effects.csv")
    with pytest.raises(TableError, match=r"'Bromberg 2011, row Bromberg 2012, .*' again, as on line 2"):
        read_effects(tables / "effects.csv", protocol)


def test_a_study_is_included_or_excluded_not_both(tables: Path) -> None:
    """A study has one line in the list of studies."""
    _repeat(tables / "studies.csv", ",included,", ",excluded,")
    with pytest.raises(TableError, match="'Berman 2009' again, as on line 2"):
        read_studies(tables / "studies.csv")
