"""The rehearsed analysis year by year, as tables and pictures: numbers, signals, what moved them."""

from collections.abc import Iterable
from dataclasses import dataclass

from publisher.answers import SignalRow, heading, signal_rows
from publisher.evolution import COLUMNS, Evolution, path_of, stages
from publisher.figures_evolution import draw_evolution
from publisher.impacts import ImpactView, impact_view
from publisher.scales import scale_of
from publisher.snapshot import Material
from publisher.words import slug
from review.replay import Course
from synthesis.living.evolution import Stage

__all__ = ["CourseView", "StageView", "course_figures", "course_views"]

DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """One year of a course: its numbers as names and values, its signals, and its steps."""

    label: str
    facts: tuple[tuple[str, str], ...]
    signals: tuple[SignalRow, ...]
    impact: ImpactView | None
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """A course with its picture, its table and its years.

    Parameters
    ----------
    columns, rows
        The table: one row a stage.
    """

    name: str
    about: str
    path: Evolution
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    stages: tuple[StageView, ...]

    def stage(self, label: str) -> StageView | None:
        """Return the stage of that label; None where there is none."""
        return next((one for one in self.stages if one.label == label), None)


def course_views(material: Material, courses: Iterable[Course]) -> tuple[CourseView, ...]:
    """Return each course that has a stage, ready to be shown."""
    return tuple(_view(material, one) for one in courses if one.stages)


def course_figures(views: Iterable[CourseView]) -> dict[str, bytes]:
    """Return the picture of each course by file name."""
    return {f"{view.path.slug}.svg": draw_evolution(view.path) for view in views}


def _view(material: Material, course: Course) -> CourseView:
    last = course.stages[-1][1]
    scale, found = scale_of(material, last), stages(course.stages, material.protocol)
    name = slug(course.name)
    title = f"{course.name}: {heading(material.protocol, last.key)}"
    path = path_of(found, scale, DECIMALS, slug=name, title=title, kind="")
    views = []
    for stage, point in zip(found, path.points, strict=True):
        about = f"{name}-{slug(stage.label)}", f"{course.name}, {stage.label}"
        impact = impact_view(stage.impact, scale, DECIMALS, about=about) if stage.impact else None
        facts = tuple(zip((scale.name, *COLUMNS[:-2]), point.cells[:-2], strict=True))
        views.append(_stage(stage, facts, impact))
    return CourseView(
        name=course.name,
        about=course.about,
        path=path,
        columns=("Year", scale.measure, *COLUMNS),
        rows=tuple((one.label, *one.cells) for one in path.points),
        stages=tuple(views),
    )


def _stage(stage: Stage, facts: tuple[tuple[str, str], ...], impact: ImpactView | None) -> StageView:
    return StageView(
        label=stage.label,
        facts=facts,
        signals=signal_rows(stage.signals),
        impact=impact,
        attribution=stage.attribution,
    )
