"""Model files, for where a model has to travel: no file can run anything, and none is read unannounced.

Usually no file is needed: a model is trained again from the ledger, to the same bytes. A file holds numbers,
two kinds of estimators and texts, through skops, which builds only what it is told to trust; the list is
fixed here. Formats that can run code when read are refused before anything of them is read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from classifier.calibration import Calibration
from classifier.ensemble import Ensemble, OutOfFold
from classifier.explain import fit_explainer
from classifier.features import Features
from classifier.fitted_with import FittedWith
from classifier.labels import Label
from classifier.line import Line
from classifier.members import Head, Members, Settings
from classifier.ranker import Ranker
from classifier.reference import Reference
from classifier.standing import Scale, Standing
from classifier.training import TrainingSet, assemble
from classifier.vocabulary import Vocabulary
from review.ids import RecordId
from review.record import Record

__all__ = ["TRUSTED", "ModelFileError", "load", "save"]

TRUSTED = (
    "classifier.balanced_svm.BalancedSvm",
    "classifier.neighbours.Neighbours",
    "scipy.sparse._csr.csr_matrix",
)
"""What a file may hold beside numbers, arrays, text, lists and dictionaries."""

_FORMAT = "living-review model 2"
_ARCHIVE = b"PK\x03\x04"

_TRAINING: TypeAdapter[list[tuple[Record, Label, str]]] = TypeAdapter(list[tuple[Record, Label, str]])
_WAITING: TypeAdapter[list[Record]] = TypeAdapter(list[Record])


class ModelFileError(ValueError):
    """A model file that is not what it should be: the message says what was found and what to do."""


def save(ranker: Ranker, path: str | Path) -> str:
    """Write a fitted ranker to a file; return the SHA-256 of the file, which `load` asks for.

    Raises
    ------
    ModelFileError
        If skops is not installed.
    sklearn.exceptions.NotFittedError
        Before `fit`.
    """
    data: bytes = _skops().dumps(_state(ranker))
    Path(path).write_bytes(data)
    return sha256(data).hexdigest()


def load(path: str | Path, sha256_expected: str) -> Ranker:
    """Read a ranker from a file that `save` wrote.

    Parameters
    ----------
    sha256_expected
        What `save` returned, in hexadecimal; keep it apart from the file.

    Raises
    ------
    ModelFileError
        If the file has another SHA-256, is no archive of skops, holds a type that is not in `TRUSTED`, was
        written under other versions of the method or the libraries, or skops is not installed.
    """
    path = Path(path)
    data = path.read_bytes()
    found = sha256(data).hexdigest()
    if found != sha256_expected.lower():
        raise ModelFileError(
            f"{path}: found SHA-256 {found}; expected {sha256_expected}: "
            "get the file anew, or train again from the ledger"
        )
    if not data.startswith(_ARCHIVE):
        raise ModelFileError(
            f"{path}: found no archive of skops (it begins with {data[:4]!r}); expected a file that was "
            "written by classifier.files.save: other formats can run code, and are not read"
        )
    return _ranker(_read(path, data), path)


def _read(path: Path, data: bytes) -> Mapping[str, Any]:
    skops = _skops()
    try:
        untrusted = set(skops.get_untrusted_types(data=data)) - set(TRUSTED)
        state = None if untrusted else skops.loads(data, trusted=list(TRUSTED))
    except Exception as error:  # skops has no error of its own for what is not its own
        raise ModelFileError(
            f"{path}: found an archive that skops cannot read ({type(error).__name__}: {error}); "
            "expected a file that was written by classifier.files.save"
        ) from error
    if untrusted:
        raise ModelFileError(
            f"{path}: found the types {', '.join(sorted(untrusted))}; expected none but those that "
            "classifier.files trusts: do not use this file"
        )
    found = state.get("format") if isinstance(state, dict) else None
    if not isinstance(state, dict) or found != _FORMAT:
        raise ModelFileError(
            f"{path}: found {found!r}; expected '{_FORMAT}': the file is of another version, or no model; "
            "train again from the ledger"
        )
    return state


def _state(ranker: Ranker) -> dict[str, Any]:
    model, training, out = ranker.model_id_, ranker.training_, ranker.out_of_fold_
    rows = list(zip(training.records, training.labels, training.names, strict=True))
    ensemble, calibration = ranker.ensemble_, ranker.calibration_
    vocabulary = ensemble.features.vocabulary_
    return {
        "format": _FORMAT,
        "model": str(model),
        "seed": ranker.fitted_with_.seed,
        "recall": ranker.fitted_with_.recall,
        "settings": asdict(ranker.fitted_with_.settings),
        "training": json.dumps(_TRAINING.dump_python(rows, mode="json")),
        "waiting": json.dumps(_WAITING.dump_python(list(training.waiting), mode="json")),
        "towards": dict(ensemble.towards),
        "vocabulary": {"codes": vocabulary.codes, "columns": vocabulary.columns, "idf": vocabulary.idf},
        "members": dict(ensemble.members.named),
        "standings": {str(head): asdict(one) for head, one in ensemble.standings.items()},
        "folds": None if out is None else out.folds,
        "out_of_fold": None if out is None else {str(head): one for head, one in out.by_head.items()},
        "calibration": None if calibration is None else asdict(calibration),
        "line": asdict(ranker.line_),
    }


def _ranker(state: Mapping[str, Any], path: Path) -> Ranker:
    settings = None if state["settings"] is None else Settings(**state["settings"])
    ranker = Ranker(seed=state["seed"], recall=state["recall"], settings=settings)
    ranker.fitted_with_ = FittedWith(
        seed=state["seed"], recall=state["recall"], settings=settings or Settings()
    )
    training = _training(state["training"], state["waiting"])
    ranker.training_ = training
    ranker.ensemble_ = Ensemble(
        features=Features(Vocabulary(**state["vocabulary"]), training),
        members=Members(state["members"]),
        standings={Head(head): _standing(one) for head, one in state["standings"].items()},
        towards={RecordId(one): mean for one, mean in state["towards"].items()},
        share=ranker.fitted_with_.settings.share,
    )
    ranker.out_of_fold_ = _out_of_fold(state)
    ranker.calibration_ = None if state["calibration"] is None else Calibration(**state["calibration"])
    ranker.line_ = Line(**state["line"])
    ranker.explainer_ = fit_explainer(training, ranker.ensemble_)
    if ranker.model_id_ != state["model"]:
        raise ModelFileError(
            f"{path}: found model {state['model']}, which would be {ranker.model_id_} under the method and "
            "libraries of this installation; expected the same: train again from the ledger"
        )
    return ranker


def _training(judged: str, waiting: str) -> TrainingSet:
    rows = _TRAINING.validate_python(json.loads(judged))
    return assemble(
        [row[0] for row in rows],
        [row[1] for row in rows],
        names=[row[2] for row in rows],
        waiting=_WAITING.validate_python(json.loads(waiting)),
    )


def _out_of_fold(state: Mapping[str, Any]) -> OutOfFold | None:
    if state["out_of_fold"] is None:
        return None
    return OutOfFold({Head(head): one for head, one in state["out_of_fold"].items()}, state["folds"])


def _standing(state: Mapping[str, Any]) -> Standing:
    return Standing(**{**state, "bodies": _scale(state["bodies"]), "titles": _scale(state["titles"])})


def _scale(state: Mapping[str, Any]) -> Scale:
    members = tuple(Reference(**one) for one in state["members"])
    return Scale(members=members, voices=state["voices"], mean=Reference(**state["mean"]))


def _skops() -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        import skops.io  # noqa: PLC0415 - an extra: who needs no file need not have it
    except ImportError as error:
        raise ModelFileError(
            "model files need skops, which is not installed; expected the extra model-files: "
            "pip install 'living-review[model-files]'"
        ) from error
    return skops.io
