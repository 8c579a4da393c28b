"""What a site says of itself on each page: whose numbers these are, and what they are not."""

from dataclasses import dataclass

__all__ = ["SiteLabels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLabels:
    """Words that the caller lays over every page.

    Parameters
    ----------
    title
        Of a replay: what the pooled numbers are, and what they are not; empty for a review in earnest.
    disclaimer
        A sentence under the title; the protocol's own disclaimer is printed beside it.
    strategy_note
        What a reader must know of the search strategy (whose translation it is).
    decimals
        Decimals of effect estimates, 0 to 6.

    Raises
    ------
    ValueError
        When `decimals` is out of range.
    """

    title: str = ""
    disclaimer: str = ""
    strategy_note: str = ""
    decimals: int = 3

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 6:
            raise ValueError(f"site labels: found decimals={self.decimals}; expected 0 to 6")
