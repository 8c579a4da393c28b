"""A training set in canonical order: what a ranker learns from, checked, and named by its digest."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from classifier.draw import shuffled
from classifier.grade import Grade
from classifier.text import Reading, reading_for
from review.record import Record

__all__ = ["TrainingSet", "TrainingSetError", "assemble"]


class TrainingSetError(ValueError):
    """Nothing can be learned from this: the message says what is missing and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """Distinct records with their grades and names, by identifier; the order of arrival leaves no trace."""

    records: tuple[Record, ...]
    grades: tuple[Grade, ...]
    names: tuple[str, ...]
    reading: Reading

    def is_any(self, *grades: Grade) -> NDArray[np.bool_]:
        """Return a mask, shape (n,), of the records that bear one of `grades`."""
        return np.array([grade in grades for grade in self.grades], dtype=bool)

    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return how many records bear each grade, best first."""
        return tuple((grade.value, self.grades.count(grade)) for grade in Grade)

    def digest(self) -> str:
        """Return the SHA-256, in hexadecimal, of every identifier, grade and text that is learned from."""
        hashed = sha256(self.reading.encode())
        for record, grade in zip(self.records, self.grades, strict=True):
            row = (record.id, grade.value, record.title, record.abstract, _index(record))
            hashed.update(json.dumps(row).encode())
        return hashed.hexdigest()

    def ladder(self, *, seed: int) -> NDArray[np.intp]:
        """Return the indices of the records, best grade first, in drawn order within a grade; shape (n,)."""
        turn = {one: at for at, one in enumerate(shuffled((r.id for r in self.records), seed=seed))}
        rung = {grade: at for at, grade in enumerate(Grade)}
        order = range(len(self.records))
        return np.array(sorted(order, key=lambda i: (rung[self.grades[i]], turn[self.records[i].id])))

    def folds(self, n: int, *, seed: int) -> NDArray[np.intp]:
        """Deal the records to `n` folds down the ladder; return the fold of each, shape (n records,).

        The dealing goes on from one grade to the next, so that two records of one grade, or the only ones of
        two neighbouring grades, lie in different folds.
        """
        folds = np.empty(len(self.records), dtype=np.intp)
        folds[self.ladder(seed=seed)] = np.arange(len(self.records)) % n
        return folds


def assemble(
    records: Sequence[Record],
    grades: Sequence[Grade],
    background: Iterable[Record] = (),
    names: Sequence[str] | None = None,
) -> TrainingSet:
    """Put judged records and presumed negatives together.

    Parameters
    ----------
    records, grades
        One grade for each record.
    background
        Presumed negatives. A record that is also in `records` keeps its judgement.
    names
        What people call each of `records`; by default its identifier.

    Raises
    ------
    TrainingSetError
        If lengths differ, a record bears two grades, nothing is included or everything is.
    """
    called = [record.id for record in records] if names is None else list(names)
    if not len(records) == len(grades) == len(called):
        raise TrainingSetError(
            f"training set: found {len(records)} records, {len(grades)} grades and {len(called)} names; "
            "expected as many of each"
        )
    rows: dict[str, tuple[Record, Grade, str]] = {}
    for record, grade, name in zip(records, map(Grade, grades), called, strict=True):
        kept = rows.setdefault(record.id, (record, grade, name))
        _refuse_two_grades(record, kept[1], grade)
    for record in background:
        rows.setdefault(record.id, (record, Grade.PRESUMED_NEGATIVE, record.id))
    _refuse_one_class([grade for _, grade, _ in rows.values()])
    ordered = [rows[one] for one in sorted(rows)]
    return TrainingSet(
        records=tuple(row[0] for row in ordered),
        grades=tuple(row[1] for row in ordered),
        names=tuple(row[2] for row in ordered),
        reading=reading_for(row[0] for row in ordered),
    )


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


def _index(record: Record) -> tuple[str, ...]:
    return record.keywords if record.index_only else ()
