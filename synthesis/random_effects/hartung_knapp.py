"""When Hartung and Knapp's interval is to be trusted as it is: IQWiG's rule."""

from dataclasses import replace

from synthesis.arrays import Studies
from synthesis.random_effects.fitting import Fit, Plan, Test, fit

__all__ = ["iqwig6_test"]


def iqwig6_test(studies: Studies, plan: Plan) -> Test:
    """Return ``knha``, or ``adhoc`` where its interval would be narrower than DerSimonian and Laird's.

    IQWiG, General Methods 6.0 (2020): Hartung & Knapp's interval, whose variance is corrected (its factor
    not below 1, Knapp & Hartung 2003) only if it is narrower than the classic one by DerSimonian & Laird.

    Parameters
    ----------
    studies
        Effects and variances.
    plan
        How to pool; its test does not matter.
    """
    as_it_is = fit(studies, replace(plan, test="knha"))
    classic = fit(replace(studies, weights=None), Plan(method="DL", level=plan.level))
    return "adhoc" if _width(as_it_is) < _width(classic) else "knha"


def _width(one: Fit) -> float:
    return one.ci_ub - one.ci_lb
