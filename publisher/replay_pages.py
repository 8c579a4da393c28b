"""The pages of a replay: what each year's search found and missed, and at which rank each trial stood."""

from dataclasses import dataclass

from publisher.pages import Place, render
from publisher.snapshot import Material
from publisher.words import count, interval, number
from review.replay import Replay, ReplayYear, TrialOutcome
from review.result import Sensitivity

__all__ = ["Mark", "Strip", "YearPage", "replay_pages", "year_page"]

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
class YearPage:
    """One year with its words and its strip."""

    year: ReplayYear
    found: tuple[TrialOutcome, ...]
    missed: tuple[TrialOutcome, ...]
    absent: tuple[TrialOutcome, ...]
    strip: Strip

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
    pages = tuple(year_page(year) for year in replay.years)
    place = Place(
        home="../index.html", static="../static/", figures="", data="../data/", editions="../v/", replay=""
    )
    shared = {"place": place, "labels": material.labels, "review": material.protocol.title, "pages": pages}
    figures = tuple(_figure(one) for one in replay.figures)
    found = {
        f"replay/{page.year.year}.html": render("replay_year.html", {**shared, "page": page})
        for page in pages
    }
    return {"replay/index.html": render("replay_index.html", {**shared, "figures": figures}), **found}


def year_page(year: ReplayYear) -> YearPage:
    """Return what the page of one year shows."""
    return YearPage(
        year=year,
        found=tuple(one for one in year.trials if one.found),
        missed=tuple(one for one in year.trials if one.in_catalogue and not one.found),
        absent=tuple(one for one in year.trials if not one.in_catalogue),
        strip=_strip(year),
    )


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
