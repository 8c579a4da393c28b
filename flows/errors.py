"""The one error of this floor: a request that cannot be met as it was made."""

__all__ = ["Refused"]


class Refused(ValueError):
    """Someone asked for something that cannot be done as asked; nothing was changed."""
