"""What changed in a pooled answer and why, step by step, as readers meet it."""

from dataclasses import dataclass

from publisher.answers import SignalRow, heading, signal_rows
from publisher.scales import Scale, scale_of
from publisher.snapshot import Snapshot
from publisher.words import count, interval, minus_signs, number, signed, slug
from review.result import Synthesis
from synthesis.living.impact import Impact, State, Step, explained_impact, impact

__all__ = ["ImpactView", "impact_of", "impact_view", "impacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactView:
    """The chain of steps from one result to the next.

    Parameters
    ----------
    summary
        What all steps together did to the estimate.
    change
        What the column of changes is called; ratios change on the log scale.
    steps
        What happened, group, estimate, change, confidence interval, tau2, k and participants after it.
    shares
        Group, steps, change, part of the total; the last row is the total.
    """

    slug: str
    heading: str
    summary: str
    change: str
    steps: tuple[tuple[str, ...], ...]
    shares: tuple[tuple[str, ...], ...]
    signals: tuple[SignalRow, ...] = ()


def impacts(snapshot: Snapshot) -> tuple[ImpactView, ...]:
    """Return what the newest edition changed, by analysis; nothing for a first edition."""
    before = {one.key: one for one in snapshot.published(snapshot.previous)}
    pairs = ((before.get(one.key), one) for one in snapshot.syntheses)
    return tuple(
        _of_edition(snapshot, was, now)
        for was, now in pairs
        if snapshot.previous and (was is None or was.digest != now.digest)
    )


def _of_edition(snapshot: Snapshot, before: Synthesis | None, after: Synthesis) -> ImpactView:
    about = slug(str(after.key)), heading(snapshot.protocol, after.key)
    found = _impact(snapshot, before, after)
    if found is None and before:
        summary = (
            f"The measure changed from {before.measure} to {after.measure}: the results cannot be compared."
        )
        return _nothing(*about, summary, signal_rows(after.signals))
    scale, found = scale_of(snapshot, after), found or impact(None, after)
    return impact_view(found, scale, snapshot.decimals, about=about, signals=signal_rows(after.signals))


def impact_of(snapshot: Snapshot, after: Synthesis) -> Impact | None:
    """Return what the newest edition changed in one analysis; None where nothing did or can be compared.

    Parameters
    ----------
    after
        One of the snapshot's syntheses.
    """
    earlier = (one for one in snapshot.published(snapshot.previous) if one.key == after.key)
    return _impact(snapshot, next(earlier, None), after)


def _impact(snapshot: Snapshot, before: Synthesis | None, after: Synthesis) -> Impact | None:
    if before is None or before.measure != after.measure or before.digest == after.digest:
        return None
    return explained_impact(before, after, snapshot.ledger, snapshot.settlements)


def impact_view(
    found: Impact,
    scale: Scale,
    decimals: int,
    *,
    about: tuple[str, str],
    signals: tuple[SignalRow, ...] = (),
) -> ImpactView:
    """Return the steps of an impact in words and numbers.

    Parameters
    ----------
    about
        A name for anchors, and a heading.
    signals
        Of the later result.
    """
    if found.before is None or not found.steps:
        summary = minus_signs(found.steps[0].sentence) if found.steps else "Nothing changed."
        return _nothing(*about, summary, signals)
    return ImpactView(
        slug=about[0],
        heading=about[1],
        summary=_summary(found, scale, decimals),
        change="Change (log scale)" if scale.ratio else "Change",
        steps=tuple(_step(one, scale, decimals) for one in found.steps),
        shares=_shares(found, decimals),
        signals=signals,
    )


def _nothing(name: str, title: str, summary: str, signals: tuple[SignalRow, ...]) -> ImpactView:
    return ImpactView(
        slug=name, heading=title, summary=summary, change="", steps=(), shares=(), signals=signals
    )


def _summary(found: Impact, scale: Scale, decimals: int) -> str:
    was, now = (
        "" if state is None else number(scale.shown(state.estimate), decimals)
        for state in (found.before, found.after)
    )
    steps = count(len(found.steps), "step")
    main = _main(found, decimals)
    where = " on the log scale" if scale.ratio else ""
    return f"The estimate went from {was} to {now}, {signed(found.total, decimals)}{where} in {steps}{main}."


def _main(found: Impact, decimals: int) -> str:
    if found.main is None:
        return ""
    if len(found.shares) == 1:
        return f", by {found.main.group} alone"
    return f", most of it by {found.main.group} ({signed(found.main.change, decimals)})"


def _participants(state: State) -> str:
    if not state.participants_stated:
        return "not stated"
    return f"{state.participants:,}" if state.participants_stated == state.k else "not all stated"


def _step(one: Step, scale: Scale, decimals: int) -> tuple[str, ...]:
    after = one.after
    shown = [number(scale.shown(state.estimate), decimals) for state in (one.before, after)]
    return (
        _said(one),
        f"{shown[0]} to {shown[1]}",
        signed(one.change, decimals),
        interval(scale.shown(after.ci_lb), scale.shown(after.ci_ub), decimals),
        number(after.tau2, decimals + 1),
        str(after.k),
        _participants(after),
    )


def _said(one: Step) -> str:
    what = f"{one.study}: {one.cause}" if one.study else one.cause.capitalize()
    return f"{what} ({minus_signs(one.reason)})" if one.reason else what


def _shares(found: Impact, decimals: int) -> tuple[tuple[str, ...], ...]:
    rows = [
        (one.group.capitalize(), str(one.steps), signed(one.change, decimals), _part(one.change, found))
        for one in found.shares
    ]
    total = ("All", str(len(found.steps)), signed(found.total, decimals), _part(found.total, found))
    return (*rows, total)


def _part(change: float, found: Impact) -> str:
    # Of a total that is next to nothing, shares would say nothing.
    widest = max(abs(one.change) for one in found.shares)
    if not found.total or abs(found.total) < widest / 100:
        return "–"
    return f"{number(100 * change / found.total, 0)}%"
