"""Results that are columns of k numbers: how they print, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Columns"]

_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Columns:
    """Columns with one entry a study, and sentences about them.

    Parameters
    ----------
    notes
        What was assumed or done, in sentences.
    """

    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """The columns by name, each with one entry a study."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "notes"}

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __repr__(self) -> str:
        shown = (f"{name} {_few(values)}" for name, values in self.columns.items())
        return "\n".join([f"{type(self).__name__}, k = {len(self)}: {'; '.join(shown)}", *self.notes])

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of k rows, the columns by name."""
        import pandas as pd  # noqa: PLC0415 - tables are for the edges: importing synthesis must stay light

        return pd.DataFrame(self.columns)


def _few(values: Sequence[object]) -> str:
    shown = [_text(one) for one in values[:_SHOWN]]
    return ", ".join([*shown, "..."] if len(values) > _SHOWN else shown)


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
