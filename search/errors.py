"""What can go wrong between us and a source or a file; each text says where, what was found and what to do.

    Exception
    ├── SourceError                 a source did not give the answer that was asked for
    │   ├── Unreachable             no answer: refused, reset, unknown host, out of time
    │   ├── BadReply                an answer, but not a complete one of the expected kind
    │   │   └── Redirected          an answer that points elsewhere; never followed
    │   ├── RateLimited             asked too often
    │   └── RefusedQuery            understood, and not answerable as asked: trying again changes nothing
    │       ├── NotKnown            the source says that it holds no such entry
    │       ├── StrategyRefused     parts of the strategy were dropped: the count is of another question
    │       └── TooManyRecords      more records on one day than the source hands out
    └── ValueError
        ├── UnreadableFile          nothing in the file that a reader recognises
        │   └── Truncated           good records, then the input broke off or broke
        └── UnwritableRecord        a record that the format asked for cannot hold whole

No text holds a key or a network address.
"""

__all__ = [
    "BadReply",
    "NotKnown",
    "RateLimited",
    "Redirected",
    "RefusedQuery",
    "SourceError",
    "StrategyRefused",
    "TooManyRecords",
    "Truncated",
    "Unreachable",
    "UnreadableFile",
    "UnwritableRecord",
]


class SourceError(Exception):
    """A source did not give the answer that was asked for.

    Attributes
    ----------
    transient
        True where the same question may be answered later; False where it never will be.
    """

    transient = True


class Unreachable(SourceError):
    """No answer arrived: refused, reset, unknown host, or out of time."""


class BadReply(SourceError):
    """An answer arrived, but not a complete one of the expected kind."""


class Redirected(BadReply):
    """The answer points to another address. It is not followed: a redirect can lead anywhere."""

    transient = False


class RateLimited(SourceError):
    """The source says that it was asked too often.

    Parameters
    ----------
    retry_after
        Seconds the source asks to wait; None where it does not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RefusedQuery(SourceError):
    """The source understood and will not answer the question as asked."""

    transient = False


class NotKnown(RefusedQuery):
    """The source itself says that it holds nothing under the name that was asked for."""


class StrategyRefused(RefusedQuery):
    """The source dropped parts of the strategy, so that its count belongs to another question."""


class TooManyRecords(RefusedQuery):
    """More records match than the source hands out for one question, however small the part asked for."""


class UnreadableFile(ValueError):
    """Nothing in the file that a reader recognises."""


class Truncated(UnreadableFile):
    """Good records were read, then the input broke off or broke.

    Parameters
    ----------
    offset
        Position in the unpacked input, bytes from its beginning.
    good
        Number of records and deletions given out before.
    """

    def __init__(self, message: str, *, offset: int, good: int) -> None:
        super().__init__(f"{message} at byte {offset}, after {good} good records")
        self.offset = offset
        self.good = good

    @property
    def where(self) -> str:
        """The position in words."""
        return f"byte {self.offset}"


class UnwritableRecord(ValueError):
    """A record that the format asked for cannot hold whole; nothing is ever cut."""
