"""What a reader of a meta-regression should know before believing it."""

from synthesis.regression.design import INTERCEPT, Design

__all__ = ["few_studies"]

# Cochrane Handbook 10.11.5.1: with fewer studies a moderator cannot be told apart from chance.
_STUDIES_PER_MODERATOR = 10


def few_studies(design: Design, studies: int) -> tuple[str, ...]:
    """Return a note where there are fewer than ten studies a moderator, else none.

    Parameters
    ----------
    design
        The design; a category counts as one moderator, however many levels it has.
    studies
        Number of studies.
    """
    # A column of ones that was given is no moderator.
    m = len(design.moderators) - int(design.intercept is not None and INTERCEPT not in design.names)
    if m == 0 or studies >= _STUDIES_PER_MODERATOR * m:
        return ()
    note = (
        f"{studies} studies for {m} moderator{'s' * (m > 1)}: fewer than {_STUDIES_PER_MODERATOR} a "
        "moderator (Cochrane Handbook 10.11.5.1); chance and confounding can pass for an association"
    )
    return (note,)
