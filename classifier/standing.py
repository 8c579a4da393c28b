"""How high a record stands with a head: what its members say, against what they said of the training set.

A member's score becomes a place among its reference scores (`classifier.reference`), the places are averaged,
each with its member's voice, and the mean becomes a place again: the score, from 0 to 1, is the share of the
training set that stood lower when it was held out. A record of which there is only the title is compared with
what the titles of the training set say, and gets what a record with such a title stood at once its abstract
was read: a missing abstract neither sinks nor lifts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from classifier.reference import Reference, reference_of

__all__ = ["HeldOut", "Standing", "fit_standing"]

# What remains of a title's own place, so that titles which are expected to stand alike keep their order.
_OWN = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What members that were not trained on it said of each record of the training set.

    Parameters
    ----------
    raw, raw_titles
        Shape (n, m): of the whole record, and of its title alone.
    bodied
        Shape (n,): where there is more than a title, and a word of it is known.
    titled
        Shape (n,): where a word of the title is known.
    """

    raw: NDArray[np.float64]
    raw_titles: NDArray[np.float64]
    bodied: NDArray[np.bool_]
    titled: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The references of the members, their voices, shape (m,) of sum 1, and the reference of their mean."""

    members: tuple[Reference, ...]
    voices: NDArray[np.float64]
    mean: Reference

    def place(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the place of the mean standing, shape (n,), for members' scores, shape (n, m)."""
        return self.mean.place(_mean_standing(raw, self.members, self.voices))

    def level(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean standing in its standard deviations, shape (n,); `raw` as of `place`."""
        return _mean_standing(raw, self.members, self.voices) / self.mean.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The two scales of a head, and what to expect of a title.

    Parameters
    ----------
    chosen
        Shape (m,): the members that speak for the head.
    titles_at, bodies_at
        Knots of the rising curve from a place among titles to the expected place among whole records.
    """

    chosen: NDArray[np.bool_]
    bodies: Scale
    titles: Scale
    titles_at: NDArray[np.float64]
    bodies_at: NDArray[np.float64]

    def scores(self, raw: NDArray[np.float64], bodied: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the scores, shape (n,), in (0, 1), of all members' scores, shape (n, m)."""
        spoken = raw[:, self.chosen]
        return np.where(bodied, self.bodies.place(spoken), self._expected(self.titles.place(spoken)))

    def _expected(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        expected = np.interp(places, self.titles_at, self.bodies_at)
        return (1 - _OWN) * expected + _OWN * places


def fit_standing(held_out: HeldOut, voices: NDArray[np.float64]) -> Standing:
    """Fit the scales of a head on what was held out.

    Where no record has a body, or none a title that is known, the other serves for both.

    Parameters
    ----------
    voices
        Shape (m,): what each member counts, 0 for one that does not speak for the head; not all 0.
    """
    chosen = voices > 0
    spoken = voices[chosen] / voices.sum()
    raw, raw_titles = held_out.raw[:, chosen], held_out.raw_titles[:, chosen]
    bodied = held_out.bodied if held_out.bodied.any() else np.ones(len(raw), dtype=bool)
    titled = held_out.titled if held_out.titled.any() else np.ones(len(raw), dtype=bool)
    bodies = _scale(raw[bodied], spoken)
    titles = _scale(raw_titles[titled] if held_out.titled.any() else raw, spoken)
    both = bodied & titled
    titles_at, bodies_at = _curve(titles.place(raw_titles[both]), bodies.place(raw[both]))
    return Standing(chosen=chosen, bodies=bodies, titles=titles, titles_at=titles_at, bodies_at=bodies_at)


def _scale(raw: NDArray[np.float64], voices: NDArray[np.float64]) -> Scale:
    members = tuple(reference_of(column) for column in raw.T)
    return Scale(members=members, voices=voices, mean=reference_of(_mean_standing(raw, members, voices)))


def _mean_standing(
    raw: NDArray[np.float64], members: Sequence[Reference], voices: NDArray[np.float64]
) -> NDArray[np.float64]:
    said = zip(members, voices, raw.T, strict=True)
    means: NDArray[np.float64] = np.sum([voice * one.standing(column) for one, voice, column in said], axis=0)
    return means


def _curve(
    titles: NDArray[np.float64], bodies: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(titles) < 2:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    fitted = IsotonicRegression(out_of_bounds="clip").fit(titles, bodies)
    return fitted.X_thresholds_, fitted.y_thresholds_
