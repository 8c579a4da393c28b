"""Labels: a grade with reviewer, date and stage."""

from datetime import UTC, datetime

import pytest

from classifier.grade import Grade
from classifier.labels import Label, label_of, provenance
from classifier.ranker import Ranker
from classifier.training import TrainingSetError, assemble
from review.decision import Stage
from review.ids import Reviewer
from review.record import Record
from review.screening import SettledBy

ANN, BOB = Reviewer("ann"), Reviewer("bob")
ONE, TWO = (Record(source="test", accession=name, title=f"A trial of {name} in Y") for name in "AB")


def _voted(grade: Grade, day: int) -> Label:
    return Label(
        grade=grade,
        by=SettledBy.VOTES,
        stage=Stage.FULL_TEXT,
        reviewers=(ANN, BOB),
        at=datetime(2020, 1, day, tzinfo=UTC),
    )


def test_a_label_is_taken_wherever_a_grade_is(made_up) -> None:
    """Labels with provenance train the same model as the bare grades."""
    labels = [_voted(grade, 1) for grade in made_up.grades]
    rich = Ranker(seed=1).fit(made_up.records, labels, background=made_up.background)
    bare = Ranker(seed=1).fit(made_up.records, made_up.grades, background=made_up.background)
    assert rich.model_id_ == bare.model_id_
    assert rich.scores(made_up.fresh).tobytes() == bare.scores(made_up.fresh).tobytes()


def test_who_judged_is_not_in_the_digest() -> None:
    """The same grade by another person on another day is the same training set; another grade is not."""
    first = assemble([ONE, TWO], [_voted(Grade.INCLUDED, 1), Grade.ABSTRACT_EXCLUDED])
    second = assemble([ONE, TWO], [Grade.INCLUDED, _voted(Grade.ABSTRACT_EXCLUDED, 9)])
    assert first.digest() == second.digest()
    assert first.digest() != assemble([ONE, TWO], [Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED]).digest()


def test_two_labels_of_one_grade_are_no_contradiction() -> None:
    """A record judged twice alike counts once, with the label that came first."""
    training = assemble(
        [ONE, ONE, TWO],
        [_voted(Grade.INCLUDED, 1), _voted(Grade.INCLUDED, 2), Grade.ABSTRACT_EXCLUDED],
    )
    assert [one.at and one.at.day for one in training.labels] == [1, None]


def test_grades_may_be_given_as_text() -> None:
    """The text of a grade is that grade."""
    assert label_of("excluded at full text") == Label(grade=Grade.FULL_TEXT_EXCLUDED)


@pytest.mark.parametrize("graded", ["relevant", 1, None, float("nan")])
def test_what_is_no_grade_is_refused(graded) -> None:
    """Anything else names the record and lists the four grades."""
    with pytest.raises(TrainingSetError, match=r"test:A: found the grade .*; expected one of 'included', '"):
        assemble([ONE, TWO], [graded, "included"])


def test_the_provenance_counts_kinds_people_and_days() -> None:
    """Votes, resolutions and imports are told apart; people are counted and not named."""
    labels = [
        _voted(Grade.INCLUDED, 3),
        _voted(Grade.ABSTRACT_EXCLUDED, 9),
        Label(grade=Grade.INCLUDED, by=SettledBy.IMPORT, at=datetime(2019, 5, 1, tzinfo=UTC)),
        Label(grade=Grade.PRESUMED_NEGATIVE),
    ]
    said = provenance(labels)
    assert said == (
        "3 records judged: 2 by votes, 1 by decisions imported from other reviews (2 reviewers); "
        "from 2019-05-01 to 2020-01-09."
    )
    assert "ann" not in said


def test_what_the_kept_review_decided_is_counted_apart() -> None:
    """The lists of the review that is kept up to date are not decisions of other reviews."""
    own = Label(grade=Grade.INCLUDED, by=SettledBy.IMPORT, kept=True)
    other = Label(grade=Grade.INCLUDED, by=SettledBy.IMPORT)
    assert provenance([own, own, other]) == (
        "3 records judged: 1 by decisions imported from other reviews, "
        "2 taken over from the review that is kept up to date; dates unknown."
    )


def test_bare_grades_say_that_nothing_is_known_of_them() -> None:
    """Where no label says by whom and when, neither does the card."""
    said = provenance([Label(grade=Grade.INCLUDED)])
    assert said == "1 record judged: 1 of which it is not known by whom; dates unknown."
