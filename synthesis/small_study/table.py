"""Results as a table of one row."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["one_row"]


def one_row(**numbers: object) -> "pd.DataFrame":
    """Return a table of one row.

    Parameters
    ----------
    **numbers
        Values by column; a tuple of notes becomes one text.
    """
    import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

    return pd.DataFrame(
        [{name: "; ".join(one) if isinstance(one, tuple) else one for name, one in numbers.items()}]
    )
