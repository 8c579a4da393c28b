"""What the store refuses, each with what was found, what was expected and what to do."""

__all__ = [
    "BackupError",
    "BrokenChainError",
    "ConflictingRowError",
    "CountsError",
    "StoreError",
    "StoreMissingError",
    "StoreNewerError",
    "StoreOutdatedError",
    "UnknownRowError",
]


class StoreError(Exception):
    """The store cannot be used as it is."""


class StoreMissingError(StoreError):
    """There is no store at the URL."""


class StoreOutdatedError(StoreError):
    """The schema is older than this version: run ``living-review migrate``."""


class StoreNewerError(StoreError):
    """The schema is newer than this version: run the version that wrote it, or a later one."""


class BrokenChainError(StoreError):
    """The end of the audit chain is not the one that was last written."""


class BackupError(StoreError):
    """A backup cannot be made, or is not fit to be restored."""


class CountsError(ValueError):
    """A search run does not say what is being written: a record would be lost or counted twice."""


class ConflictingRowError(ValueError):
    """Something else was written under the same identifier before."""


class UnknownRowError(ValueError):
    """A row refers to something that is not in the store."""
