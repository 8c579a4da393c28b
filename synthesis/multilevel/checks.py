"""What a multilevel model refuses: options it does not know, levels that cannot be told apart."""

from collections.abc import Mapping, Sequence

import numpy as np

from synthesis.arrays import Studies
from synthesis.regression.design import Design

__all__ = ["check_free", "check_levels", "check_options", "check_units", "paths_of"]

# Beyond this ratio the sum of two variances has too few digits of the smaller one.
_FAR_APART = 1e11


def paths_of(levels: Mapping[str, Sequence[object]], studies: Studies) -> list[list[str]]:
    """Return each level's labels, those of the outer levels in front.

    Parameters
    ----------
    levels
        Each level's labels by its name, outermost first.
    studies
        The effects.

    Raises
    ------
    ValueError
        For a missing label, or not one for each effect.
    """
    k, paths = len(studies.yi), [[""] * len(studies.yi)]
    for name, labels in levels.items():
        if len(labels) != k:
            raise ValueError(f"{name}: found {len(labels)} labels for {k} effects; expected one each")
        for label, one in zip(labels, studies.slab, strict=True):
            if label is None or label != label:  # noqa: PLR0124 - only NaN differs from itself
                raise ValueError(f"{one}: found no {name}; expected a label (or leave the effect out)")
        paths.append([f"{before}/{one}" for before, one in zip(paths[-1], labels, strict=True)])
    return [[one.removeprefix("/") for one in path] for path in paths[1:]]


def check_units(studies: Studies) -> None:
    """Raise ValueError where effects or variances are so far apart that sums of them lose the smaller.

    Parameters
    ----------
    studies
        The effects.
    """
    place = int(np.argmin(studies.vi))
    widest = max(float(np.ptp(studies.yi)) ** 2, float(studies.vi.max()))
    if widest > _FAR_APART * studies.vi[place]:
        raise ValueError(
            f"{studies.slab[place]}: found a sampling variance of {studies.vi[place]:g} beside others, or "
            f"squared effects, of up to {widest:g}; expected all in the same unit"
        )


def check_levels(names: tuple[str, ...], paths: list[list[str]], outer: int) -> None:
    """Raise ValueError where a level cannot be told from the one around it.

    Parameters
    ----------
    names
        The levels, outermost first.
    paths
        Their labels.
    outer
        Number of outermost clusters.
    """
    if outer < 2:
        raise ValueError(f"{names[0]}: found one for all effects; expected at least two to vary between")
    for before, after, one, path in zip(names, names[1:], paths, paths[1:], strict=False):
        if len(set(one)) == len(set(path)):
            raise ValueError(
                f"{after}: found one in each {before}; expected some {before} with two or more "
                "(leave this level out: synthesis.pool or synthesis.regress, or fewer levels)"
            )


def check_options(method: str, test: str, level: float) -> None:
    """Raise ValueError for an unknown method or test, or a level that is no fraction.

    Parameters
    ----------
    method, test, level
        As asked for.
    """
    if method not in ("REML", "ML"):
        raise ValueError(f"method: found {method!r}; expected REML or ML")
    if test not in ("z", "t"):
        raise ValueError(f"test: found {test!r}; expected z or t")
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}; expected a fraction between 0 and 1, such as 0.95")


def check_free(design: Design) -> None:
    """Raise ValueError where there are not more effects than coefficients.

    Parameters
    ----------
    design
        The design.
    """
    k, p = design.x.shape
    if k <= p:
        raise ValueError(
            f"mods: found {p} coefficients ({', '.join(design.names)}) for {k} effects; "
            "expected more effects than coefficients (leave moderators out)"
        )
