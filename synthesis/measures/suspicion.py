"""Input that looks wrong, in sentences that name the study; nothing is changed because of it.

Every rule is meant to be quiet on honest data: a false alarm costs a look at the report, a hundred of them
cost the reader's trust.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthesis.arrays import Flags, Numbers
from synthesis.measures.remarks import listed, zero_cells

__all__ = ["LARGE_SMD", "Reported", "suspicions"]

# Of the SMDs of treatments in Cochrane reviews hardly one is beyond 3; metafor 5 warns in the same way.
LARGE_SMD = 3.0
# An SD has to be this much below its scale's others before it is looked at.
_SMALL = 3.0
# Two numbers of a small study can be those of another by chance; four can hardly.
_MANY = 4
# More of one kind are told in one sentence.
_LISTED = 20

_NO_RATIO = ("RR", "OR", "PETO", "IRR")
_WHY = {
    "SMD": "its groups are too small for a standard deviation",
    "SMDH": "its groups are too small for a standard deviation",
    "RD": "its groups are too small, or empty, for this variance",
    "ROM": "a ratio needs two means of one sign, neither of them 0",
    "ZCOR": "it needs more than 3 people and a correlation below 1 in size",
}
_WHY_COUNTS = "a cell of its table is 0 and nothing was added to it, or it was dropped"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reported:
    """What the studies reported and what came of it: checked arrays of shape (k,) and labels.

    Parameters
    ----------
    named
        Whether the labels were given, not counted.
    instrument
        Scale of each study, if told.
    scores
        ``final`` or ``change`` of each study, if told.
    """

    measure: str
    data: Mapping[str, Numbers]
    yi: Numbers
    vi: Numbers
    slab: tuple[str, ...]
    named: bool = False
    instrument: Sequence[str] | None = None
    scores: Sequence[str] | None = None

    def complete(self) -> Flags:
        """Return which studies miss no number."""
        return np.asarray(~np.isnan(np.array(list(self.data.values())).sum(axis=0)))


def suspicions(reported: Reported) -> tuple[str, ...]:
    """Return all that looks wrong, rule after rule.

    Parameters
    ----------
    reported
        Input and effects of k studies.
    """
    return tuple(sentence for rule in _RULES for sentence in rule(reported))


def _same_label(reported: Reported) -> list[str]:
    if not reported.named:
        return []
    counts = Counter(label.strip().casefold() for label in reported.slab)
    first = {label.strip().casefold(): label for label in reversed(reported.slab)}
    return [
        f"{first[key]}: {count} rows have this label: one study twice, or parts of one that share people?"
        for key, count in counts.items()
        if count > 1
    ]


def _same_numbers(reported: Reported) -> list[str]:
    """Two rows with the same four or more numbers: one study entered twice, or two reports of it."""
    if len(reported.data) < _MANY or len(reported.slab) < 2:
        return []
    places = np.flatnonzero(reported.complete() & _telling(reported))
    rows = np.array(list(reported.data.values())).T[places]
    # Sorting whole rows is slow: only those whose weighted sums occur twice can be the same.
    sums = rows @ np.sqrt(np.arange(2.0, 2.0 + rows.shape[1]))
    _, which, count = np.unique(sums, return_inverse=True, return_counts=True)
    alike = count[which] > 1
    _, kind, size = np.unique(rows[alike], axis=0, return_inverse=True, return_counts=True)
    groups = dict.fromkeys(kind.ravel()[size[kind.ravel()] > 1].tolist())
    named = [", ".join(reported.slab[i] for i in places[alike][kind.ravel() == one]) for one in groups]
    if len(named) > _LISTED:
        return [f"{len(named)} times studies share all their numbers, the first: {named[0]}: entered twice?"]
    return [f"{one}: all their numbers are the same: one study twice?" for one in named]


def _telling(reported: Reported) -> Flags:
    """Return which studies' numbers could hardly be another's: not two groups without events."""
    cells = zero_cells(reported.measure, reported.data)
    return np.ones(len(reported.slab), dtype=bool) if cells is None else ~cells[1]


def _no_events(reported: Reported) -> list[str]:
    cells = zero_cells(reported.measure, reported.data)
    if cells is None or reported.measure not in _NO_RATIO:
        return []
    silent = cells[1] & reported.complete() & ~np.isnan(reported.yi)
    if not silent.any():
        return []
    names = listed(reported.slab, silent)
    sentence = (
        f"{names}: no events, or nothing but events, in both groups, which says nothing about a ratio; "
        "what was added to the cells makes the effect (drop00 leaves such studies out)."
    )
    return [sentence]


def _no_effect(reported: Reported) -> list[str]:
    lacking = reported.complete() & np.isnan(reported.yi + reported.vi)
    why = _WHY.get(reported.measure, _WHY_COUNTS)
    return [f"{listed(reported.slab, lacking)}: no effect could be computed: {why}."] if lacking.any() else []


def _no_variance(reported: Reported) -> list[str]:
    flat = reported.vi <= 0
    return (
        [f"{listed(reported.slab, flat)}: a variance of 0 or less: it cannot be weighted."]
        if flat.any()
        else []
    )


def _zero_sd(reported: Reported) -> list[str]:
    if "sd1i" not in reported.data:
        return []
    flat = (reported.data["sd1i"] == 0) | (reported.data["sd2i"] == 0)
    return [f"{listed(reported.slab, flat)}: a standard deviation of 0 is hardly one."] if flat.any() else []


def _large_smd(reported: Reported) -> list[str]:
    """Mark SMDs beyond 3: their SDs may be standard errors, and the true SMD smaller by root n."""
    if reported.measure not in {"SMD", "SMDH"}:
        return []
    smaller = reported.yi / _root_n(reported)
    return [
        f"{reported.slab[i]}: an SMD of {reported.yi[i]:.2f} is larger than treatments bring about: are its "
        f"SDs standard errors? With them as such it would be about {smaller[i]:.2f}."
        for i in np.flatnonzero(np.abs(reported.yi) > LARGE_SMD)
    ]


def _small_sd(reported: Reported) -> list[str]:
    """Mark SDs far below those of their scale which root n would bring back among them.

    Compared are the logarithms of the studies' SDs (geometric mean of both groups) on one instrument, at
    least four: below a third of their median, below it by three times their median deviation, and within a
    third and three times of it after multiplication by root n. Where spread grows with the mean, as in counts
    of days, a small mean excuses a small SD: the ratio of both must also be below half its median.
    """
    scale = _scales(reported)
    if scale is None or "sd1i" not in reported.data:
        return []
    logs = (np.log(reported.data["sd1i"]) + np.log(reported.data["sd2i"])) / 2
    logs[np.isinf(logs)] = np.nan
    jump = np.log(_root_n(reported))
    means = (np.log(np.abs(reported.data["m1i"])) + np.log(np.abs(reported.data["m2i"]))) / 2
    sentences = []
    for one in dict.fromkeys(scale.tolist()):
        places = np.flatnonzero((scale == one) & ~np.isnan(logs))
        middle = float(np.median(logs[places])) if len(places) >= _MANY else np.nan
        sentences += [
            f"{reported.slab[i]}: its SD of about {np.exp(logs[i]):.3g} looks like a standard error: others "
            f"are about {np.exp(middle):.3g}, and times root n it would be {np.exp(logs[i] + jump[i]):.3g}."
            for i in places[
                _like_errors(logs[places] - middle, jump[places]) & _narrow(logs[places] - means[places])
            ]
        ]
    return sentences


def _scales(reported: Reported) -> NDArray[np.str_] | None:
    if reported.instrument is not None:
        return np.array(reported.instrument, dtype=np.str_)
    return np.full(len(reported.slab), "", dtype=np.str_) if reported.measure == "MD" else None


def _like_errors(above: Numbers, jump: Numbers) -> Flags:
    if not len(above) or np.isnan(above).any():
        return np.zeros(len(above), dtype=bool)
    usual = 1.4826 * float(np.median(np.abs(above)))
    far = max(np.log(_SMALL), 3 * usual)
    return np.asarray((-above > far) & (np.abs(above + jump) < min(far, np.log(_SMALL))))


def _narrow(log_variation: Numbers) -> Flags:
    """Mark coefficients of variation below half their median; NaN and infinite ones excuse nothing."""
    known = log_variation[np.isfinite(log_variation)]
    typical = float(np.median(known)) if len(known) else 0.0
    return np.asarray(~np.isfinite(log_variation) | (log_variation < typical - np.log(2)))


def _root_n(reported: Reported) -> Numbers:
    return np.asarray((reported.data["n1i"] * reported.data["n2i"]) ** 0.25)


def _mixed_scores(reported: Reported) -> list[str]:
    kinds = set(reported.scores or ())
    if reported.scores is None or len(kinds) < 2 or reported.measure not in {"SMD", "SMDH", "ROM"}:
        return []
    changed = listed(reported.slab, (one == "change" for one in reported.scores))
    sentence = (
        f"{changed}: change scores among final values. Their SDs measure different things, so that "
        f"{reported.measure}s of both should not be pooled (Cochrane Handbook 10.5.2)."
    )
    return [sentence]


def _mixed_instruments(reported: Reported) -> list[str]:
    kinds = list(dict.fromkeys(reported.instrument or ()))
    if reported.measure != "MD" or len(kinds) < 2:
        return []
    found = f"Mean differences on {len(kinds)} instruments ({', '.join(kinds)})"
    return [f"{found}: pool them only if their units are the same, or take SMD."]


_RULES: tuple[Callable[[Reported], list[str]], ...] = (
    _same_label,
    _same_numbers,
    _no_events,
    _no_effect,
    _no_variance,
    _zero_sd,
    _large_smd,
    _small_sd,
    _mixed_scores,
    _mixed_instruments,
)
