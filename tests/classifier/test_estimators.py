"""The estimators keep scikit-learn's contract."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from classifier.balanced_svm import BalancedSvm
from classifier.neighbours import Neighbours
from classifier.word_vectors import WordVectors


@parametrize_with_checks([BalancedSvm(), Neighbours(), WordVectors()])
def test_the_contract_of_scikit_learn_holds(estimator, check):
    """Every check that scikit-learn makes of a classifier, or of a transformer, is passed."""
    check(estimator)
