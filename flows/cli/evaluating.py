"""``evaluate``: how well the ranking did on the review's own history, with intervals, and a plot of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsJson, RehearsalFlag, ReviewFolder, opened, place_of
from flows.cli.printing import number, progress_bar, say, say_json, say_table
from flows.cli.refusals import PARTIAL
from flows.errors import Refused

if TYPE_CHECKING:
    from classifier.evaluation import Figure
    from classifier.evaluation.judged import Judged
    from flows.by_hand.evaluating import Evaluation, Past
    from flows.by_hand.evaluating_years import Year, Years
    from review.suggestion import Model

__all__ = ["evaluate", "register"]

_COLUMNS = ("figure", "value", "95% interval", "n")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(evaluate)


def evaluate(
    review: ReviewFolder,
    *,
    protocol: Annotated[
        str,
        typer.Option(
            metavar="[history|time-split|cross-validated|all]",
            help="What the models said before people decided; what models of the past would have said; "
            "folds of what is decided.",
        ),
    ] = "all",
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.svg|png", help="Also draw it, as SVG or PNG.")
    ] = None,
    rehearsal: RehearsalFlag = False,
    as_json: AsJson = False,
) -> None:
    """Say how well the ranking did on people's decisions.

    Reports without a decision are counted as undecided, never as irrelevant. Nothing is written but the plot.
    """
    from flows.by_hand.evaluating import evaluate as answer
    from flows.by_hand.evaluating_plot import refuse_unwritable, write_plot
    from flows.place import utc_now

    if plot:
        refuse_unwritable(plot)
    _refuse_no_store(review, rehearsal=rehearsal)
    with opened(review, rehearsal=rehearsal) as (place, store), progress_bar(None, quiet=as_json) as advance:
        found = answer(place.protocol, store, utc_now(), protocol, advance=advance)
    drawn = write_plot(found, plot) if plot else None
    if as_json:
        say_json({"evaluation": found, "plot": plot if drawn else None})
    else:
        _tell(found)
        if plot:
            say(f"Drawn in {plot}" if drawn else f"{plot}: not drawn: nothing included was ranked")
    raise typer.Exit(PARTIAL if drawn is False else 0)


def _refuse_no_store(review: Path, *, rehearsal: bool) -> None:
    """Refuse a review that nothing was ever written about, instead of making it a store."""
    place = place_of(review, rehearsal=rehearsal)
    store = place.home / "review.db"
    if not (rehearsal or place.settings.database_url or store.exists()):
        raise Refused(
            f"{store}: found no store; expected the review's own; run 'living-review run' first, "
            "or take --rehearsal after 'living-review replay'"
        )


def _tell(found: "Evaluation") -> None:
    if found.history and found.history.judged:
        _tell_history(found, found.history, found.history.judged)
    if found.time_split and found.time_split.pooled:
        _tell_years(found.time_split, found.time_split.pooled)
    if found.cross_validated:
        _tell_folds(found.cross_validated)
    for line in found.cannot_say:
        say(line)
    say(found.sentence)


def _tell_history(found: "Evaluation", past: "Past", judged: "Judged") -> None:
    say(
        f"History: {past.models} models ranked {judged.ranked} reports before anybody decided on them: "
        f"{judged.included} included, {judged.not_included} not included, {judged.undecided} undecided; "
        f"ranked only afterwards: {past.too_late}; decided and never ranked: {past.never_ranked}"
    )
    _figures("Where the included stood", judged.standing)
    say(
        "How far down is counted here in the list in which each report stood; a curve (--plot, --json) "
        "counts each ranked report once over all lists together, so that its shares may differ from these."
    )
    say_table(
        "One by one",
        ("report", "included", "rank", "flagged", "probability", "ranked on", "decided on"),
        [
            (
                one.report,
                _short(found.names.get(one.report, "")),
                f"{one.rank} of {one.of}",
                "yes" if one.flagged else "no",
                number(one.probability),
                one.at.date(),
                one.decided.date() if one.decided else "-",
            )
            for one in judged.places
        ],
    )
    _figures("Among the decided alone", judged.among_decided)
    _cannot(judged)


def _tell_years(years: "Years", pooled: "Judged") -> None:
    say(f"Time-split: what came in a year, ranked by a model of the years before; cut by {years.cut_by}")
    say_table(
        "Year by year",
        ("year", "knew included", "knew others", "came", "included", "flagged", "ranks", "mean place", "AP"),
        [_year(one) for one in years.years],
    )
    _figures("The years together", pooled.standing)
    _figures("Among the decided alone", pooled.among_decided)
    _cannot(pooled)


def _year(one: "Year") -> tuple[object, ...]:
    known = (one.year, one.known_included, one.known_others, one.came)
    if one.judged is None:
        return (*known, one.cannot_say, "-", "-", "-", "-")
    mean, ap = (_value(figures, name) for figures, name in _told_of(one.judged))
    ranks = ", ".join(f"{place.rank}" for place in one.judged.places)
    return (*known, one.judged.included, one.judged.flagged, ranks or "-", mean, ap)


def _told_of(judged: "Judged") -> "Iterator[tuple[Sequence[Figure], str]]":
    yield judged.standing, "mean place of the included"
    yield judged.among_decided, "AP"


def _value(figures: "Sequence[Figure]", name: str) -> str:
    return number(next((one.value for one in figures if one.name == name), None))


def _tell_folds(model: "Model") -> None:
    learned = ", ".join(f"{n} {name}" for name, n in model.grades)
    say(f"As it would be trained now: model {model.id}, learned from {learned}")
    intervals = {one.figure: f"{number(one.low)} to {number(one.high)}" for one in model.intervals}
    rows = [(name, number(value), intervals.get(name, "-")) for name, value in model.metrics]
    say_table("Cross-validated", _COLUMNS[:3], rows)
    say(f"{model.promise} {model.time_check}".strip())


def _figures(title: str, figures: "Sequence[Figure]") -> None:
    if figures:
        rows = [(one.name, number(one.value), _interval(one), one.n) for one in figures]
        say_table(title, _COLUMNS, rows)


def _interval(figure: "Figure") -> str:
    return "-" if figure.low is None else f"{number(figure.low)} to {number(figure.high)}"


def _short(name: str, longest: int = 60) -> str:
    return name if len(name) <= longest else f"{name[: longest - 3]}..."


def _cannot(judged: "Judged") -> None:
    for line in judged.cannot_say:
        say(f"{line[0].upper()}{line[1:]}")
