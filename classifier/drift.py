"""Whether new records look like those a model knew. The rules are stated here once, for every review.

- Five things are looked at each cycle, so a *look* asks for p < 0.01: one false call in some twenty cycles.
- It also asks for a difference that concerns at least a tenth of the records: with thousands of records
  anything is significant.
- Below 20 records on a side nothing is said: a Kolmogorov-Smirnov test would see only what moves a third.
- The promise is withdrawn only where what it rests on is seen to fail: more of the relevant stood below the
  line than it allows, or more records than it may miss hold no word that the model knows. Both by exact
  one-sided 95% bounds. Scores, words and abstracts that moved are a reason to look, not proof.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation.intervals import share_interval
from review.drift import DriftCheck, Level
from review.record import Record
from review.wording import agreeing, counted

__all__ = [
    "FEW",
    "Outcomes",
    "abstracts_check",
    "flagged_check",
    "recall_check",
    "scores_check",
    "words_check",
]

FEW = 20
"""Records on a side below which no difference is looked for."""

P = 0.01
"""Two-sided p below which a difference is a reason to look, if it is also `LARGE`."""

LARGE = 0.1
"""Share of the records that a difference must concern."""

LEVEL = 0.95

_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What people found since among reports that a model had flagged, and among those that it had not."""

    flagged: int
    flagged_relevant: int
    others: int
    others_relevant: int


def scores_check(new: Sequence[float], earlier: Sequence[float]) -> DriftCheck:
    """Compare the scores that new reports got when first ranked with those of earlier batches.

    Two-sample Kolmogorov-Smirnov test, asymptotic p. A score is a share of a reference fixed at training, so
    batches of several models can be compared, but a difference may come from the model as well.

    Parameters
    ----------
    new, earlier
        Scores from 0 to 1, in any order.
    """
    if min(len(new), len(earlier)) < FEW:
        return _too_few("scores", len(new), len(earlier))
    distance, p = _ks(np.asarray(new), np.asarray(earlier))
    now, before = float(np.median(new)), float(np.median(earlier))
    return DriftCheck(
        name="scores",
        level=_look(p, distance),
        n=len(new),
        sentence=(
            f"The middle score of {len(new)} new reports is {now:.2f}, of {len(earlier)} before them "
            f"{before:.2f} (largest difference of shares {distance:.2f}, p = {p:.3f})."
        ),
        value=now,
        before=before,
        p=p,
    )


def words_check(new: Sequence[Record], known: Sequence[Record], asked: float) -> DriftCheck:
    """Compare the share of unknown words: of new records against all known, of each known against the others.

    Parameters
    ----------
    known
        What the model learned from.
    asked
        The recall promised: withdrawn where surely more than 1 - `asked` of the new hold no known word.
    """
    if min(len(new), len(known)) < FEW:
        return _too_few("words", len(new), len(known))
    read = [_words(one) for one in known]
    frequency = Counter(word for words in read for word in words)
    now = np.array([_share(words, frequency, 0) for words in map(_words, new)])
    before = np.array([_share(words, frequency, 1) for words in read])
    distance, p = _ks(now, before)
    unreadable = int((now == 1).sum())
    surely = _surely_above(unreadable, len(new), 1 - asked)
    blank = f" Without any word that the model knows: {unreadable}." if unreadable else ""
    return DriftCheck(
        name="words",
        level=Level.WITHDRAWN if surely else _look(p, distance),
        n=len(new),
        sentence=(
            f"{_percent(now.mean())} of the words of {len(new)} new reports are unknown to the model, "
            f"{_percent(before.mean())} of those of a report it knows are to the others (p = {p:.3f}).{blank}"
        ),
        value=float(now.mean()),
        before=float(before.mean()),
        p=p,
    )


def abstracts_check(new: Sequence[Record], earlier: Sequence[Record]) -> DriftCheck:
    """Compare the share of records without an abstract (or index of words); Fisher's exact test."""
    if min(len(new), len(earlier)) < FEW:
        return _too_few("abstracts", len(new), len(earlier))
    from scipy.stats import fisher_exact  # noqa: PLC0415 - half a second that importing this need not cost

    now, before = (sum(not _body(one).strip() for one in side) for side in (new, earlier))
    p = float(fisher_exact(np.array([[now, len(new) - now], [before, len(earlier) - before]])).pvalue)
    share, share_before = now / len(new), before / len(earlier)
    low, high = share_interval(now, len(new))
    return DriftCheck(
        name="abstracts",
        level=_look(p, abs(share - share_before)),
        n=len(new),
        sentence=(
            f"{now} of {len(new)} new reports {agreeing(now, 'has', 'have')} no abstract "
            f"({_percent(low)} to {_percent(high)}), {before} of {len(earlier)} before them (p = {p:.3f})."
        ),
        value=share,
        before=share_before,
        low=low,
        high=high,
        p=p,
    )


def flagged_check(found: Outcomes) -> DriftCheck:
    """Tell how many of the flagged people found relevant: with exact interval, beside those not flagged."""
    if found.flagged < FEW:
        sentence = (
            f"Decided: {counted(found.flagged, 'flagged report')}, too few to tell what they are worth."
        )
        return DriftCheck(name="flagged", level=Level.TOO_FEW, n=found.flagged, sentence=sentence)
    share = found.flagged_relevant / found.flagged
    other = found.others_relevant / found.others if found.others else None
    low, high = share_interval(found.flagged_relevant, found.flagged)
    no_richer = bool(found.others_relevant) and other is not None and share <= other
    beside = f", {found.others_relevant} of {found.others} not flagged" if found.others else ""
    return DriftCheck(
        name="flagged",
        level=Level.LOOK if no_richer and found.others >= FEW else Level.FINE,
        n=found.flagged,
        sentence=(
            f"{found.flagged_relevant} of {found.flagged} flagged reports that were decided "
            f"{agreeing(found.flagged_relevant, 'is', 'are')} relevant "
            f"({_percent(low)} to {_percent(high)}){beside}."
        ),
        value=share,
        before=other,
        low=low,
        high=high,
    )


def recall_check(found: Outcomes, asked: float) -> DriftCheck:
    """Tell how many of the relevant reports a promised line had flagged when it first saw them.

    Parameters
    ----------
    found
        Of promised models only. What is set aside and unread is not in it: the audit bounds that.
    asked
        The recall promised.
    """
    n, missed = found.flagged_relevant + found.others_relevant, found.others_relevant
    if not missed and n < ceil(1 / (1 - asked) - 1e-9):
        sentence = f"Decided since a promise: {counted(n, 'relevant report')}, too few to hold it to."
        return DriftCheck(name="recall", level=Level.TOO_FEW, n=n, sentence=sentence)
    share = found.flagged_relevant / n
    low, high = share_interval(found.flagged_relevant, n)
    worse = Level.WITHDRAWN if _surely_above(missed, n, 1 - asked) else Level.LOOK
    return DriftCheck(
        name="recall",
        level=worse if share < asked else Level.FINE,
        n=n,
        sentence=(
            f"{found.flagged_relevant} of {counted(n, 'relevant report')} decided since a promise of "
            f"{asked:.4g} was given had been flagged ({_percent(low)} to {_percent(high)})."
        ),
        value=share,
        before=asked,
        low=low,
        high=high,
    )


def _too_few(name: str, new: int, before: int) -> DriftCheck:
    against = f"{counted(new, 'new report')} against {before:,} before them"
    sentence = f"{against}: too few to tell ({FEW} of each are needed)."
    return DriftCheck(name=name, level=Level.TOO_FEW, n=new, sentence=sentence)


def _look(p: float, difference: float) -> Level:
    return Level.LOOK if p < P and difference >= LARGE else Level.FINE


def _ks(new: NDArray[np.float64], before: NDArray[np.float64]) -> tuple[float, float]:
    from scipy.stats import ks_2samp  # noqa: PLC0415 - half a second that importing this need not cost

    found = ks_2samp(new, before, method="asymp")
    return float(found.statistic), float(found.pvalue)


def _surely_above(hits: int, n: int, share: float) -> bool:
    """Return whether the exact lower bound on a share lies above another (Clopper & Pearson 1934)."""
    from scipy.stats import binom  # noqa: PLC0415 - half a second that importing this need not cost

    return bool(hits) and float(binom.sf(hits - 1, n, share)) < 1 - LEVEL


def _words(record: Record) -> frozenset[str]:
    return frozenset(_WORD.findall(f"{record.title} {_body(record)}".casefold()))


def _body(record: Record) -> str:
    return " ".join(record.keywords) if record.index_only else record.abstract


def _share(words: Iterable[str], frequency: Counter[str], own: int) -> float:
    """Return the share of words that no other record has; 1 where there is no word to know."""
    unknown = [frequency[word] <= own for word in words]
    return sum(unknown) / len(unknown) if unknown else 1.0


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
