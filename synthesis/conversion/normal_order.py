"""Mean and SD from five numbers, for data near normal: Wan 2014, Luo 2018, Shi 2020 in closed form."""

import numpy as np
from scipy.special import ndtri

from synthesis.arrays import Numbers
from synthesis.conversion.summaries import FULL, QUARTILES, RANGE, Summary

__all__ = ["luo_mean", "shi_sd", "wan_mean", "wan_sd"]

# Wan et al. 2014, Table 1: the expected range of n standard normal values, n = 1 to 50.
_RANGES = np.array([
    0.000, 1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.970, 3.078,
    3.173, 3.259, 3.336, 3.407, 3.472, 3.532, 3.588, 3.640, 3.689, 3.735,
    3.778, 3.819, 3.858, 3.895, 3.931, 3.964, 3.997, 4.027, 4.057, 4.086,
    4.113, 4.139, 4.165, 4.189, 4.213, 4.236, 4.259, 4.280, 4.301, 4.322,
    4.341, 4.361, 4.379, 4.398, 4.415, 4.433, 4.450, 4.466, 4.482, 4.498,
])  # fmt: skip
# Wan et al. 2014, Table 2: the expected interquartile range of n = 4Q + 1 such values, Q = 1 to 50.
_QUARTILES = np.array([
    0.990, 1.144, 1.206, 1.239, 1.260, 1.274, 1.284, 1.292, 1.298, 1.303,
    1.307, 1.311, 1.313, 1.316, 1.318, 1.320, 1.322, 1.323, 1.324, 1.326,
    1.327, 1.328, 1.329, 1.330, 1.330, 1.331, 1.332, 1.332, 1.333, 1.333,
    1.334, 1.334, 1.335, 1.335, 1.336, 1.336, 1.336, 1.337, 1.337, 1.337,
    1.338, 1.338, 1.338, 1.338, 1.339, 1.339, 1.339, 1.339, 1.339, 1.340,
])  # fmt: skip


def wan_mean(five: Summary) -> Numbers:
    """Return means by Wan et al. 2014: equations 2 (range), 14 (quartiles), 10 (both), shape (k,)."""
    low, q1, m, q3, high, n = five.minimum, five.q1, five.median, five.q3, five.maximum, five.n
    by_range = (low + 2 * m + high) / 4 + (low - 2 * m + high) / (4 * n)
    return _by_scenario(five, by_range, (q1 + m + q3) / 3, (low + 2 * q1 + 2 * m + 2 * q3 + high) / 8)


def luo_mean(five: Summary) -> Numbers:
    """Return means by Luo et al. 2018: equations 7 (range), 11 (quartiles), 15 (both), shape (k,)."""
    middle, quartile, n = (five.minimum + five.maximum) / 2, (five.q1 + five.q3) / 2, five.n
    share = 4 / (4 + n**0.75)
    inner = 0.7 + 0.39 / n
    ends, body = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    return _by_scenario(
        five,
        share * middle + (1 - share) * five.median,
        inner * quartile + (1 - inner) * five.median,
        ends * middle + body * quartile + (1 - ends - body) * five.median,
    )


def wan_sd(five: Summary) -> Numbers:
    """Return SDs by Wan et al. 2014: equations 7 and 9 (range), 15 and 16 (quartiles), 12 and 13 (both).

    As the paper, with its tables to n = 50 (range) and n = 201 (quartiles) and its formulas beyond.
    """
    by_range = (five.maximum - five.minimum) / _expected_range(five.n)
    by_quartiles = (five.q3 - five.q1) / _expected_quartiles(five.n)
    return _by_scenario(five, by_range, by_quartiles, (by_range + by_quartiles) / 2)


def shi_sd(five: Summary) -> Numbers:
    """Return SDs by Shi et al. 2020, equation 11, where both are printed, and `wan_sd` elsewhere."""
    n = five.n
    theta1 = (2 + 0.14 * n**0.6) * _range_z(n)
    theta2 = (2 + 2 / (0.07 * n**0.6)) * _quartile_z(n)
    both = (five.maximum - five.minimum) / theta1 + (five.q3 - five.q1) / theta2
    return np.asarray(np.where(five.scenario == FULL, both, wan_sd(five)))


def _by_scenario(five: Summary, by_range: Numbers, by_quartiles: Numbers, by_both: Numbers) -> Numbers:
    kind = five.scenario
    return np.asarray(
        np.select([kind == RANGE, kind == QUARTILES, kind == FULL], [by_range, by_quartiles, by_both])
    )


def _expected_range(n: Numbers) -> Numbers:
    return np.where(n > len(_RANGES), 2 * _range_z(n), _looked_up(_RANGES, np.floor(n)))


def _expected_quartiles(n: Numbers) -> Numbers:
    rank = np.ceil((n - 1) / 4)
    return np.where(rank > len(_QUARTILES), 2 * _quartile_z(n), _looked_up(_QUARTILES, rank))


def _looked_up(table: Numbers, rank: Numbers) -> Numbers:
    # Ranks above the table are read from the formula instead; NaN stays NaN there too.
    places = np.nan_to_num(np.clip(rank, 1, len(table)), nan=1).astype(np.intp) - 1
    return np.asarray(np.where(np.isnan(rank), np.nan, table[places]))


def _range_z(n: Numbers) -> Numbers:
    return np.asarray(ndtri((n - 0.375) / (n + 0.25)))


def _quartile_z(n: Numbers) -> Numbers:
    return np.asarray(ndtri((0.75 * n - 0.125) / (n + 0.25)))
