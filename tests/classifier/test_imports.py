"""What the package loads, and when."""

import subprocess
import sys
from pathlib import Path

import pytest

import classifier
from classifier.ranker import Ranker


@pytest.mark.parametrize(
    "module",
    ["classifier", "classifier.grade", "classifier.evaluation", "classifier.threshold", "classifier.design"],
)
def test_scikit_learn_is_loaded_only_to_train(module: str, root: Path) -> None:
    """Who needs a grade, a metric or a tag does not wait for scikit-learn."""
    script = f"import sys, {module}; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0


def test_the_package_offers_the_ranker() -> None:
    """`classifier.Ranker` is the ranker, loaded when asked for."""
    assert classifier.Ranker is Ranker


def test_the_package_offers_nothing_else() -> None:
    """A wrong name is an AttributeError as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'Rankr'"):
        classifier.Rankr  # noqa: B018 - the access is the act
