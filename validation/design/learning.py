"""Weights for the rules of the design tag: a logistic regression drawn towards what was guessed by hand."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from classifier.design import MOST
from classifier.design_rules import START, rules, spoken
from review.record import Record

__all__ = ["PREVALENCE", "fit", "guessed", "logits", "table", "weighed"]

PREVALENCE = 0.2
"""The share of trials that a likelihood of 0.5 refers to."""

PULL = 10.0
"""How strongly a weight is drawn to the guess: as many logits squared as that many records can outweigh."""

_RECORDS = 2_000.0

Floats = NDArray[np.float64]


def table(records: list[Record]) -> Floats:
    """Return which rules hold for which record, shape (n, rules); the column of the start is all ones."""
    held = np.zeros((len(records), len(rules())))
    for row, record in enumerate(records):
        held[row, [one.rule for one in spoken(record)]] = 1
    held[:, _start()] = 1
    return held


def guessed() -> Floats:
    """Return the weights as guessed by hand, shape (rules,)."""
    return np.array([rule.by_hand for rule in rules()])


def logits(held: Floats, weights: Floats) -> Floats:
    """Return the log-odds of a text, as `classifier.design` makes them."""
    return _parts(held, weights)[0]


def weighed(labels: Floats, families: NDArray[np.str_]) -> Floats:
    """Make trials `PREVALENCE` of the whole weight, and a corpus count by the root of its size."""
    weights = np.zeros(len(labels))
    for trials, share in ((labels == 1, PREVALENCE), (labels < 1, 1 - PREVALENCE)):
        for family in np.unique(families[trials]):
            there = trials & (families == family)
            weights[there] = there.sum() ** -0.5
        weights[trials] *= share / weights[trials].sum()
    return weights * _RECORDS


def fit(held: Floats, labels: Floats, weights: Floats) -> Floats:
    """Return the weights of the rules that make the labels likeliest, near the guess and on its side of 0.

    Parameters
    ----------
    labels
        1, 0, a share between, or NaN for records to be left out.
    """
    known = ~np.isnan(labels)
    held, labels, weights = held[known], labels[known], weights[known]
    near = guessed()

    def loss(tried: Floats) -> tuple[float, Floats]:
        z, slope = _parts(held, tried)
        off = weights * (expit(z) - labels)
        gradient = np.where(_for(), held.T @ (off * slope), held.T @ off)
        away = np.where(_pulled(), tried - near, 0.0)
        value = float(weights @ (np.logaddexp(0, z) - labels * z) + PULL / 2 * away @ away)
        return value, gradient + PULL * away

    bounds = [(0, None) if side else (None, 0) for side in _for()]
    found: Floats = minimize(
        loss, near, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}
    ).x
    return found


def _parts(held: Floats, weights: Floats) -> tuple[Floats, Floats]:
    speaks_for = held[:, _for()] @ weights[_for()]
    slope = np.exp(-speaks_for / MOST)
    return MOST * (1 - slope) + held[:, ~_for()] @ weights[~_for()], slope


def _for() -> NDArray[np.bool_]:
    return np.array([rule.speaks_for for rule in rules()])


def _pulled() -> NDArray[np.bool_]:
    return np.array([rule.name != START for rule in rules()])


def _start() -> int:
    return next(number for number, rule in enumerate(rules()) if rule.name == START)
