"""A protocol is read whole, or refused with one sentence that says where and what to do."""

import re
import shutil
from pathlib import Path

import pytest

from review.protocol_reader import ProtocolError, read_protocol

REVIEWS = ("internet-pain", "bcg-tuberculosis")


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """A copy of the pain review's folder that may be spoilt."""
    source = root / "protocols" / "internet-pain"
    return Path(shutil.copytree(source, tmp_path / "review"))


def _spoil(folder: Path, old: str, new: str) -> None:
    path = folder / "protocol.toml"
    text = re.sub(r"^(\w+) += ", r"\1 = ", path.read_text("utf-8"), flags=re.MULTILINE)
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", REVIEWS)
def test_the_bundled_reviews_are_read(root: Path, name: str) -> None:
    """Both reviews that come along are good examples."""
    assert read_protocol(root / "protocols" / name).id == name


SPOILT = [
    ("[signals]", "[signalz]", "signalz: found an unknown key.*perhaps 'signals'"),
    ("reviewers_per_report", "reviewers_per_repot", "screening.reviewers_per_repot: found an unknown key"),
    ("version = 1", "version = 2", "version: found 2; expected the last version of the history, 1"),
    ('tau2 = "REML"', 'tau2 = "RMEL"', "synthesis.tau2: found 'RMEL'"),
    (
        'strategy = "search-pubmed.txt"',
        'strategy = "gone.txt"',
        "search.pubmed.strategy: found no file 'gone.txt'",
    ),
    (
        'strategy = "search-pubmed.txt"',
        'strategy = "../x.txt"',
        "expected a file inside the review's folder",
    ),
    (
        "set_aside = false\naudit_per_cycle = 10",
        "set_aside = true\naudit_per_cycle = 0",
        "classifier.audit_per_cycle: found 0; expected 1 or more, where classifier.set_aside is true",
    ),
    (
        "set_aside = false\naudit_per_cycle = 10\nhide_score_until_voted = true",
        "set_aside = true\nhide_score_until_voted = false",
        "classifier.hide_score_until_voted: found false; expected true, where classifier.set_aside is true",
    ),
    ("promise = 0.95", 'promise = 0.95\nstopping = ["coin"]', "classifier.stopping"),
    (
        "promise = 0.95",
        'promise = 0.95\nstopping = ["audit", "audit"]',
        "classifier.stopping: found .* expected each rule once",
    ),
    ("promise = 0.95", "promise = 0.95\nin_a_row = 0", "classifier.in_a_row: found 0; expected 1 or more"),
    ('"signals",', '"signalz",', "drafts: found 'signalz'; expected a key of this protocol"),
    ('"outcome.pain.instruments"', '"outcome.pian.instruments"', "drafts: found 'outcome.pian.instruments'"),
    ('"timepoint.follow-up.choose"', '"timepoint.follow-up.chose"', "drafts: found 'timepoint.follow-up.cho"),
    ("overlap_days = 7", "overlap_days = -1", "overlap_days: found -1; expected 7 to 365 days"),
    ("overlap_days = 7", "overlap_days = 6", "overlap_days: found 6; expected 7 to 365 days"),
    ("overlap_days = 7", "overlap_days = 366", "overlap_days: found 366"),
    ("promise = 0.95", "promise = 1.0", "classifier.promise: found 1.0; expected a share between 0 and 1"),
    ("promise = 0.95", "promise = nan", "classifier.promise: found nan"),
    ("reviewers_per_report = 2", "reviewers_per_report = 0", "reviewers_per_report: found 0; expected 1 or"),
    ("shared_r = 0.5", "shared_r = 1.5", "synthesis.shared_control.shared_r: found 1.5"),
    ("window_months = [3, 12]", "window_months = [12, 3]", "timepoint.follow-up.window_months"),
    ('["guided", "unguided"]', '["guided", "guided"]', "subgroup.guidance.levels"),
    (
        'choose = "longest"',
        'choose = "the best"',
        "follow-up.choose: found 'the best'; expected words",
    ),
    (
        '"final, completers", "change"]',
        '"last", "change"]',
        "outcome.pain.values: .* begin with final or",
    ),
    ('name = "VAS"', 'name = "NRS"', "outcome.pain.instruments: .* expected each instrument once"),
    (
        'mid = "not declared"',
        'mid = "not declared"\nreexpress = {instrument = "NRS", sd = 2.5, source = " "}',
        "outcome.pain.reexpress.source: found ' '; expected where the SD was seen",
    ),
    (
        'mid = "not declared"',
        'mid = "not declared"\nreexpress = {instrument = "NRS", sd = 0.0, source = "x"}',
        "outcome.pain.reexpress.sd: found 0.0",
    ),
    ('mid = "not declared"', "mid = 0", "outcome.pain.mid: found 0.0; expected a finite number other than 0"),
    ('mid = "not declared"', "mid = nan", "outcome.pain.mid: found nan; expected a finite number"),
]


REGISTRY = '[search.clinicaltrials]\ncondition = "pain"\nsince = 2013-11-13\n'
SOURCES = f"""{REGISTRY}
[search.europepmc]
since = 2013-11-13

[search.citations]
directions = ["forward", "backward"]

[search.files]
"""


def test_each_source_is_a_table(folder: Path) -> None:
    """Registry, Europe PMC and citations are asked by the service, files by people."""
    _spoil(folder, "[search.files]", SOURCES)
    search = read_protocol(folder).search
    assert search.automatic == ("pubmed", "clinicaltrials", "europepmc", "citations")
    assert search.by_hand == ("CENTRAL", "Embase", "PsycINFO")


SPOILT_SOURCES = [
    ('condition = "pain"\n', "", "search.clinicaltrials: found nothing to look for; expected a condition"),
    ("condition =", "conditions =", "search.clinicaltrials.conditions: found an unknown key"),
    ('["forward", "backward"]', '["sideways"]', "search.citations.directions"),
    ('["forward", "backward"]', "[]", "search.citations.directions: found \\[\\]; expected .*each once"),
    ('names = ["CENTRAL"', 'names = ["citations"', "search.files.names: found 'citations'; expected a name"),
    ('names = ["CENTRAL"', 'names = ["baseline"', "search.files.names: found 'baseline'; expected a name"),
    (
        'names = ["CENTRAL", "Embase", "PsycINFO"]',
        'names = "Embase"',
        'search.files.names: found .* expected a list: \\["one"',
    ),
    (
        'names = ["CENTRAL"',
        'names = ["known-pass"',
        "search.files.names: found 'known-pass'; expected a name",
    ),
    (
        'condition = "pain"',
        'condition = "pain"\noverlap_days = 400',
        "clinicaltrials.overlap_days: found 4",
    ),
    (
        'condition = "pain"',
        'condition = "pain"\noverlap_days = 0',
        "clinicaltrials.overlap_days: found 0; expected 1 to 365 days",
    ),
]


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILT_SOURCES)
def test_a_source_that_cannot_be_asked_is_refused(folder: Path, old: str, new: str, sentence: str) -> None:
    """A table that asks nothing, or bears another source's name, is no table."""
    _spoil(folder, "[search.files]", SOURCES)
    _spoil(folder, old, new)
    with pytest.raises(ProtocolError, match=sentence):
        read_protocol(folder)


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILT, ids=[new for _, new, _ in SPOILT])
def test_a_mistake_is_named_with_its_key(folder: Path, old: str, new: str, sentence: str) -> None:
    """The error names file, key, what was found and what to do."""
    _spoil(folder, old, new)
    with pytest.raises(ProtocolError, match=sentence):
        read_protocol(folder)


def test_an_undeclared_direction_is_refused(folder: Path) -> None:
    """An outcome that does not say which way is good for the patient cannot be pooled."""
    path = folder / "protocol.toml"
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("better"))
    path.write_text("\n".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")
    with pytest.raises(ProtocolError, match=r"better: found nothing.*declare which way is good"):
        read_protocol(folder)


def test_a_folder_without_protocol_is_named(tmp_path: Path) -> None:
    """A wrong folder gives a sentence, not a traceback."""
    with pytest.raises(ProtocolError, match="found no such file; expected a review's protocol"):
        read_protocol(tmp_path)


def test_broken_toml_names_the_line(folder: Path) -> None:
    """A syntax error says where it is."""
    path = folder / "protocol.toml"
    path.write_text('id = "x"\ntitle = \n', encoding="utf-8")
    with pytest.raises(ProtocolError, match="line 2"):
        read_protocol(folder)
