"""Why a record stands where it stands: the words that moved it, and the judged records most like it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.utils import gen_batches

from classifier.codes import name_codes
from classifier.effects import Effects, fit_effects
from classifier.ensemble import Ensemble
from classifier.grade import Grade
from classifier.spans import spans
from classifier.text import has_body, words
from classifier.training import TrainingSet
from review.record import Record
from review.suggestion import TermWeight, TextSpan

__all__ = ["Explainer", "fit_explainer"]

_UPWARD, _DOWNWARD = 6, 3

# Rows compared with all judged records at a time: it bounds the memory of a backlog.
_AT_ONCE = 2_000

Moved = tuple[str, float]
"""A term, and how much higher a record stands with it than without."""

Places = Mapping[str, Sequence[TextSpan]]
"""Where words and terms stand in a record."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """What a record would score without its terms, and the vectors of the judged records.

    Parameters
    ----------
    included, excluded
        Vectors of the judged records, with `included_names` and `excluded_names`.
    """

    ensemble: Ensemble
    effects: Effects
    included: csr_matrix
    included_names: tuple[str, ...]
    excluded: csr_matrix
    excluded_names: tuple[str, ...]

    def term_weights(
        self, records: Sequence[Record], vectors: csr_matrix, scores: NDArray[np.float64]
    ) -> list[tuple[TermWeight, ...]]:
        """Return the terms of each record that moved it most, upward first; function words are not shown.

        A term's weight is what the record would lose without it (`Effects.of_terms`). The upward terms are
        tried together: with all their words cut out of its text the record scores lower. Where it does not
        (what remains may become more telling, and words that stood apart a known pair), the least of them
        are left out until it does, if need be all.
        """
        names = self._names(records, vectors)
        bodied = np.array([has_body(record) for record in records], dtype=bool)
        effects, ends = self.effects.of_terms(vectors, bodied), pairwise(vectors.indptr.tolist())
        moved = [_moved(effects[a:b], vectors.indices[a:b], names) for a, b in ends]
        pairs = list(zip(records, moved, strict=True))
        found = [spans(record, {term for term, _ in one} | _words(one)) for record, one in pairs]
        counts = self._holding(records, scores, [_upward(one) for one in moved], found)
        return [
            tuple(
                TermWeight(term, weight, places[term])
                for term, weight in (*_upward(one)[:count], *_downward(one))
            )
            for one, count, places in zip(moved, counts, found, strict=True)
        ]

    def nearest_included(self, vectors: csr_matrix) -> list[str]:
        """Return, for each record, the name of the included record with the highest cosine, or ''."""
        return _nearest(vectors, self.included, self.included_names)

    def nearest_excluded(self, vectors: csr_matrix) -> list[str]:
        """Return, for each record, the name of the excluded record with the highest cosine, or ''."""
        return _nearest(vectors, self.excluded, self.excluded_names)

    def _names(self, records: Sequence[Record], vectors: csr_matrix) -> dict[int, str]:
        columns = np.unique(vectors.indices)
        features = self.ensemble.features
        # Columns are in the order of the codes.
        named = name_codes(features.vocabulary_.codes[columns], records, features.reading_)
        return dict(zip(columns.tolist(), named.tolist(), strict=True))

    def _holding(
        self,
        records: Sequence[Record],
        scores: NDArray[np.float64],
        upward: Sequence[Sequence[Moved]],
        found: Sequence[Places],
    ) -> list[int]:
        """Return how many of the upward terms of each record, cut out together, lower its score."""
        counts = [len(one) for one in upward]
        tried = [at for at, count in enumerate(counts) if count]
        while tried:
            cut = [_without(records[at], _words(upward[at][: counts[at]]), found[at]) for at in tried]
            after = self.ensemble.scores(cut, self.ensemble.features.transform(cut))
            tried = [at for at, score in zip(tried, after, strict=True) if score >= scores[at]]
            for at in tried:
                counts[at] -= 1
            tried = [at for at in tried if counts[at]]
        return counts


def fit_explainer(training: TrainingSet, ensemble: Ensemble) -> Explainer:
    """Collect what is needed to explain; presumed negatives are nobody's judgement and are never named."""
    included = np.flatnonzero(training.is_any(Grade.INCLUDED))
    excluded = np.flatnonzero(training.is_any(Grade.FULL_TEXT_EXCLUDED, Grade.ABSTRACT_EXCLUDED))
    return Explainer(
        ensemble=ensemble,
        effects=fit_effects(ensemble),
        included=ensemble.features.transform([training.records[i] for i in included]),
        included_names=tuple(training.names[i] for i in included),
        excluded=ensemble.features.transform([training.records[i] for i in excluded]),
        excluded_names=tuple(training.names[i] for i in excluded),
    )


def _moved(effects: NDArray[np.float64], columns: NDArray[np.int32], names: Mapping[int, str]) -> list[Moved]:
    """Return the highest and the lowest terms of one record, the highest first."""
    rising = np.argsort(effects, kind="stable")
    pairs = list(zip(columns[rising].tolist(), effects[rising].tolist(), strict=True))
    up = islice(_named(takewhile(lambda one: one[1] > 0, reversed(pairs)), names), _UPWARD)
    down = islice(_named(takewhile(lambda one: one[1] < 0, pairs), names), _DOWNWARD)
    return [*up, *down]


def _named(pairs: Iterable[tuple[int, float]], names: Mapping[int, str]) -> Iterator[Moved]:
    return ((names[column], effect) for column, effect in pairs if _telling(names[column]))


def _without(record: Record, gone: Collection[str], found: Places) -> Record:
    """Return a record with some words cut out of its title and its abstract, or the index of it."""
    places = list(chain.from_iterable(found[word] for word in gone))
    return replace(
        record,
        title=_cut(record.title, [one for one in places if one.field == "title"]),
        abstract=_cut(record.abstract, [one for one in places if one.field == "abstract"]),
        keywords=_thinned(record, gone),
    )


def _cut(text: str, places: Iterable[TextSpan]) -> str:
    kept, at = [], 0
    for one in sorted(places, key=lambda one: one.start):
        kept.append(text[at : one.start])
        at = max(at, one.end)
    return "".join([*kept, text[at:]])


def _thinned(record: Record, gone: Collection[str]) -> tuple[str, ...]:
    if not record.index_only:
        return record.keywords
    return tuple(" ".join(word for word in words(one) if word not in gone) for one in record.keywords)


def _upward(moved: Iterable[Moved]) -> list[Moved]:
    return [one for one in moved if one[1] > 0]


def _downward(moved: Iterable[Moved]) -> list[Moved]:
    return [one for one in moved if one[1] < 0]


def _words(chosen: Iterable[Moved]) -> set[str]:
    return {word for term, _ in chosen for word in term.split()}


def _telling(term: str) -> bool:
    return not ENGLISH_STOP_WORDS.issuperset(term.split())


def _nearest(vectors: csr_matrix, judged: csr_matrix, names: Sequence[str]) -> list[str]:
    if not names or not vectors.shape[0]:
        return [""] * vectors.shape[0]
    found: list[str] = []
    for batch in gen_batches(vectors.shape[0], _AT_ONCE):
        likeness = (vectors[batch] @ judged.T).toarray()
        best = likeness.argmax(axis=1)
        found += [names[at] if row[at] > 0 else "" for at, row in zip(best, likeness, strict=True)]
    return found
