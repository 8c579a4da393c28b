"""``run``, ``replay``, ``demo`` and ``status``: the surveillance and what it found."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.flagged import flagged
from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.printing import complain, number, progress_bar, say, say_json, say_table, tell
from flows.errors import Refused

if TYPE_CHECKING:
    from flows.steps.cycle import Cycle
    from review.replay import Replay, TrialOutcome
    from review.result import Sensitivity

__all__ = ["demo", "register", "replay", "run", "status"]

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]
DEMO_REVIEW = Path("protocols/internet-pain")
PROJECT = Path(__file__).resolve().parents[2]
_TESTS = {"knha": "HK"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(run)
    app.command(short_help="Replay the review's history, one cycle a year.")(replay)
    for command in (demo, flagged, status):
        app.command()(command)


def run(
    review: ReviewFolder,
    *,
    since: Day = None,
    until: Day = None,
    known_pass: Annotated[
        bool, typer.Option("--known-pass", help="Look again at everything known, instead of searching.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Search, link, rank, flag and pool: one cycle.

    It leaves a status entry for each source, and a gap where days could not be searched.
    """
    if known_pass:
        if since or until:
            raise Refused(
                "run: found --known-pass with days; expected one or the other: everything known is looked at "
                "again; leave --since and --until out"
            )
        _look_again(review, as_json=as_json)
    _search(review, since, until, as_json=as_json)


def _search(review: Path, since: datetime | None, until: datetime | None, *, as_json: bool) -> None:
    from flows.by_hand.windows import asked_window
    from flows.place import utc_now
    from flows.publishing import republish
    from flows.pubmed_client import make_pubmed
    from flows.source_clients import source_maker
    from flows.steps.cycle import run_cycle
    from flows.steps.left_behind import left_behind

    with opened(review) as (place, store):
        window = asked_window(place, store, since, until, utc_now())
        pubmed = make_pubmed(place.settings)
        with progress_bar(None, quiet=as_json) as advance:
            cycle = run_cycle(
                place,
                store,
                pubmed,
                clock=utc_now,
                window=window,
                sources=source_maker(place, store, pubmed),
                stage=lambda what: advance(0, what),
            )
            if place.site.exists():
                advance(0, "bringing the site up to date")
                republish(place, store, utc_now())
        left = left_behind(place, store.ledger())
    if as_json:
        found = {"run": cycle.run, "others": cycle.others, "not_asked": cycle.not_asked, "left_behind": left}
        found |= {"drift": cycle.drift, "draw": cycle.draw, "promise_withdrawn": cycle.withdrawn}
        say_json({**found, "status": cycle.entry, "candidates": cycle.candidates})
    else:
        _tell_cycle(cycle)
    for one in left:
        complain(one.sentence)
    raise typer.Exit(cycle.exit_code)


def _tell_cycle(cycle: "Cycle") -> None:
    for entry, run in zip((cycle.entry, *cycle.entries), (cycle.run, *cycle.others), strict=True):
        say(entry.title)
        say(
            f"This run: {run.counts.retrieved} retrieved, {run.counts.known} of them known, "
            f"{run.counts.queued} new"
        )
        say(entry.text)
    for name in cycle.not_asked:
        say(f"{name}: not asked: nothing here can ask it")
    for problem in cycle.problems:
        say(f"The ranking does without: {problem}")
    if cycle.draw:
        drawn = len(cycle.draw.drawn)
        say(f"Set aside, unscreened: {len(cycle.draw.set_aside) - drawn}; drawn for audit: {drawn}")
    if cycle.withdrawn:
        say(f"The promise is withdrawn, nothing is set aside. {cycle.withdrawn}")


def _look_again(review: Path, *, as_json: bool) -> None:
    from flows.place import utc_now
    from flows.publishing import republish
    from flows.pubmed_client import make_pubmed
    from flows.steps.cycle import look_again_alone

    with opened(review) as (place, store):
        with progress_bar(None, quiet=as_json) as advance:
            done = look_again_alone(
                place,
                store,
                make_pubmed(place.settings),
                clock=utc_now,
                progress=lambda seen, of: advance(seen, f"of {of} known records"),
            )
            if place.site.exists():
                republish(place, store, utc_now())
        lines = (f"{one.report}: {one.kind}: {one.text}" for one in done.notices)
        tell({"run": done.run, "notices": done.notices}, done.entry.title, *lines, as_json=as_json)
    raise typer.Exit(done.exit_code)


def replay(
    review: ReviewFolder,
    *,
    abstracts: Annotated[
        Path | None, typer.Option(help="Your own full records, in place of the bundled index of words.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replay the review's history on its bundled catalogue, one cycle a year, and build the site."""
    found = _replayed(review, abstracts, quiet=as_json)
    if as_json:
        say_json(found)
    else:
        _tell(found, review)


def demo(*, as_json: AsJson = False) -> None:
    """Replay the bundled review, and say where to look."""
    replay(_bundled(), as_json=as_json)


def status(review: ReviewFolder, *, rehearsal: RehearsalFlag = False, as_json: AsJson = False) -> None:
    """Say how current the review is: clocks, gaps, what waits."""
    from flows.by_hand.views import status_view
    from flows.place import utc_now

    with opened(review, rehearsal=rehearsal) as (place, store):
        blocks = place.blocks()
        view = status_view(place.protocol, store, utc_now(), blocks.sha256 if blocks else "")
    if as_json:
        say_json(view)
        return
    for sentence in view.sentences:
        say(sentence)


def _bundled() -> Path:
    for folder in (DEMO_REVIEW, PROJECT / DEMO_REVIEW):
        if (folder / "protocol.toml").is_file():
            return folder
    raise Refused(
        f"{PROJECT / DEMO_REVIEW}: found no review; expected the one that the project's source brings along; "
        "run 'living-review replay --review DIR' on a review's folder"
    )


def _replayed(review: Path, abstracts: Path | None, *, quiet: bool) -> "Replay":
    from flows.place import utc_now
    from flows.pubmed_client import make_pubmed
    from flows.replay.material import read_material
    from flows.replay.replay import replay as play

    place = place_of(review, rehearsal=True)
    material = read_material(place, abstracts)
    today = utc_now().date()
    years = today.year - material.rehearsal.first_year + 1
    with progress_bar(years, quiet=quiet) as advance:
        return play(
            place,
            material,
            lambda url: make_pubmed(place.settings, url),
            today=today,
            progress=advance,
        )


def _tell(found: "Replay", review: Path) -> None:
    place = place_of(review, rehearsal=True)
    if place.protocol.rehearsal:
        say(place.protocol.rehearsal.title)
    say_table(
        "Year by year",
        ("year", "found", "flagged", "true trials: rank among returned", "outcome"),
        [(one.year, one.new, one.flagged, _ranks(one.trials), one.headline) for one in found.years],
    )
    for figure in found.figures:
        say(_figure(figure))
    for name in found.not_rehearsed:
        say(f"{name}: not asked in the rehearsal, which has a stand-in for PubMed only")
    say(f"The site:  {place.site / 'index.html'}")
    say(f"The desk:  living-review desk --rehearsal --review {review}")
    say(f"In earnest: LIVING_REVIEW_EMAIL=you@example.org living-review run --review {review}")


def _figure(figure: "Sensitivity") -> str:
    pooled = figure.numbers
    if pooled is None:
        return f"{figure.name}: not computable"
    interval = f"[{number(pooled.ci_lb, 4)}, {number(pooled.ci_ub, 4)}]"
    predicted = f"[{number(pooled.pi_lb, 4)}, {number(pooled.pi_ub, 4)}]"
    note = f" ({figure.note})" if figure.note else ""
    return (
        f"{figure.name}: k = {pooled.k}, {number(pooled.estimate, 4)} {interval} by {pooled.method} + "
        f"{_TESTS.get(pooled.test, pooled.test)}, prediction interval {pooled.pi_df} {predicted}{note}"
    )


def _ranks(trials: "tuple[TrialOutcome, ...]") -> str:
    return ", ".join(
        f"{one.study} {one.rank}/{one.of}" if one.rank else f"{one.study} missed" for one in trials
    )
