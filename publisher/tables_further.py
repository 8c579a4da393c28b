"""What stands beside pooled results, as tables: slopes, small-study effects, signals, what changed."""

from dataclasses import asdict

from publisher.answers import signals_of
from publisher.impacts import impact_of
from publisher.snapshot import Snapshot
from publisher.table import Cells, Table
from review.result import Synthesis
from synthesis.living.impact.changes import GROUPS

__all__ = ["further_tables"]

_KEY = ("comparison", "outcome", "timepoint", "stratum", "measure")


def further_tables(snapshot: Snapshot) -> tuple[Table, ...]:
    """Return the tables of what an edition shows beside its pooled results, on the scale of pooling."""
    return _moderators(snapshot), _small_study(snapshot), _signals(snapshot), _impact(snapshot)


def _of(synthesis: Synthesis) -> Cells:
    key = synthesis.key
    return key.comparison, key.outcome, key.timepoint, key.stratum, synthesis.measure


def _moderators(snapshot: Snapshot) -> Table:
    fit = ("k", "tau2", "i2", "r2", "qe", "qe_pval", "pval_permuted", "test", "note")
    numbers = ("estimate", "se", "ci_lb", "ci_ub", "pval")
    rows = tuple(
        (
            *_of(one),
            found.name,
            coefficient.name if coefficient else "",
            *(getattr(coefficient, name) if coefficient else None for name in numbers),
            *(getattr(found, name) for name in fit),
            one.digest,
        )
        for one in snapshot.syntheses
        for found in one.moderators
        for coefficient in found.coefficients or (None,)
    )
    return Table(
        name="moderators.csv",
        about="meta-regressions on declared moderators, a row a coefficient; pval_permuted is the slope's",
        columns=(*_KEY, "moderator", "coefficient", *numbers, *fit, "digest"),
        rows=rows,
    )


def _small_study(snapshot: Snapshot) -> Table:
    cells = ("name", "pval", "estimate", "ci_lb", "ci_ub", "note")
    return Table(
        name="small_study.csv",
        about="looks at small-study effects: a p-value, or the pool as it would be without them",
        columns=(*_KEY, "look", *cells[1:], "digest"),
        rows=tuple(
            (*_of(one), *(getattr(look, name) for name in cells), one.digest)
            for one in snapshot.syntheses
            for look in one.small_study
        ),
    )


def _signals(snapshot: Snapshot) -> Table:
    states = {True: "fired", False: "not fired", None: "not computable"}
    return Table(
        name="signals.csv",
        about="update signals in their order, beside the edition before: fired, not fired or not computable",
        columns=(*_KEY, "signal", "state", "detail", "source", "digest"),
        rows=tuple(
            (*_of(one), signal.name, states[signal.fired], signal.detail, signal.source, one.digest)
            for one in snapshot.syntheses
            for signal in signals_of(snapshot, one)
        ),
    )


def _impact(snapshot: Snapshot) -> Table:
    numbers = ("estimate", "ci_lb", "ci_ub", "tau2", "k", "participants", "participants_stated")
    rows = []
    for one in snapshot.syntheses:
        found = impact_of(snapshot, one)
        for place, step in enumerate(found.steps if found else (), start=1):
            before, after = asdict(step.before), asdict(step.after)
            both = [side[name] for name in numbers for side in (before, after)]
            what = (step.cause.value, GROUPS[step.cause].value, step.study, step.reason, step.change)
            rows.append((*_of(one), place, *what, *both, one.digest))
    return Table(
        name="impact.csv",
        about="what the newest edition changed, step by step in its order; the changes sum to the whole",
        columns=(
            *(*_KEY, "step", "cause", "group", "study", "reason", "change"),
            *(f"{name}_{side}" for name in numbers for side in ("before", "after")),
            "digest",
        ),
        rows=tuple(rows),
    )
