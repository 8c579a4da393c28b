"""What trials report, checked: an array per argument of metafor's ``escalc``; the study is named if wrong."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, as_numbers, names_or_numbers

__all__ = ["read"]

_MEANS = ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")
_RATES = ("x1i", "t1i", "x2i", "t2i")
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("SMD", "SMDH", "MD", "ROM"), _MEANS),
    **dict.fromkeys(("IRR", "IRD"), _RATES),
    "ZCOR": ("ri", "ni"),
    "PLO": ("xi", "ni"),
    "GEN": ("yi", "vi"),
}
_CELLS = ("ai", "bi", "ci", "di")
_COUNTS = ("ai", "n1i", "ci", "n2i")

_ABOVE_0 = frozenset({"n1i", "n2i", "ni", "t1i", "t2i", "vi"})
_FROM_0 = frozenset({"sd1i", "sd2i"})
_EVENTS = frozenset({"ai", "bi", "ci", "di", "x1i", "x2i", "xi"})


def read(
    measure: str, data: Mapping[str, ArrayLike], slab: Sequence[str] | None = None
) -> dict[str, Numbers]:
    """Return one measure's arguments as arrays of shape (k,); NaN is missing.

    Parameters
    ----------
    measure
        Decides which arguments are expected; one without a list of its own takes a table of two by two.
    data
        As `synthesis.effect_sizes`.
    slab
        Labels of the studies, for messages.

    Raises
    ------
    ValueError
        For arguments of another measure, unequal lengths, or impossible numbers; the message names the
        argument and the study.
    """
    wanted = _ARGUMENTS.get(measure) or (_CELLS if {"bi", "di"} & data.keys() else _COUNTS)
    if set(data) != set(wanted):
        raise ValueError(f"{measure}: found the arguments {sorted(data)}; expected {' '.join(wanted)}")
    arrays = {name: as_numbers(data[name], name) for name in wanted}
    if len({len(array) for array in arrays.values()}) != 1:
        lengths = ", ".join(f"{name}: {len(array)}" for name, array in arrays.items())
        raise ValueError(f"{measure}: found unequal lengths ({lengths}); expected one entry per study")
    names = names_or_numbers(slab, len(next(iter(arrays.values()))))
    for name, array in arrays.items():
        _check_range(measure, name, array, names)
    if measure not in _ARGUMENTS or measure == "PLO":
        _check_totals(arrays, names)
    return arrays


def _check_range(measure: str, name: str, array: Numbers, slab: tuple[str, ...]) -> None:
    if name in _ABOVE_0:
        wrong, expected = array <= 0, "a number above 0"
    elif name in _FROM_0:
        wrong, expected = array < 0, "a standard deviation of 0 or more"
    elif name in _EVENTS:
        wrong, expected = array < 0, "a count of 0 or more"
    elif name == "ri":
        wrong, expected = np.abs(array) > 1, "a correlation from -1 to 1"
    else:
        return
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{measure}, {name}, {slab[place]}: found {array[place]:g}; expected {expected}")


def _check_totals(arrays: Mapping[str, Numbers], slab: tuple[str, ...]) -> None:
    for events, total in (("ai", "n1i"), ("ci", "n2i"), ("xi", "ni")):
        if events in arrays and total in arrays and (arrays[events] > arrays[total]).any():
            place = int(np.argmax(arrays[events] > arrays[total]))
            raise ValueError(
                f"{slab[place]}: found {arrays[events][place]:g} events ({events}) of "
                f"{arrays[total][place]:g} ({total}); expected no more events than participants"
            )
