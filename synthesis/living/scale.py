"""On which scale pooled numbers stand, in words: a logarithm must not be read as a ratio."""

__all__ = ["on_log_scale"]

_LOGGED = frozenset({"RR", "OR"})


def on_log_scale(measure: str) -> str:
    """Return what a sentence adds behind numbers of this measure; nothing where they are as printed.

    Parameters
    ----------
    measure
        One of the protocol's measures; ratios are pooled as natural logarithms.
    """
    return " on the log scale" if measure in _LOGGED else ""
