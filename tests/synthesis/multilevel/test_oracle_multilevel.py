"""Multilevel and multivariate models, and cluster-robust tests, against metafor's rma.mv and clubSandwich."""

from functools import partial

import numpy as np

from synthesis.arrays import as_studies
from synthesis.multilevel.fitting import Multilevel
from synthesis.multilevel.multivariate import multivariate
from synthesis.multilevel.nested import nested
from synthesis.multilevel.robust import robust
from tests.synthesis.oracle import Case, assert_close, cases, parametrised

# nlminb was stopped at a relative change of the likelihood of 1e-10 to 1e-12, which leaves up to its root in
# the components: at metafor's answers the slope is not yet 0, at ours it is (see test_multilevel).
COMPONENTS, NUMBERS = 5e-6, 1e-6
# metafor's search is over the logarithm of a variance: 0 is out of its reach.
ALMOST_0 = 1e-8


def fitted(case: Case) -> Multilevel:
    """Fit a case's rows as its options say."""
    v = np.array(case.expected["V"], dtype=float) if "V" in case.expected else None
    inner, outer = (one.strip() for one in case.options["random"].removeprefix("~").split("|"))
    names = [outer, inner] if "struct" in case.options else outer.split("/")
    yi, vi, columns = case.complete(*names)
    options = {"method": case.options["method"]}
    if "struct" in case.options:
        return multivariate(yi, v, *columns, struct=case.options["struct"], **options)
    column = case.options.get("mods", "").removeprefix("~")
    mods = {column: case.complete(column)[2][0]} if column else None
    return nested(as_studies(yi, vi), dict(zip(names, columns, strict=True)), v=v, mods=mods, **options)


@parametrised(partial(cases, "rma.mv"))
def test_models_agree_with_metafor(case):
    """Coefficients, components, likelihood, tests and the shares of variance agree."""
    got, want = fitted(case), case.expected
    for ours, theirs in (("beta", "coef"), ("se", "se"), ("ll", "ll")):
        assert_close(getattr(got, ours), want[theirs], rtol=NUMBERS, what=ours)
    # A bound near 0 carries the error of its standard error.
    for bound in ("ci_lb", "ci_ub"):
        assert_close(getattr(got, bound), want[bound], rtol=NUMBERS, atol=2e-7, what=bound)
    assert_close(got.stat, want["stat"], rtol=NUMBERS, what="stat")
    # A p-value of 1e-34 multiplies a relative error of its statistic by 150.
    assert_close(np.log(got.pval), np.log(want["pval"]), rtol=NUMBERS, what="log pval")
    assert_close(np.log(got.qm_pval), np.log(want["QM_p"]), rtol=2 * COMPONENTS, what="log qm_pval")
    assert_close([got.qe, got.qe_pval], [want["QE"], want["QE_p"]], rtol=1e-8, what="qe")
    assert_close(got.qm, want["QM"], rtol=COMPONENTS, what="qm")
    if got.outcomes:
        assert_close([*got.tau2, *got.rho], [*want["tau2"], *want["rho"]], rtol=COMPONENTS, what="tau2, rho")
        return
    assert_close(got.sigma2, want["sigma2"], rtol=COMPONENTS, atol=ALMOST_0, what="sigma2")
    assert_close(got.i2, want["I2_total"], rtol=COMPONENTS, what="i2")
    assert_close(got.i2_levels, want["I2_levels"], rtol=COMPONENTS, atol=100 * 1e-7, what="i2_levels")


BASES = {case.id: case for case in cases("rma.mv")}


@parametrised(partial(cases, "robust"))
def test_robust_tests_agree_with_clubsandwich(case):
    """Standard errors, degrees of freedom, p-values and intervals agree for each correction."""
    base = BASES[f"{case.id.split(':')[0]}:{case.input['base_case']}"]
    got = robust(fitted(base), case.data[case.options["cluster"]], kind=case.options["type"])
    want = case.expected
    assert_close(got.beta, want["coef"], rtol=NUMBERS, what="beta")
    for name in ("se", "stat", "ci_lb", "ci_ub"):
        assert_close(getattr(got, name), want[name], rtol=NUMBERS, what=name)
    df = np.broadcast_to(np.array(want["df"], dtype=float), got.df.shape)
    assert_close(got.df, df, rtol=NUMBERS, what="df")
    assert_close(got.pval, want["pval"], rtol=NUMBERS, what="pval")
    assert got.clusters == want["n_clusters"]
