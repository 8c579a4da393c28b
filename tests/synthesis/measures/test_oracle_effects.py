"""Effect sizes against metafor's escalc."""

import pytest

from synthesis import effect_sizes
from tests.synthesis.oracle import assert_close, effect_cases, parametrised

# metafor 3.8 takes `correct` and does not use it for SMD: its numbers are those of the corrected effect.
IGNORES_CORRECT = "SMD_correctF"


@parametrised(effect_cases)
def test_effect_sizes_agree_with_metafor(case):
    """Effects and variances agree with escalc to ten digits."""
    columns = case.effects["columns"].items()
    data = {name: [None if one == "NA" else one for one in case.data[column]] for name, column in columns}
    options = {} if case.id.endswith(IGNORES_CORRECT) else case.options
    got = effect_sizes(case.effects["measure"], **options, **data)
    assert_close(got.yi, case.expected["yi"], rtol=1e-10, atol=1e-14, what="yi")
    assert_close(got.vi, case.expected["vi"], rtol=1e-10, what="vi")


def test_uncorrected_smd_is_cohens_d():
    """Without the correction an SMD is the difference over the pooled SD, unlike in metafor 3.8."""
    got = effect_sizes("SMD", correct=False, m1i=[5], sd1i=[2], n1i=[10], m2i=[3], sd2i=[2], n2i=[10])
    assert got.yi[0] == pytest.approx(1.0)
