"""Selection models against metafor's selmodel."""

from functools import partial

import numpy as np
import pytest

from synthesis.small_study.selection.model import SelectionModel, selection_model
from tests.synthesis.oracle import Case, assert_close, cases, files, parametrised

TOLERANCE = 1e-4
# metafor's defaults integrate to 1.2e-4 relative: these fits stopped short of the maximum, and the finite
# differences of its Hessian carry that noise. Estimates, and standard errors, to this many of the latter.
COARSE = {
    "selmodel.dat.hackshaw1998:gen/selmodel/halfnorm": (1e-3, 0.07),
    "selmodel.dat.hackshaw1998:gen/selmodel/beta": (2e-4, 0.01),
    # tau2 is 0 there; metafor's differences step across 0, where its likelihood is cut off.
    "dat.egger2001:RD/selmodel/4psm": (TOLERANCE, 0.01),
    # delta.1 is on its bound (1e-5), which metafor's search nears but does not reach.
    "selmodel.dat.raudenbush1985:gen/selmodel/beta": (5e-4, TOLERANCE),
}
# metafor 3.8-1 with control=list(optmethod="BFGS", reltol=1e-14, intCtrl=list(rel.tol=1e-8,
# subdivisions=2000, lower=-15, upper=15)), started near by: mu, tau2, deltas.
TIGHT = {
    "hackshaw1998": {
        "halfnorm": (0.1010122982, 0.0321159772, 2.029620135),
        "beta": (0.9378529577, 0.1018324348, 1.665571722, 1.131035869),
    },
    "bangertdrowns2004": {"beta": (0.6019298051, 0.3130413719, 1.335776207, 1.571383171)},
    "raudenbush1985": {"beta": (-0.4088891477, 0.007649260547, 2.986746433e-05, 2.454632217)},
}
FLAT = [(name, kind, numbers) for name, kinds in TIGHT.items() for kind, numbers in kinds.items()]


def fitted(case: Case) -> SelectionModel:
    """Fit a case's complete rows as its options say."""
    yi, vi, _ = case.complete()
    asked = case.options
    return selection_model(
        yi, vi, type=asked["type"], steps=asked.get("steps"), alternative=asked["alternative"]
    )


@parametrised(partial(cases, "selmodel"))
def test_selection_models_agree_with_metafor(case):
    """Estimates, on the scale of their standard errors, and standard errors, tests and likelihood agree."""
    got, want = fitted(case), case.expected
    estimates, errors = COARSE.get(case.id, (TOLERANCE, TOLERANCE))
    se = want["se"][0] or got.se
    assert_close(got.estimate, want["coef"], rtol=estimates, atol=estimates * se, what="estimate")
    assert_close(got.tau2, want["tau2"], rtol=estimates, atol=1e-7, what="tau2")
    assert_close(got.delta, want["delta"], rtol=estimates, atol=1e-5, what="delta")
    assert_close(got.ll, want["ll"], rtol=estimates, what="ll")
    assert_close(got.lrt, want["LRT"], rtol=estimates, what="lrt")
    assert_close(got.lrt_pval, want["LRTp"], rtol=5 * estimates, what="lrt_pval")
    assert got.lrt_df == want["LRTdf"]
    if want["se"] != [None]:
        assert_errors(got, want, errors)


def assert_errors(got: SelectionModel, want: dict, errors: float) -> None:
    """Compare standard errors and what follows from them; metafor's of tau2 means nothing where tau2 is 0."""
    assert_close(got.se, want["se"], rtol=errors, what="se")
    assert_close(got.se_delta, want["se_delta"], rtol=errors, what="se_delta")
    for ours, theirs in (("ci_lb", "ci_lb"), ("ci_ub", "ci_ub")):
        assert_close(getattr(got, ours), want[theirs], rtol=errors, atol=2 * errors * got.se, what=ours)
    assert_close(got.pval, want["pval"], rtol=10 * errors, what="pval")
    if got.tau2 > 0:
        assert_close(got.se_tau2, want["se_tau2"], rtol=2 * errors, what="se_tau2")


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(("name", "kind", "numbers"), FLAT, ids=[f"{one[0]}-{one[1]}" for one in FLAT])
def test_where_metafors_quadrature_is_coarse_its_finer_one_agrees(name, kind, numbers):
    """With tighter quadrature metafor comes to our maximum where its defaults did not."""
    gen = files()[f"selmodel.dat.{name}"]["effects"]["gen"]
    kept = [pair for pair in zip(gen["yi"], gen["vi"], strict=True) if None not in pair and "NA" not in pair]
    yi, vi = np.array(kept, dtype=float).T
    got = selection_model(yi, vi, type=kind)
    assert_close([got.estimate, got.tau2, *got.delta], numbers, rtol=TOLERANCE, atol=3e-5)
