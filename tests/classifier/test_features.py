"""Features equal those of scikit-learn's own TF-IDF over the same terms."""

from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.features import Features, fit_features
from classifier.grade import Grade
from classifier.labels import Label
from classifier.text import Reading, terms
from classifier.training import TrainingSet, TrainingSetError
from review.record import Record

FEW_WORDS = st.lists(st.sampled_from(["pain", "trial", "of", "x1", "ألم", "疼痛", "a", "Straße"])).map(
    " ".join
)


def _set(texts: list[tuple[str, str]], reading: Reading = Reading.TEXT) -> TrainingSet:
    records = tuple(
        Record(source="test", accession=str(at), title=title, abstract=abstract)
        for at, (title, abstract) in enumerate(texts)
    )
    names = tuple(record.id for record in records)
    return TrainingSet(
        records=records, labels=(Label(grade=Grade.INCLUDED),) * len(names), names=names, reading=reading
    )


def _theirs(training: TrainingSet) -> TfidfVectorizer:
    n = len(training.records)
    return TfidfVectorizer(
        analyzer=lambda record: terms(record, training.reading),
        sublinear_tf=True,
        min_df=2 if n >= 50 else 1,
        max_df=ceil(0.95 * n),
    )


def _in_their_order(features: Features, theirs: TfidfVectorizer) -> list[int]:
    place = {term: at for at, term in enumerate(features.terms_)}
    return [place[term] for term in theirs.get_feature_names_out()]


def _assert_same(training: TrainingSet) -> None:
    features, vectors = fit_features(training)
    theirs = _theirs(training)
    expected = theirs.fit_transform(training.records)
    assert sorted(features.terms_) == list(theirs.get_feature_names_out())
    np.testing.assert_allclose(
        vectors[:, _in_their_order(features, theirs)].toarray(), expected.toarray(), rtol=0, atol=1e-14
    )


@given(st.lists(st.tuples(FEW_WORDS, FEW_WORDS), min_size=1, max_size=60), st.sampled_from(Reading))
def test_vectors_are_those_of_scikit_learn(texts: list[tuple[str, str]], reading: Reading) -> None:
    """Vocabulary and weights are the same, in another order; where scikit-learn finds no word, we say so."""
    training = _set(texts, reading)
    try:
        _theirs(training).fit(training.records)
    except ValueError:
        with pytest.raises(TrainingSetError, match="no distinguishing word"):
            fit_features(training)
    else:
        _assert_same(training)


def test_vectors_of_a_real_review_are_those_of_scikit_learn(shared_data: Path) -> None:
    """Some hundred real records, enough for rare terms to be left out."""
    table = pd.read_csv(shared_data / "screening/Cohen_Antihistamines.csv.gz").fillna("")
    _assert_same(_set(list(zip(table["title"], table["abstract"], strict=True))))


def test_new_records_are_read_by_what_is_known(made_up: Any) -> None:
    """Vectors of records that were not trained on are scikit-learn's, whole or by their titles."""
    training = _set([(one.title, one.abstract) for one in made_up.background])
    features, theirs = fit_features(training)[0], _theirs(training).fit(training.records)
    order = _in_their_order(features, theirs)
    titles = [Record(source="test", accession=one.accession, title=one.title) for one in made_up.fresh]
    for ours, expected in (
        (features.transform(made_up.fresh), theirs.transform(made_up.fresh)),
        (features.transform(made_up.fresh, titles_only=True), theirs.transform(titles)),
    ):
        np.testing.assert_allclose(ours[:, order].toarray(), expected.toarray(), rtol=0, atol=1e-14)


def test_unknown_words_make_an_empty_vector(made_up: Any) -> None:
    """A record of which nothing is known, or which is empty, is nowhere; it is not an error."""
    features, _ = fit_features(_set([(one.title, "") for one in made_up.background]))
    new = [Record(source="test", accession=text, title=text) for text in ("", "unheard words", "\ud83d\0")]
    assert features.transform(new).nnz == 0


def test_a_vector_knows_its_terms(made_up: Any) -> None:
    """Each column is named after the term it stands for."""
    features, vectors = fit_features(_set([(one.title, one.abstract) for one in made_up.background]))
    read = set(terms(made_up.background[0], Reading.TEXT))
    named = set(features.terms_[vectors[0].indices])
    assert named == read & set(features.terms_)
