"""What a model cannot do, and what its figures do not say: sentences that follow from its training set."""

from collections.abc import Iterator

from classifier.calibration import Calibration
from classifier.grade import Grade
from classifier.members import has_near_misses
from classifier.text import has_body
from classifier.training import TrainingSet, year_of

__all__ = ["limits_of"]

_FEW = 20
"""With fewer included records WSS@95 rests on the rank of the last one of them."""


def limits_of(
    training: TrainingSet, *, held_out: bool, calibration: Calibration | None, moved: int
) -> tuple[str, ...]:
    """Return the limits, a sentence each.

    Parameters
    ----------
    held_out
        Whether anything could be held out.
    calibration
        None where there is no probability.
    moved
        How many of what waited were moved towards others.
    """
    return (
        *_of_the_figures(training, held_out=held_out),
        *_of_what_waits(len(training.waiting), moved),
        *_of_the_heads(training, calibration),
        *_of_time(training, held_out=held_out),
        *_of_the_texts(training),
    )


def _of_the_figures(training: TrainingSet, *, held_out: bool) -> Iterator[str]:
    counts = dict(training.counts())
    included, presumed = counts[Grade.INCLUDED], counts[Grade.PRESUMED_NEGATIVE]
    if not held_out:
        yield f"Nothing was measured: {included} included could not be held out."
        return
    if included < _FEW:
        yield f"{included} included: WSS@95 rests on the rank of the last of them."
    if presumed:
        yield (
            f"{_share(presumed, len(training.records))} were presumed, not judged, to be irrelevant: where "
            "they come from a wider search, the figures against them are kind."
        )
    yield (
        "Words and their rarity were learned from all records, the held-out ones among them; only the "
        "judgements were held out."
    )


def _of_what_waits(waiting: int, moved: int) -> Iterator[str]:
    if moved:
        yield (
            f"Words were learned from texts that waited as well, without a judgement; {moved} of {waiting} "
            "that waited were moved towards the ones most like them: their scores rest in part on other "
            "reports, and the reasons do not tell that part."
        )
    elif waiting:
        yield f"{waiting} waited: too few, or too short, for one to tell anything of another."


def _of_the_heads(training: TrainingSet, calibration: Calibration | None) -> Iterator[str]:
    if not has_near_misses(training):
        yield "No head for triage: that needs two records excluded at full text, and two others."
    yield _of_probabilities(training, calibration)


def _of_probabilities(training: TrainingSet, calibration: Calibration | None) -> str:
    if calibration is None:
        return "No probability: fewer than 10 included, or 10 others, could be held out."
    if calibration.years:
        return (
            f"Probabilities rest on what models of the years before said of {_listed(calibration.years)}, "
            f"and are meant at the share included then, {100 * calibration.prevalence:.1f}%; later it may be "
            "another. ECE and Brier are of probabilities held out at random, not of these."
        )
    included = dict(training.counts())[Grade.INCLUDED]
    return (
        f"Probabilities are meant at the training set's share of included, "
        f"{_share(included, len(training.records))}; among new ones it may be another."
    )


def _of_time(training: TrainingSet, *, held_out: bool) -> Iterator[str]:
    if held_out:
        yield "The figures were held out at random, not by time: they say nothing of how later years differ."
    undated = sum(year_of(record) is None for record in training.records)
    if undated:
        yield f"{_share(undated, len(training.records))} have no year."


def _of_the_texts(training: TrainingSet) -> Iterator[str]:
    records, n = training.records, len(training.records)
    bare = sum(not has_body(record) for record in records)
    if bare == n:
        yield "Nothing but titles was learned from."
    elif bare:
        yield f"{_share(bare, n)} have no abstract and were read by their title."
    indexed = sum(record.index_only for record in records)
    if indexed:
        yield f"{_share(indexed, n)} have an index of words instead of an abstract."
    named = [record.language for record in records if record.language]
    foreign = sum(not one.lower().startswith("en") for one in named)
    if foreign:
        yield f"{_share(foreign, len(named))} whose language is known are not in English."
    if len(named) < n:
        yield f"The language of {_share(n - len(named), n)} is not known."
    if twins := training.contradictions():
        yield f"{twins} records share their whole text with one of another judgement."


def _listed(years: tuple[int, ...]) -> str:
    *before, last = map(str, years)
    return f"{', '.join(before)} and {last}" if before else last


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} records ({100 * part / whole:.1f}%)"
