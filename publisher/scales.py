"""Effect measures as a reader meets them: names, back-transformation, and which side favours whom."""

import math
from dataclasses import dataclass

from publisher.snapshot import Material, Snapshot
from review.effect import Better
from review.result import Synthesis
from review.studies import usable_estimates

__all__ = ["INTERVALS", "METHODS", "Scale", "scale_of"]

_NAMES = {
    "SMD": "Standardised mean difference",
    "MD": "Mean difference",
    "RR": "Risk ratio",
    "OR": "Odds ratio",
    "RD": "Risk difference",
}
_RATIOS = {"RR", "OR"}

INTERVALS = {
    "knha": "Hartung-Knapp",
    "z": "normal (z)",
    "adhoc": "ad hoc Hartung-Knapp",
    "CR0": "robust, CR0",
    "CR1": "robust, CR1",
    "CR2": "robust, CR2",
}
"""What a confidence interval rests on, in words."""

METHODS = {
    "REML": "restricted maximum likelihood",
    "DL": "DerSimonian-Laird",
    "PM": "Paule-Mandel",
    "ML": "maximum likelihood",
    "EB": "empirical Bayes",
    "HE": "Hedges",
    "HS": "Hunter-Schmidt",
    "SJ": "Sidik-Jonkman",
    "PMM": "Paule-Mandel, median unbiased",
    "HSk": "Hunter-Schmidt, corrected for few studies",
    "EE": "common effect, no variance between studies",
    "MH": "Mantel-Haenszel, common effect",
    "PETO": "Peto, common effect",
}
"""Estimators of the between-study variance, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How the numbers of one analysis are shown.

    Parameters
    ----------
    ratio
        True where numbers are pooled as logs and shown as ratios on a logarithmic axis.
    better
        Which way of the shown number is good for the patient.
    """

    measure: str
    better: Better
    ratio: bool

    @property
    def name(self) -> str:
        """The measure in words."""
        return _NAMES.get(self.measure, self.measure)

    @property
    def null(self) -> float:
        """Where neither side is favoured, on the shown scale."""
        return 1.0 if self.ratio else 0.0

    @property
    def left(self) -> str:
        """Whom smaller numbers favour."""
        return "favours comparator" if self.better is Better.HIGHER else "favours intervention"

    @property
    def right(self) -> str:
        """Whom larger numbers favour."""
        return "favours intervention" if self.better is Better.HIGHER else "favours comparator"

    @property
    def direction(self) -> str:
        """One clause for the answer."""
        side = "above" if self.better is Better.HIGHER else "below"
        return f"values {side} {self.null:.0f} favour the intervention"

    def shown(self, value: float) -> float:
        """Return a pooled-scale value on the shown scale."""
        return math.exp(value) if self.ratio else value

    def maybe(self, value: float | None) -> float | None:
        """Return the same for a value that may be absent."""
        return None if value is None else self.shown(value)


def scale_of(snapshot: Snapshot | Material, synthesis: Synthesis) -> Scale:
    """Return the scale of a synthesis.

    Differences lie the way the protocol's sign rule turns them. Ratios are never turned: there the estimates
    themselves say which way is good, and the outcome does where they disagree.
    """
    ratio = synthesis.measure in _RATIOS
    outcome = snapshot.protocol.find_outcome(synthesis.key.outcome).better
    if not ratio:
        turned = snapshot.protocol.synthesis.sign == "positive = benefit"
        return Scale(measure=synthesis.measure, better=Better.HIGHER if turned else outcome, ratio=False)
    said = {
        one.estimate.better
        for one in usable_estimates(snapshot.ledger, snapshot.protocol)
        if one.estimate.key == synthesis.key
    }
    return Scale(measure=synthesis.measure, better=said.pop() if len(said) == 1 else outcome, ratio=True)
