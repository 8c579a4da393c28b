"""The pages of a replay: what each year's search found and missed, and at which rank each trial stood."""

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.figures_recall import draw_recall, recall_described
from publisher.machine import ModelCard, model_card
from publisher.pages import Place, render
from publisher.replay_courses import CourseView, StageView, course_figures, course_views
from publisher.replay_listing import Listed, listing
from publisher.replay_recall import curve, cuts, recall_rows, recall_sentence
from publisher.snapshot import Material
from publisher.words import count, interval, number
from review.ids import ReportId
from review.record import Report
from review.replay import Replay, ReplayYear, TrialOutcome
from review.result import Sensitivity

__all__ = ["Mark", "Ranking", "Strip", "YearPage", "ranking_of", "replay_pages", "year_page"]

STRIP_START, STRIP_LENGTH = 20, 560
FIGURE_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A trial on a strip; `x` in the strip's own units."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All records of a year on one line, the likeliest at the left, with the true trials marked."""

    title: str
    description: str
    marks: tuple[Mark, ...]
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What the ranking of a year, or of all years together, would have saved and lost.

    Parameters
    ----------
    sentence
        How many were flagged, and the recall of the later trials at that share.
    cuts
        The same as rows, with the first tenth and fifth of the ranking.
    """

    sentence: str
    cuts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    """One year with its words and its strip.

    Parameters
    ----------
    listed
        The flagged reports, best first; `left_out` more of them are only counted.
    passed_over
        The known later trials among those that were not flagged.
    result
        What the rehearsed analysis came to at the end of the year.
    """

    year: ReplayYear
    card: ModelCard | None
    ranking: Ranking
    listed: tuple[Listed, ...]
    left_out: int
    passed_over: tuple[TrialOutcome, ...]
    found: tuple[TrialOutcome, ...]
    missed: tuple[TrialOutcome, ...]
    absent: tuple[TrialOutcome, ...]
    strip: Strip
    result: StageView | None = None

    @property
    def summary(self) -> str:
        """Found of findable, in words."""
        findable = len(self.found) + len(self.missed)
        return (
            f"{len(self.found)} of {count(findable, 'known trial')} found" if findable else "no known trial"
        )

    @property
    def canaries(self) -> str:
        """How many of the records that each search must find were found, in words."""
        watch = self.year.watch
        if watch is None or not watch.canaries:
            return "none named"
        found = watch.canaries - len(watch.canaries_missing)
        lost = f"; not found: {', '.join(watch.canaries_missing)}" if watch.canaries_missing else ""
        return f"{found} of {watch.canaries} found{lost}"

    @property
    def known(self) -> str:
        """How many known records were looked at again, and what that brought, in words."""
        watch = self.year.watch
        if watch is None or not watch.known_status:
            return "not looked at"
        state = "" if watch.known_status == "complete" else f" ({watch.known_status})"
        told = count(len(watch.notices), "notice") if watch.notices else "no notice"
        held = count(watch.not_looked_at, "report")
        absent = f"; {held} not in the catalogue" if watch.not_looked_at else ""
        return f"{count(watch.known, 'record')}{state}, {told}{absent}"


def replay_pages(material: Material, replay: Replay | None) -> dict[str, bytes]:
    """Return the pages of a replay by path; none where there was none."""
    if replay is None:
        return {}
    views = course_views(material, replay.courses)
    own = views[0] if views else None
    pages = tuple(year_page(year, material.reports, own) for year in replay.years)
    place = Place(
        home="../index.html", static="../static/", figures="", data="../data/", editions="../v/", replay=""
    )
    shared = {"place": place, "labels": material.labels, "review": material.protocol.title, "pages": pages}
    steps, flagged = curve(replay.years), cuts(replay.years)[0]
    index = {
        **shared,
        "courses": views,
        "figures": tuple(_figure(one) for one in replay.figures),
        "ranking": ranking_of(*replay.years),
        "steps": recall_rows(steps),
        "described": recall_described(steps, flagged),
    }
    return {
        "replay/index.html": render("replay_index.html", index),
        "replay/recall.svg": draw_recall(steps, flagged),
        **{f"replay/{name}": drawn for name, drawn in course_figures(views).items()},
        **{
            f"replay/{page.year.year}.html": render("replay_year.html", {**shared, "page": page})
            for page in pages
        },
    }


def year_page(
    year: ReplayYear, reports: Mapping[ReportId, Report], course: CourseView | None = None
) -> YearPage:
    """Return what the page of one year shows.

    Parameters
    ----------
    reports
        Where the titles of the flagged reports come from.
    course
        What the replay's own search came to, year by year.
    """
    found, listed = tuple(one for one in year.trials if one.found), listing(year, reports)
    return YearPage(
        year=year,
        card=model_card(year.card) if year.card else None,
        ranking=ranking_of(year),
        listed=listed,
        left_out=year.flagged - len(listed),
        passed_over=tuple(one for one in found if one.rank is not None and not one.flagged),
        found=found,
        missed=tuple(one for one in year.trials if one.in_catalogue and not one.found),
        absent=tuple(one for one in year.trials if not one.in_catalogue),
        strip=_strip(year),
        result=course.stage(str(year.year)) if course else None,
    )


def ranking_of(*years: ReplayYear) -> Ranking:
    """Return what the ranking of these years came to."""
    found = cuts(years)
    return Ranking(sentence=recall_sentence(found[0]), cuts=recall_rows(found))


def _figure(one: Sensitivity) -> tuple[str, ...]:
    pooled = one.numbers
    if pooled is None:
        return (one.name, "", "not computable", "", "", one.note)
    return (
        one.name,
        f"{pooled.k}",
        number(pooled.estimate, FIGURE_DECIMALS),
        interval(pooled.ci_lb, pooled.ci_ub, FIGURE_DECIMALS),
        f"{interval(pooled.pi_lb, pooled.pi_ub, FIGURE_DECIMALS)}, {pooled.pi_df}",
        one.note,
    )


def _strip(year: ReplayYear) -> Strip:
    ranked = [one for one in year.trials if one.rank is not None and one.of]
    said = ", ".join(f"{one.study} {one.rank} of {one.of}" for one in ranked)
    return Strip(
        title=f"Ranks in {year.year}",
        description=f"Likeliest at the left. {said or 'No known trial was ranked'}.",
        marks=tuple(
            Mark(x=_place(one.rank or 1, one.of or 1), label=f"{one.study}: {one.rank} of {one.of}")
            for one in ranked
        ),
        of=max((one.of or 0 for one in ranked), default=0),
    )


def _place(rank: int, of: int) -> float:
    return round(STRIP_START + STRIP_LENGTH * (rank - 1) / max(1, of - 1), 1)
