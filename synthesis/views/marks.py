"""What stands on every view: it is not the main analysis."""

__all__ = ["BAYES", "SEQUENTIAL"]

SEQUENTIAL = (
    "a sensitivity view; Cochrane Handbook 22 discourages formal sequential monitoring as the main analysis"
)
BAYES = "a sensitivity view; it rests on the stated priors, and is not the protocol's main analysis"
