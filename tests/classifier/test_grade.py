"""Grades of records."""

from classifier.grade import Grade


def test_grades_are_listed_best_first() -> None:
    """Iterating over the grades goes from included down to what is only presumed."""
    assert [grade.name for grade in Grade] == [
        "INCLUDED",
        "FULL_TEXT_EXCLUDED",
        "ABSTRACT_EXCLUDED",
        "PRESUMED_NEGATIVE",
    ]
