"""What the desk refuses, each as a sentence with the HTTP status it is answered with."""

from collections.abc import Sequence

__all__ = [
    "DeskError",
    "ForbiddenError",
    "NotFoundError",
    "SignInNeededError",
    "StaleError",
    "TooManyError",
    "WrongError",
]


class DeskError(ValueError):
    """A request that is not carried out; nothing was changed.

    Parameters
    ----------
    message
        One sentence for the person who asked.
    reasons
        Further sentences, one a line, where there are several things to mend.
    """

    status = 400

    def __init__(self, message: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.reasons = tuple(reasons)


class SignInNeededError(DeskError):
    """Nobody is signed in."""

    status = 401


class ForbiddenError(DeskError):
    """The account may not do that."""

    status = 403


class NotFoundError(DeskError):
    """There is no such thing."""

    status = 404


class StaleError(DeskError):
    """The page was made before something changed, or a guard does not hold."""

    status = 409


class WrongError(DeskError):
    """What was entered cannot be used as it is."""

    status = 422


class TooManyError(DeskError):
    """Too many failures; wait."""

    status = 429
