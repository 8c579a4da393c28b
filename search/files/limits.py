"""How much of a file is ever read: a limit on what is handed in, and two on what comes out of it unpacked."""

from dataclasses import dataclass

__all__ = ["DEFAULT", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may weigh.

    Parameters
    ----------
    handed_in
        Bytes of the file as it is.
    unpacked
        Bytes that it may hold, where it is packed.
    ratio
        How many times its own size it may hold: text seldom reaches 20, what is made to do harm 1,000.
    """

    handed_in: int = 50_000_000
    unpacked: int = 200_000_000
    ratio: int = 100


DEFAULT = Limits()
