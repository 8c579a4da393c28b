"""Which results may be pooled: the last word of those whose word counts."""

import pytest

from review.effect import AnalysisKey, Better, Effect, EffectCheck, Estimate, ImportedEffect
from review.ids import EffectId, Reviewer, StudyId
from review.ledger import Ledger
from review.studies import usable_estimates

from .conftest import NOON, REPORT

KEY = AnalysisKey("usual", "pain", "post", "non-headache")


def _estimate(value: float, label: str = "Study A") -> Estimate:
    return Estimate(
        study=StudyId("Study A"),
        label=label,
        key=KEY,
        measure="SMD",
        better=Better.LOWER,
        value=value,
        se=0.1,
    )


def _read(name: str, value: float, supersedes: str | None = None) -> Effect:
    return Effect(
        id=EffectId(name),
        estimate=_estimate(value),
        report=REPORT,
        by=Reviewer("a"),
        at=NOON,
        supersedes=EffectId(supersedes) if supersedes else None,
    )


def _check(name: str) -> EffectCheck:
    return EffectCheck(effect=EffectId(name), by=Reviewer("b"), at=NOON)


def _import(name: str, value: float, source: str, label: str = "Study A") -> ImportedEffect:
    return ImportedEffect(id=EffectId(name), estimate=_estimate(value, label), source=source, at=NOON)


def _values(protocol, **rows):
    return [one.estimate.value for one in usable_estimates(Ledger(**rows), protocol)]


def test_an_unchecked_correction_leaves_the_checked_value(protocol):
    """One person alone takes no checked result out of the pool."""
    effects = (_read("one", -0.3), _read("two", -0.4, "one"))
    assert _values(protocol, effects=effects, checks=(_check("one"),)) == [-0.3]


@pytest.mark.parametrize("between", [(), ("two",)])
def test_a_checked_correction_replaces_all_before_it(protocol, between):
    """Once a second person stands behind a correction, every result before it in the chain is gone."""
    effects = (_read("one", -0.3), _read("two", -0.4, "one"), _read("three", -0.5, "two"))
    checks = tuple(_check(name) for name in ("one", *between, "three"))
    assert _values(protocol, effects=effects, checks=checks) == [-0.5]


def test_the_last_import_of_a_row_counts(protocol):
    """A row of a published table that was corrected supersedes its earlier import."""
    imported = (_import("one", -0.3, "Table"), _import("two", -0.4, "Table"))
    assert _values(protocol, imported_effects=imported) == [-0.4]


def test_rows_of_one_source_stand_beside_each_other(protocol):
    """A study with several rows in one table keeps them all."""
    imported = (_import("one", -0.3, "Table", "Arm 1"), _import("two", -0.4, "Table", "Arm 2"))
    assert _values(protocol, imported_effects=imported) == [-0.3, -0.4]


def test_two_sources_on_one_study_are_not_pooled_both(protocol):
    """The same trial printed by two meta-analyses counts once, as the later import has it."""
    imported = (_import("one", -0.3, "Table"), _import("two", -0.4, "Other"))
    assert _values(protocol, imported_effects=imported) == [-0.4]


def test_a_correction_changes_no_precedence_of_sources(protocol):
    """A corrected row of the earlier source does not put that source in front of the later one."""
    imported = (
        _import("one", -0.3, "Table"),
        _import("two", -0.4, "Other"),
        _import("three", -0.2, "Table"),
    )
    assert _values(protocol, imported_effects=imported) == [-0.4]
