"""Every variance type against numbers of metafor 3.8-1's escalc on made-up data.

R: escalc(measure, m1i=m1, sd1i=s1, n1i=n1, m2i=m2, sd2i=s2, n2i=n2, vtype=...), and for RD the counts below.
"""

import pytest

from synthesis import effect_sizes

MEANS = {
    "m1i": [12.1, 8.4, 30.2],
    "sd1i": [3.2, 2.9, 7.1],
    "n1i": [25, 40, 12],
    "m2i": [10.3, 8.9, 25.5],
    "sd2i": [2.8, 3.5, 9.9],
    "n2i": [22, 38, 15],
}
COUNTS = {"ai": [4, 0, 15], "n1i": [20, 30, 50], "ci": [9, 2, 12], "n2i": [22, 28, 49]}
VARIANCES = {
    ("ROM", "LS"): [0.00615669217117925, 0.00704952804377498, 0.0146544177907169],
    ("ROM", "HO"): [0.00639912158121716, 0.00705723399951086, 0.014942706793827],
    ("ROM", "AV"): [0.00942591479464216, 0.00562494671347034, 0.0160721077588141],
    ("ROM", "AVHO"): [0.00924310866057618, 0.00555052297786559, 0.0162246056276071],
    ("MD", "LS"): [0.765963636363636, 0.532618421052632, 10.7348333333333],
    ("MD", "UB"): [0.765963636363636, 0.532618421052632, 10.7348333333333],
    ("MD", "HO"): [0.779345454545455, 0.527499307479224, 11.5599],
    ("SMD", "LS"): [0.089108202177107, 0.0514686153840761, 0.154990742718613],
    ("SMD", "LS2"): [0.0862651725758297, 0.0504569365338728, 0.146022625229087],
    ("SMD", "UB"): [0.0894245931648011, 0.0514763283869393, 0.155793673358453],
    ("SMD", "AV"): [0.0858557151840611, 0.0515575199517257, 0.15069833249212],
    ("SMDH", "LS"): [0.0892894246455186, 0.0520421431811253, 0.152235701753483],
    ("RD", "LS"): [0.0189879789631856, 0.00322828810279864, 0.00797393773002745],
    ("RD", "UB"): [0.0199322686882496, 0.00334236529797721, 0.00813827571845065],
    ("RD", "AV"): [0.0159612683916907, 0.0112247363069053, 0.00678474854406031],
}


@pytest.mark.parametrize(("measure", "vtype"), VARIANCES)
def test_a_variance_type_agrees_with_metafor(measure, vtype):
    """Each variance type gives escalc's variances."""
    data = COUNTS if measure == "RD" else MEANS
    got = effect_sizes(measure, vtype=vtype, **data)
    assert got.vi == pytest.approx(VARIANCES[measure, vtype], rel=1e-10)


@pytest.mark.parametrize(("measure", "vtype"), [("RD", "AV"), ("ROM", "AV"), ("ROM", "AVHO"), ("SMD", "AV")])
def test_a_missing_study_leaves_the_average_alone(measure, vtype):
    """Variances that borrow from the other studies stay with a study that reports nothing beside them."""
    data = COUNTS if measure == "RD" else MEANS
    for lacking in ({"ai", "ci", "m1i", "m2i"}, {"n1i", "n2i"}):
        beside = {name: [*values, None if name in lacking else 20] for name, values in data.items()}
        got = effect_sizes(measure, vtype=vtype, **beside).vi
        assert got[:3] == pytest.approx(effect_sizes(measure, vtype=vtype, **data).vi, rel=1e-12)


def test_a_variance_type_that_depends_on_the_unit_is_refused():
    """LS2 of SMDH, which metafor 3.8 computes from SDs squared over SDs to the fourth, is not offered."""
    with pytest.raises(ValueError, match="vtype: found 'LS2'; expected one of LS for SMDH"):
        effect_sizes("SMDH", vtype="LS2", **MEANS)
