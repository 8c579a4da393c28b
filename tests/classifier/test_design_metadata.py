"""What indexers and registers add to the design tag."""

from dataclasses import replace

import pytest

from classifier.design import text_likelihood, trial_likelihood, why
from review.record import Record

PLAIN = Record(source="test", accession="1", title="X in Y", abstract="Adults were seen.")
TRIAL = replace(
    PLAIN, title="X for Y: a randomised controlled trial", abstract="Adults were randomly allocated."
)


def _likelihood(record: Record, **fields: object) -> float:
    return float(trial_likelihood([replace(record, **fields)])[0])  # type: ignore[arg-type]


def test_without_metadata_the_text_decides() -> None:
    """A new citation, which nobody indexed, is judged on its text."""
    assert trial_likelihood([PLAIN, TRIAL]).tolist() == text_likelihood([PLAIN, TRIAL]).tolist()


def test_the_type_of_a_trial_outweighs_everything() -> None:
    """What the indexers call a randomised trial is one, whatever its text, other types or headings say."""
    types = ("Journal Article", "Randomized Controlled Trial", "Review")
    assert _likelihood(PLAIN, publication_types=types, mesh=("Retrospective Studies",)) > 0.97
    assert _likelihood(PLAIN, publication_types=("Clinical Trial; Randomized Controlled Trial",)) > 0.97


@pytest.mark.parametrize(
    "kind", ["Clinical Trial Protocol", "Systematic Review", "Meta-Analysis", "Case Reports", "Editorial"]
)
def test_types_of_other_reports_outweigh_the_text(kind: str) -> None:
    """A text full of randomisation is no trial where its type says that it is something else."""
    assert _likelihood(TRIAL, publication_types=(kind,)) < 0.1
    assert _likelihood(TRIAL) > 0.9


@pytest.mark.parametrize(
    ("fields", "raises"),
    [
        ({"publication_types": ("Controlled Clinical Trial",)}, True),
        ({"publication_types": ("Review",)}, False),
        ({"publication_types": ("Randomized Controlled Trial, Veterinary",)}, False),
        ({"mesh": ("*Double-Blind Method",)}, True),
        ({"mesh": ("*Randomized Controlled Trials as Topic",)}, False),
        ({"mesh": ("Randomized Controlled Trials as Topic/*methods",)}, False),
        ({"mesh": ("Animals", "Rats")}, False),
        ({"registrations": ("NCT01234567",)}, True),
        ({"registrations": ("ISRCTN12345678",)}, True),
        ({"status": "MEDLINE", "mesh": ("Pain/*psychology",)}, False),
    ],
)
def test_other_fields_lean(fields: dict[str, object], raises: bool) -> None:
    """Other types, headings with star or qualifier, and registrations move the likelihood their way."""
    before, after = _likelihood(PLAIN), _likelihood(PLAIN, **fields)
    assert after > before if raises else after < before


@pytest.mark.parametrize(
    "fields",
    [
        {"publication_types": ("Journal Article",)},
        {"mesh": ("*Pain/psychology", "Humans")},
        {"mesh": ("Animals", "Humans")},
        {"registrations": ("GENBANK/AB123456", "PDB/1ABC", "CRD42020123456")},
        {"status": "Publisher"},
    ],
)
def test_fields_that_say_nothing_of_design_change_nothing(fields: dict[str, object]) -> None:
    """Topics, data bank numbers and the registration of a review leave the text's likelihood as it is."""
    assert _likelihood(PLAIN, **fields) == _likelihood(PLAIN)


def test_metadata_are_among_the_reasons() -> None:
    """Whoever asks why is told which field moved the likelihood."""
    reasons = {one.rule for one in why(replace(PLAIN, publication_types=("Randomized Controlled Trial",)))}
    assert "publication type: randomized controlled trial" in reasons
