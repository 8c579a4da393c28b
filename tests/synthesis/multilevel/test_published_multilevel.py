"""Published multilevel and multivariate analyses, to the printed digits."""

import numpy as np
import pytest

from synthesis import multivariate, three_level
from tests.synthesis.oracle import files

# Berkey et al. 1998, table I: attachment level (AL) and probing depth (PD), their variances and covariance,
# and the year, of five trials of periodontal surgery.
BERKEY = [
    (-0.32, 0.47, 0.0077, 0.0075, 0.0030, 1983),
    (-0.60, 0.20, 0.0008, 0.0057, 0.0009, 1982),
    (-0.12, 0.40, 0.0014, 0.0021, 0.0007, 1979),
    (-0.31, 0.26, 0.0015, 0.0029, 0.0009, 1987),
    (-0.39, 0.56, 0.0304, 0.0148, 0.0072, 1988),
]


def test_berkey_and_others_1998_table_2():
    """Statistics in Medicine 17, p. 2545: two outcomes on the year, by maximum likelihood."""
    al, pd, v_al, v_pd, both, year = np.array(BERKEY).T
    v = np.zeros((10, 10))
    for i in range(5):
        v[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[v_al[i], both[i]], [both[i], v_pd[i]]]
    outcome = np.tile(["AL", "PD"], 5)
    first, years = (outcome == "AL").astype(float), np.repeat(year - 1983, 2)
    x = np.column_stack([first, 1 - first, first * years, (1 - first) * years])
    got = multivariate(
        np.column_stack([al, pd]).ravel(),
        v,
        np.repeat(range(5), 2),
        outcome,
        mods=x,
        intercept=False,
        method="ML",
    )
    assert got.beta == pytest.approx([-0.3351, 0.3479, -0.0108, 0.0010], abs=5e-5)
    assert got.se == pytest.approx([0.0787, 0.0520, 0.0243, 0.0154], abs=5e-5)
    covariance = got.rho[0] * np.sqrt(got.tau2.prod())
    assert [*got.tau2, covariance] == pytest.approx([0.0250, 0.0080, 0.0093], abs=6e-5)


@pytest.mark.parametrize(
    ("moderator", "beta", "se", "sigma2"),
    [
        (False, [0.1845], [0.0805], [0.0577, 0.0329]),
        (True, [None, 0.0051], [0.0805, 0.0085], [0.0565, 0.0329]),
    ],
)
def test_konstantopoulos_2011_table_5(shared_data, moderator, beta, se, sigma2):
    """Research Synthesis Methods 2, p. 71: schools in districts by ML (.183 there is a misprint)."""
    data = files()["mv.dat.konstantopoulos2011"]["data"]
    year = np.array(data["year"], dtype=float)
    mods = {"year": year - year.mean()} if moderator else None
    got = three_level(data["yi"], data["vi"], data["district"], data["school"], mods=mods, method="ML")
    known = [i for i, one in enumerate(beta) if one is not None]
    assert got.beta[known] == pytest.approx([beta[i] for i in known], abs=5e-5)
    assert got.se == pytest.approx(se, abs=5e-5)
    assert got.sigma2 == pytest.approx(sigma2, abs=5e-5)
