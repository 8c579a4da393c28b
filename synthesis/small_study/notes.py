"""What has to be said beside any test for small-study effects."""

__all__ = ["FEW", "cautions"]

# Cochrane Handbook 6.5, section 13.3.5.4; Sterne et al. 2011, recommendation 1.
FEW = 10

_UNGUIDED = (
    "For risk ratios and risk differences there is no firm guidance on such tests (Sterne et al. 2011)"
)
_BY_MEASURE = {
    "SMD": (
        "A standardised mean difference is correlated with its own standard error by construction: the test "
        "rejects too often; prefer sample sizes as predictor (Pustejovsky & Rodgers 2019)"
    ),
    "OR": (
        "A log odds ratio is correlated with its own standard error: the test rejects too often where "
        "effects are large; prefer Harbord's or Peters' test (Sterne et al. 2011)"
    ),
    "RR": _UNGUIDED,
    "RD": _UNGUIDED,
}
_BY_MEASURE["SMDH"] = _BY_MEASURE["SMD"]


def cautions(k: int, measure: str | None = None) -> tuple[str, ...]:
    """Return the cautions that belong to a test on k studies.

    Parameters
    ----------
    k
        Number of studies.
    measure
        metafor's letters of the effect, where the test relates effects to their own standard errors.
    """
    few = (
        f"k = {k}: with fewer than {FEW} studies such tests have too little power to tell chance from "
        "asymmetry (Cochrane Handbook 13.3.5.4; Sterne et al. 2011)"
    )
    about = _BY_MEASURE.get(measure or "")
    return (*([few] if k < FEW else []), *([about] if about else []))
