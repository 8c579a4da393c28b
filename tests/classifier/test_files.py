"""Model files: they travel, and they cannot run anything."""

import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

import classifier.card
from classifier.files import TRUSTED, ModelFileError, load, save
from classifier.grade import Grade
from classifier.labels import Label
from classifier.members import Head
from classifier.ranker import Ranker
from review.decision import Stage
from review.ids import Reviewer
from review.record import Correction, Record
from review.screening import SettledBy

AT = datetime(2020, 1, 1, tzinfo=UTC)


def _fit(review: Any) -> Ranker:
    return Ranker(seed=1).fit(review.records, review.grades, background=review.background)


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """Return a ranker that knows the made-up review."""
    return _fit(made_up)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_a_loaded_model_is_the_saved_one(ranker: Ranker, made_up: Any, tmp_path: Path) -> None:
    """Scores to the last bit, suggestions with their reasons, and the card are the same."""
    path = tmp_path / "model.skops"
    again = load(path, save(ranker, path))
    for head in Head:
        assert (
            again.scores(made_up.fresh, head=head).tobytes()
            == ranker.scores(made_up.fresh, head=head).tobytes()
        )
    assert again.rank(made_up.fresh, at=AT) == ranker.rank(made_up.fresh, at=AT)
    assert again.model(AT) == ranker.model(AT)


def test_a_model_of_one_included_record_travels_too(make: Callable[..., Any], tmp_path: Path) -> None:
    """Where nothing was held out there is nothing to lose on the way."""
    review, path = make(21, included=1), tmp_path / "model.skops"
    ranker = _fit(review)
    assert load(path, save(ranker, path)).model(AT) == ranker.model(AT)


def test_a_calibration_on_forecasts_travels_with_its_years(make: Callable[..., Any], tmp_path: Path) -> None:
    """The years stay what the card says of them."""
    review, path = make(28, included=40, background=60), tmp_path / "model.skops"
    dated = [replace(one, year=2000 + at % 4) for at, one in enumerate(review.records)]
    ranker = Ranker(seed=1).fit(dated, review.grades, background=review.background)
    assert ranker.calibration_ is not None
    assert ranker.calibration_.years == (2001, 2002, 2003)
    again = load(path, save(ranker, path))
    assert again.calibration_ == ranker.calibration_
    assert again.model(AT) == ranker.model(AT)


def test_labels_and_records_travel_whole(tmp_path: Path) -> None:
    """Dates, reviewers, stages and corrections come back as what they were."""
    record = Record(
        source="test",
        accession="1",
        title="A trial of X",
        entered=date(2020, 1, 2),
        keywords=("x", "y"),
        corrections=(Correction(kind="ErratumIn", pmid="2"),),
    )
    label = Label(
        grade=Grade.INCLUDED,
        by=SettledBy.VOTES,
        stage=Stage.FULL_TEXT,
        reviewers=(Reviewer("ann"),),
        at=AT,
    )
    other = Record(source="test", accession="2", title="A cohort of Y")
    path = tmp_path / "model.skops"
    ranker = Ranker().fit([record, other], [label, "excluded at full text"])
    again = load(path, save(ranker, path)).training_
    assert again.records == (record, other)
    assert (again.labels[0].by, again.labels[0].at, again.labels[0].reviewers) == (
        SettledBy.VOTES,
        AT,
        ("ann",),
    )


def test_a_changed_file_is_refused(ranker: Ranker, tmp_path: Path) -> None:
    """One byte more and the digest differs: both digests are told, and nothing is read."""
    path = tmp_path / "model.skops"
    expected = save(ranker, path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelFileError, match=f"expected {expected}: get the file anew"):
        load(path, expected)


class _Bomb:
    """Leaves a trace as soon as it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.trace,)


def test_a_pickle_is_refused_before_it_can_run(tmp_path: Path) -> None:
    """Even with the right digest a pickle is not read: what it would have done has not happened."""
    trace, path = tmp_path / "trace", tmp_path / "model.skops"
    path.write_bytes(pickle.dumps(_Bomb(trace)))
    with pytest.raises(ModelFileError, match="found no archive of skops"):
        load(path, _digest(path))
    assert not trace.exists()
    pickle.loads(path.read_bytes())
    assert trace.exists()


def test_a_pickle_within_an_archive_is_refused(tmp_path: Path) -> None:
    """An archive that holds a pickle is none of skops, and is not looked into."""
    trace, path = tmp_path / "trace", tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", pickle.dumps(_Bomb(trace)))
    with pytest.raises(ModelFileError, match="an archive that skops cannot read"):
        load(path, _digest(path))
    assert not trace.exists()


def test_an_object_array_is_refused(tmp_path: Path) -> None:
    """NumPy keeps objects as pickles: an archive of such an array is not read."""
    trace, path = tmp_path / "trace", tmp_path / "model.skops"
    np.savez(path, data=np.array([_Bomb(trace)], dtype=object))
    path = path.with_suffix(".skops.npz")
    with pytest.raises(ModelFileError, match="an archive that skops cannot read"):
        load(path, _digest(path))
    assert not trace.exists()


def test_a_type_that_is_not_trusted_is_refused_by_name(tmp_path: Path) -> None:
    """The list is fixed: another type of ours is refused as well as one of others."""
    path = tmp_path / "model.skops"
    skops.io.dump({"format": "living-review model 1", "x": _Bomb(tmp_path)}, path)
    with pytest.raises(ModelFileError, match=r"found the types .*_Bomb; expected none but those"):
        load(path, _digest(path))


def test_another_model_of_skops_is_no_ranker(tmp_path: Path) -> None:
    """A trusted type alone does not make a model file."""
    path = tmp_path / "model.skops"
    skops.io.dump(LogisticRegression(), path)
    with pytest.raises(ModelFileError, match="found None; expected 'living-review model"):
        load(path, _digest(path))


def test_a_file_of_an_older_version_is_told_apart(tmp_path: Path) -> None:
    """Its version is named, and what to do."""
    path = tmp_path / "model.skops"
    skops.io.dump({"format": "living-review model 1"}, path)
    with pytest.raises(
        ModelFileError, match=r"found 'living-review model 1'; .* train again from the ledger"
    ):
        load(path, _digest(path))


def test_a_model_of_another_method_is_refused(
    ranker: Ranker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under another version of the method the same file would bear another name, so that it is not used."""
    path = tmp_path / "model.skops"
    digest = save(ranker, path)
    monkeypatch.setattr(classifier.card, "METHOD", "rank-mean/0")
    with pytest.raises(ModelFileError, match="train again from the ledger"):
        load(path, digest)


def test_only_what_is_trusted_is_written(ranker: Ranker, tmp_path: Path) -> None:
    """A saved model holds no type beyond the fixed list, so that it can be read back."""
    path = tmp_path / "model.skops"
    save(ranker, path)
    assert set(skops.io.get_untrusted_types(file=path)) <= set(TRUSTED)


def test_an_unfitted_ranker_cannot_be_saved(tmp_path: Path) -> None:
    """There is nothing to save before `fit`."""
    with pytest.raises(NotFittedError):
        save(Ranker(), tmp_path / "model.skops")


def test_without_skops_the_extra_is_named(
    ranker: Ranker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the extra is missing the error says which one to install."""
    import sys

    monkeypatch.setitem(sys.modules, "skops", None)
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(ModelFileError, match="living-review\\[model-files\\]"):
        save(ranker, tmp_path / "model.skops")
