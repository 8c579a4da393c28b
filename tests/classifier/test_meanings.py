"""Records by what their words mean."""

import numpy as np
import pytest

from classifier.balanced_svm import BalancedSvm
from classifier.features import fit_features
from classifier.meanings import fit_meanings, learn_words
from classifier.training import assemble
from review.record import Record


@pytest.fixture(scope="module")
def fitted(made_up):
    """Features, vectors and meanings of the made-up review."""
    training = assemble(made_up.records, made_up.grades, made_up.background)
    features, vectors = fit_features(training)
    return features, vectors, fit_meanings(learn_words(training, dimensions=20, seed=1), features, vectors)


def test_places_are_spread_around_nought(fitted):
    """The mean of what was fitted on is 0, the root mean square distance from it 1."""
    _, vectors, meanings = fitted
    places = meanings.places(vectors)
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-12)
    assert np.sqrt(np.square(places).sum(axis=1).mean()) == pytest.approx(1)


def test_a_linear_model_of_places_is_one_of_terms(fitted):
    """Carried back onto the terms, a model decides about every record as before."""
    _, vectors, meanings = fitted
    places = meanings.places(vectors)
    which = np.arange(len(places)) % 3 == 0
    before = BalancedSvm(random_state=1).fit(places, which)
    after = meanings.on_terms(before)
    np.testing.assert_allclose(after.decision_function(vectors), before.decision_function(places), atol=1e-9)
    assert (after.predict(vectors) == before.predict(places)).all()


def test_pairs_have_no_place(fitted):
    """Only single words have a vector."""
    features, _, meanings = fitted
    words = {term for term, one in zip(features.terms_, meanings.terms, strict=True) if one.any()}
    assert words
    assert not any(" " in one for one in words)


def test_a_record_without_a_known_word_points_nowhere(fitted):
    """It is nobody's neighbour: its direction is 0, not that away from the middle."""
    features, _, meanings = fitted
    foreign = features.transform([Record(source="test", accession="1", title="δοκιμη")])
    assert not meanings.directions(foreign).any()


def test_what_waits_is_learned_from(made_up):
    """Words that are rare in the training set get their company from what waits."""
    few = made_up.background[:6]
    means = []
    for waiting in ([], made_up.fresh):
        training = assemble(made_up.records[:3], made_up.grades[:3], few, waiting=waiting)
        features, vectors = fit_features(training)
        means.append(
            fit_meanings(learn_words(training, dimensions=20, seed=1), features, vectors)
            .terms.any(axis=1)
            .sum()
        )
    assert means[1] > means[0]


def test_texts_too_short_mean_nothing():
    """Where no word occurs often enough there is no meaning, and no error."""
    records = [Record(source="test", accession=word, title=f"trial {word}") for word in ("one", "two")]
    training = assemble(records, ["included", "excluded at full text"])
    features, vectors = fit_features(training)
    assert fit_meanings(learn_words(training, dimensions=20, seed=1), features, vectors) is None
