"""Rules for ending a catch-up screening. Each gives advice with its figures; nothing stops by itself.

None of them excludes anything: what is not read when people stop stays unread, and is counted so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classifier.truth import checked_count, checked_truth

__all__ = [
    "Advice",
    "Verdict",
    "combined",
    "hypergeometric_p",
    "irrelevant_in_a_row",
    "random_audit",
    "random_sample_p",
    "ranked_screening",
]

LEVEL = 0.95
"""One-sided confidence: a rule allows stopping at p < 0.05."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What one rule says.

    Parameters
    ----------
    p
        Of the hypothesis that the recall is below what is asked, where the rule tests it.
    recall_at_least
        Lower 95% bound on the recall reached, where the rule gives one.
    heuristic
        True where no error rate is known to hold.
    """

    rule: str
    may_stop: bool
    sentence: str
    p: float | None = None
    recall_at_least: float | None = None
    heuristic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules together say."""

    may_stop: bool
    sentence: str
    advice: tuple[Advice, ...]


def combined(advice: Sequence[Advice], *, when: str, screened: int, total: int) -> Verdict:
    """Return what several rules say together.

    Parameters
    ----------
    when
        "all": every rule must allow stopping; "any": one is enough. With "any" the chances to stop too early
        add up.
    screened, total
        How many reports people screened, of how many there were.
    """
    allowed = [one.may_stop for one in advice]
    may = bool(allowed) and (all(allowed) if when == "all" else any(allowed))
    said = "; ".join(f"rule {one.rule}: {one.sentence}" for one in advice)
    word = "may stop" if may else "may not stop"
    sentence = f"Screened {screened} of {total}: {word}, as advice only; {said}."
    return Verdict(may_stop=may, sentence=sentence, advice=tuple(advice))


def hypergeometric_p(relevant: ArrayLike, total: int, recall: float) -> float:
    """Return the p-value of "recall is below `recall`" from a ranked screening, as if its end were random.

    Callaghan & Müller-Hansen 2020 (Systematic Reviews 9:273), the ranked quasi-sampling version: for every i
    the last i records screened are taken as a random sample, without replacement, of themselves and all
    that is unread; K = floor(r / recall + 1 - r_before) is the least number of relevant records in that urn
    at which the recall would be too low, p_i = P(X <= k_i) for X hypergeometric, and the answer is the least.

    It assumes that a ranking brings relevant records forward, so that the records screened last are no
    poorer than the unread. It is not corrected for the choice of i nor for looking again and again.

    Parameters
    ----------
    relevant
        Shape (n,): whether each screened record was relevant, in the order of screening.
    total
        All records, screened or not.
    recall
        Asked for, between 0 and 1.

    Returns
    -------
    float
        Between 0 and 1; 1 where nothing was screened, 0 where the urn cannot hold so many.

    Raises
    ------
    ValueError
        If `total` is smaller than what was screened, `recall` out of range, or a label neither 0 nor 1.
    """
    labels = _labels(relevant, total, recall)
    if not len(labels):
        return 1.0
    in_sample = np.cumsum(labels[::-1])
    sizes = np.arange(1, len(labels) + 1)
    found, urns = int(labels.sum()), total - len(labels) + sizes
    least = _least_for_miss(found, recall) - (found - in_sample)
    if (least > urns).any():
        return 0.0
    # From one relevant record to the next p_i only falls: as many relevant in an ever larger sample, and the
    # unread as they were. The least is at the end of such a stretch.
    ends = np.append(np.flatnonzero(np.diff(in_sample)), len(labels) - 1)
    return float(_tail(in_sample[ends], urns[ends], least[ends], sizes[ends]).min())


def random_sample_p(found_before: int, relevant: int, sampled: int, unread: int, recall: float) -> float:
    """Return the p-value of "recall is below `recall`" from a random sample of what was unread.

    Callaghan & Müller-Hansen 2020, the random-sampling version: exact for a sample size fixed before.

    Parameters
    ----------
    found_before
        Relevant records known before the sample was drawn.
    relevant, sampled
        Of the sample, in whatever order it was read.
    unread
        How many records were unread when the sample was drawn, the sample among them.
    recall
        Asked for, between 0 and 1.
    """
    for count in (found_before, relevant, sampled, unread):
        checked_count(count, where="stopping", what="as a count")
    if not 0 <= relevant <= sampled <= unread or found_before < 0 or not 0 < recall < 1:
        raise ValueError(
            f"stopping: found {relevant} relevant of {sampled} sampled of {unread} unread, {found_before} "
            f"before, recall {recall}; expected counts that contain each other and a share between 0 and 1"
        )
    least = _least_for_miss(found_before + relevant, recall) - found_before
    counts = (np.array([one]) for one in (relevant, unread, least, sampled))
    return float(_tail(*counts)[0])


def ranked_screening(relevant: Sequence[bool], total: int, recall: float) -> Advice:
    """Return the advice of `hypergeometric_p`."""
    p = hypergeometric_p(relevant, total, recall)
    return Advice(
        rule="hypergeometric",
        may_stop=p < 1 - LEVEL,
        sentence=(
            f"p = {p:.3f} for a recall below {recall:.4g} ({sum(relevant)} relevant of {len(relevant)}, "
            "taking the end of the ranked order as a random sample, which is an assumption)"
        ),
        p=p,
    )


def random_audit(found: int, missed_at_most: int | None, read: int, uncovered: int, recall: float) -> Advice:
    """Return the advice of a random audit of what is unread.

    Parameters
    ----------
    found
        Relevant records known by now.
    missed_at_most
        The exact upper 95% bound on those not found among what the audit covers; None where nothing was read.
    read
        How many drawn records were read.
    uncovered
        Unread records that no draw which was read had in it: any of them may be relevant.
    recall
        Asked for.
    """
    if missed_at_most is None:
        return Advice(rule="audit", may_stop=False, sentence="no record that was drawn at random is read yet")
    missed = missed_at_most + uncovered
    low = found / (found + missed) if found + missed else 0.0
    beyond = f", {uncovered} unread ones were in no draw" if uncovered else ""
    return Advice(
        rule="audit",
        may_stop=low >= recall,
        sentence=(
            f"recall at least {low:.2f} with 95% confidence ({found} found; {read} drawn and read bound "
            f"those still missed at {missed_at_most}{beyond})"
        ),
        recall_at_least=low,
    )


def irrelevant_in_a_row(relevant: Sequence[bool], length: int) -> Advice:
    """Return the advice of the heuristic "so many irrelevant in a row".

    Raises
    ------
    ValueError
        If `length` is no whole number of 1 or more, or a label neither 0 nor 1.
    """
    if checked_count(length, where="stopping", what="irrelevant in a row asked for") < 1:
        raise ValueError(f"stopping: found {length} irrelevant in a row asked for; expected 1 or more")
    labels = checked_truth(relevant, where="stopping")
    hits = np.flatnonzero(labels)
    row = len(labels) - (int(hits[-1]) + 1 if len(hits) else 0)
    return Advice(
        rule="in a row",
        may_stop=bool(len(hits)) and row >= length,
        sentence=(
            f"{row} irrelevant in a row of {length} asked for, a heuristic: on labelled reviews 50 in a row "
            "stopped below a recall of 0.95 in 38% of orders, 200 in a row in 3%"
        ),
        heuristic=True,
    )


def _least_for_miss(found: int, recall: float) -> int:
    """Return the least number of relevant records, `found` among them, at which the recall is too low."""
    # As a fraction of what was written: 19 / 0.95 is a hair above 20 in binary.
    return floor(found / Fraction(str(recall)) + 1)


def _labels(relevant: ArrayLike, total: int, recall: float) -> NDArray[np.int_]:
    labels = checked_truth(relevant, where="stopping")
    checked_count(total, where="stopping", what="records in all")
    if total < len(labels) or not 0 < recall < 1:
        raise ValueError(
            f"stopping: found {len(labels)} screened of {total}, recall {recall}; expected at least as many "
            "in all and a share between 0 and 1"
        )
    return labels.astype(int)


def _tail(
    found: NDArray[np.int_], urn: NDArray[np.int_], relevant: NDArray[np.int_], drawn: NDArray[np.int_]
) -> NDArray[np.float64]:
    """Return P(X <= found); 0 where the urn cannot hold so many relevant records."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second, which only who asks for advice pays

    chance = hypergeom.cdf(found, urn, np.minimum(relevant, urn), drawn)
    return np.where(relevant > urn, 0.0, chance)
