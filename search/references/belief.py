"""Whether a record is the document that a citation means: title, first author and year must all say so."""

from dataclasses import dataclass

from review.record import Record
from search.links.likeness import Titles, compare

__all__ = ["YEARS_APART", "Belief", "belief"]

YEARS_APART = 2
"""Labels, online and print dates of one document were seen up to two years apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """How far a citation and a record agree; None where one of the two does not say.

    Parameters
    ----------
    title
        Ratio of agreeing letters of the titles, 0 to 1.
    same_title
        Whether they are one title, or one with a slip in it; a number or a word such as *protocol* or
        *follow-up* that only one of them has is no slip.
    author
        Whether the first authors' surnames agree.
    years
        Years between them.
    """

    title: float
    same_title: bool
    author: bool | None
    years: int | None

    @property
    def believed(self) -> bool:
        """True where title, first author and year agree, all three; what is not said does not agree."""
        near = self.years is not None and self.years <= YEARS_APART
        return self.same_title and self.author is True and near

    @property
    def evidence(self) -> str:
        """One line for people."""
        author = {True: "same first author", False: "another first author", None: "first author not stated"}
        years = "year not stated" if self.years is None else f"{self.years} years apart"
        return f"titles agree to {self.title:.0%}, {author[self.author]}, {years}"


def belief(citation: Record, record: Record) -> Belief:
    """Return how far `record` is the document that `citation` means."""
    like = compare(citation, record)
    return Belief(
        title=like.closeness,
        same_title=like.titles is not Titles.OTHER,
        author=like.author,
        years=like.years,
    )
