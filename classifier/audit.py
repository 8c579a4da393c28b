"""What a random sample of the records set aside says of the relevant ones among them: exact bounds."""

from classifier.truth import checked_count

__all__ = ["clopper_pearson_upper", "missed_at_most"]


def clopper_pearson_upper(relevant: int, sampled: int, *, level: float = 0.95) -> float:
    """Return the exact one-sided upper bound on the share of relevant records.

    Clopper & Pearson 1934, in the form of the beta quantile: B(level; x + 1, n - x).

    Parameters
    ----------
    relevant
        How many of the sample people found relevant.
    sampled
        How many were read; 0 says nothing and bounds nothing.
    level
        One-sided confidence, between 0 and 1.

    Returns
    -------
    float
        Between 0 and 1; at least `level` of such samples give a bound above the true share.

    Raises
    ------
    ValueError
        If the counts contradict each other or `level` is out of range.
    """
    from scipy.stats import beta  # noqa: PLC0415 - half a second, which only a review that audits pays

    _check(relevant, sampled, level)
    if relevant == sampled:
        return 1.0
    return float(beta.ppf(level, relevant + 1, sampled - relevant))


def missed_at_most(relevant: int, sampled: int, set_aside: int, *, level: float = 0.95) -> int:
    """Return the exact upper bound on the number of relevant records among those set aside.

    The largest M for which a sample without replacement would show `relevant` or fewer with a probability
    above 1 - level (hypergeometric counterpart of Clopper-Pearson; Buonaccorsi 1987). It counts those that
    the sample found.

    Parameters
    ----------
    relevant, sampled
        As for `clopper_pearson_upper`.
    set_aside
        How many records the sample was drawn from.
    level
        One-sided confidence, between 0 and 1.

    Returns
    -------
    int
        Between `relevant` and `set_aside` - `sampled` + `relevant`.

    Raises
    ------
    ValueError
        If the counts contradict each other or `level` is out of range.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - half a second, which only a review that audits pays

    _check(relevant, sampled, level)
    checked_count(set_aside, where="audit", what="set aside")
    if set_aside < sampled:
        raise ValueError(
            f"audit: found {sampled} sampled of {set_aside} set aside; expected no more than were set aside"
        )
    low, high = relevant, set_aside - sampled + relevant
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(relevant, set_aside, middle, sampled) > 1 - level:
            low = middle
        else:
            high = middle - 1
    return low


def _check(relevant: int, sampled: int, level: float) -> None:
    checked_count(relevant, where="audit", what="relevant")
    checked_count(sampled, where="audit", what="sampled")
    if not 0 <= relevant <= sampled:
        raise ValueError(
            f"audit: found {relevant} relevant of {sampled} sampled; expected 0 <= relevant <= sampled"
        )
    if not 0 < level < 1:
        raise ValueError(f"audit: found level={level}; expected a number between 0 and 1, such as 0.95")
