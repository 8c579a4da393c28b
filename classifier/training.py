"""A training set in canonical order: what a ranker learns from, checked, and named by its digest."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from classifier.draw import shuffled
from classifier.grade import Grade
from classifier.labels import Graded, Label, label_of
from classifier.not_text import NotTextError, refuse_what_is_no_text
from classifier.text import Reading, reading_for
from review.ids import RecordId
from review.record import Record

__all__ = ["TrainingSet", "TrainingSetError", "assemble", "year_of"]


class TrainingSetError(ValueError):
    """Nothing can be learned from this: the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """Distinct records with their labels and names, by identifier; the order of arrival leaves no trace.

    `waiting` are records that nobody judged and that are to be ranked: words are learned from them, and they
    are one another's neighbours (`classifier.nearby`). They are no negatives.

    Two records of one text are two records, whatever their grades: people saw two, and which of them is
    right is not for a ranker to say (`contradictions` counts them).
    """

    records: tuple[Record, ...]
    labels: tuple[Label, ...]
    names: tuple[str, ...]
    reading: Reading
    waiting: tuple[Record, ...] = ()

    @property
    def grades(self) -> tuple[Grade, ...]:
        """The grade of each record."""
        return tuple(one.grade for one in self.labels)

    def is_any(self, *grades: Grade) -> NDArray[np.bool_]:
        """Return a mask, shape (n,), of the records that bear one of `grades`."""
        return np.array([one.grade in grades for one in self.labels], dtype=bool)

    def years(self) -> NDArray[np.float64]:
        """Return the year in which each record could be known, shape (n,); NaN where it is unknown."""
        return np.array([year_of(record) or np.nan for record in self.records], dtype=float)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return how many records bear each grade, best first."""
        counted = Counter(one.grade for one in self.labels)
        return tuple((grade.value, counted[grade]) for grade in Grade)

    def contradictions(self) -> int:
        """Return how many records share their text with one of another judgement."""
        said: dict[tuple[str, ...], list[Grade]] = defaultdict(list)
        for record, label in zip(self.records, self.labels, strict=True):
            if label.grade is not Grade.PRESUMED_NEGATIVE:
                said[record.title, record.abstract, *_index(record)].append(label.grade)
        return sum(len(grades) for grades in said.values() if len(set(grades)) > 1)

    def part(self, rows: NDArray[np.intp], *, then: NDArray[np.intp] | None = None) -> "TrainingSet":
        """Return the training set of some of the records, read as they alone would be.

        Parameters
        ----------
        then
            Those that would have waited; none do where none wait for the whole, so that the part is ranked
            with as the whole is.

        Raises
        ------
        TrainingSetError
            As `assemble`.
        """
        chosen = [self.records[at] for at in rows]
        labels, names = [self.labels[at] for at in rows], [self.names[at] for at in rows]
        waiting = () if then is None or not self.waiting else [self.records[at] for at in then]
        return assemble(chosen, labels, names=names, waiting=waiting)

    def digest(self) -> str:
        """Return the SHA-256, in hexadecimal, of all that the model and its card follow from.

        Identifier, grade, text and year of every record, and of what waits all but the grade. Who judged,
        when and at which stage is left out: a second vote of the same verdict teaches nothing, and must not
        make another model of the same scores.
        """
        hashed = sha256(self.reading.encode())
        for record, grade in zip(self.records, self.grades, strict=True):
            hashed.update(json.dumps(_row(record, grade.value)).encode())
        for record in self.waiting:
            hashed.update(json.dumps(_row(record, "")).encode())
        return hashed.hexdigest()

    def ladder(self, *, seed: int) -> NDArray[np.intp]:
        """Return the indices of the records, best grade first, in drawn order within a grade; shape (n,)."""
        turn = {one: at for at, one in enumerate(shuffled((r.id for r in self.records), seed=seed))}
        rung = {grade: at for at, grade in enumerate(Grade)}
        order = range(len(self.records))
        return np.array(sorted(order, key=lambda i: (rung[self.labels[i].grade], turn[self.records[i].id])))

    def folds(self, n: int, *, seed: int) -> NDArray[np.intp]:
        """Deal the records to `n` folds down the ladder; return the fold of each, shape (n records,).

        The dealing goes on from one grade to the next, so that two records of one grade, or the only ones of
        two neighbouring grades, lie in different folds.
        """
        folds = np.empty(len(self.records), dtype=np.intp)
        folds[self.ladder(seed=seed)] = np.arange(len(self.records)) % n
        return folds


def year_of(record: Record) -> int | None:
    """Return the year in which a record could be known: it entered its source, or was published."""
    return record.entered.year if record.entered else record.year


def assemble(
    records: Sequence[Record],
    grades: Sequence[Graded],
    background: Iterable[Record] = (),
    names: Sequence[str] | None = None,
    waiting: Iterable[Record] = (),
) -> TrainingSet:
    """Put judged records and presumed negatives together.

    Parameters
    ----------
    records, grades
        One grade for each record, bare or with where it comes from. A record that is given twice with one
        grade counts once, with the label given first.
    background
        Presumed negatives. A record that is also in `records` keeps its judgement.
    names
        What people call each of `records`; by default its identifier.
    waiting
        Records that nobody judged. What is learned from does not wait, and a record that is given twice
        waits once.

    Raises
    ------
    TrainingSetError
        If lengths differ, a grade is none, a record bears two grades, a title or an abstract is no text,
        nothing is included or everything is.
    """
    called = [record.id for record in records] if names is None else list(names)
    if not len(records) == len(grades) == len(called):
        raise TrainingSetError(
            f"training set: found {len(records)} records, {len(grades)} grades and {len(called)} names; "
            "expected as many of each"
        )
    rows: dict[str, tuple[Record, Label, str]] = {}
    for record, graded, name in zip(records, grades, called, strict=True):
        label = _label(record, graded)
        kept = rows.setdefault(record.id, (record, label, name))
        _refuse_two_grades(record, kept[1].grade, label.grade)
    presumed = Label(grade=Grade.PRESUMED_NEGATIVE)
    for record in background:
        rows.setdefault(record.id, (record, presumed, record.id))
    others: dict[RecordId, Record] = {}
    for record in waiting:
        if record.id not in rows:
            others.setdefault(record.id, record)
    _refuse_what_is_no_text([*(row[0] for row in rows.values()), *others.values()])
    _refuse_one_class([label.grade for _, label, _ in rows.values()])
    ordered = [rows[one] for one in sorted(rows)]
    return TrainingSet(
        records=tuple(row[0] for row in ordered),
        labels=tuple(row[1] for row in ordered),
        names=tuple(row[2] for row in ordered),
        reading=reading_for(row[0] for row in ordered),
        waiting=tuple(others[one] for one in sorted(others)),
    )


def _label(record: Record, graded: Graded) -> Label:
    try:
        return label_of(graded)
    except ValueError:
        known = ", ".join(f"'{grade}'" for grade in Grade)
        raise TrainingSetError(
            f"training set: {record.id}: found the grade {graded!r}; expected one of {known}"
        ) from None


def _refuse_what_is_no_text(records: Iterable[Record]) -> None:
    try:
        refuse_what_is_no_text(records)
    except NotTextError as error:
        raise TrainingSetError(f"training set: {error}") from None


def _refuse_two_grades(record: Record, one: Grade, other: Grade) -> None:
    if one is not other:
        raise TrainingSetError(
            f"training set: {record.id}: found both '{one}' and '{other}'; expected one grade a record; "
            "settle the decision first"
        )


def _refuse_one_class(grades: list[Grade]) -> None:
    included = grades.count(Grade.INCLUDED)
    if not included:
        raise TrainingSetError(
            f"training set: found no included record among {len(grades)}; expected at least one: "
            "import the review's included studies or screen until one is found"
        )
    if included == len(grades):
        raise TrainingSetError(
            f"training set: found {included} included records and nothing else; expected excluded records "
            "or a background: draw presumed negatives from the review's own search"
        )


def _row(record: Record, grade: str) -> tuple[object, ...]:
    return record.id, grade, record.title, record.abstract, _index(record), year_of(record)


def _index(record: Record) -> tuple[str, ...]:
    return record.keywords if record.index_only else ()
