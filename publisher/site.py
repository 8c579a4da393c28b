"""Builds a review's site from its ledger and puts it in place: the one way into this package."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from publisher.archive import check_archive, folder_of
from publisher.deploy import SUMS, checksums, deploy, exclusive
from publisher.downloads import downloads
from publisher.feeds import atom, feed_items, json_feed
from publisher.figures_bubble import draw_bubble
from publisher.figures_contour import draw_contour
from publisher.figures_evolution import draw_evolution
from publisher.figures_forest import draw_forest
from publisher.figures_funnel import draw_funnel
from publisher.labels import SiteLabels
from publisher.pages import Analysis, Place, ReviewPage, redirect_page, render, review_page
from publisher.release import release, release_schema
from publisher.replay_pages import replay_pages
from publisher.snapshot import Material, Snapshot, archived, living
from review.edition import Edition
from review.ids import EditionId, ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.record import Report
from review.replay import Replay
from review.suggestion import Suggestion

__all__ = ["Progress", "Published", "build_edition", "publish"]

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done."""

_STATIC = ("site.css", "badge.js", "icon.svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a call of `publish` did.

    Parameters
    ----------
    written
        Files that were built, by path relative to the root, sorted; what was carried over is not among them.
    editions
        All editions on the site, the oldest first.
    built
        Those of them that were not there before.
    """

    root: Path
    written: tuple[str, ...]
    editions: tuple[EditionId, ...]
    built: tuple[EditionId, ...]


def publish(
    ledger: Ledger,
    reports: Mapping[ReportId, Report],
    protocol: Protocol,
    root: Path,
    *,
    now: datetime,
    labels: SiteLabels | None = None,
    replay: Replay | None = None,
    strategy_text: str = "",
    suggestions: Sequence[Suggestion] = (),
    progress: Progress | None = None,
) -> Published:
    """Bring the site at `root` to the state of the ledger.

    Editions that stand there already are checked and carried over, never rebuilt. The same arguments give the
    same bytes.

    Parameters
    ----------
    reports
        Every report the ledger mentions; one that is missing is shown by its identifier.
    root
        The site's folder; it becomes a symbolic link to the newest build.
    now
        The moment the front page speaks of.
    replay
        A replay of history, for the pages below ``replay/``.
    suggestions
        All that the models ever said, in order; reports flagged last are listed while nobody has decided.

    Raises
    ------
    publisher.archive.ArchiveError
        When a published edition was changed, or is not the ledger's.
    publisher.deploy.BusyError
        When another process publishes there.
    publisher.deploy.DeployError
        When `root` holds something else.
    publisher.snapshot.MissingSynthesisError
        When an edition names a synthesis that the ledger does not hold.
    review.prisma.PrismaMismatchError
        When the numbers do not add up.
    """
    material = Material(
        ledger=ledger,
        reports=reports,
        protocol=protocol,
        labels=labels or SiteLabels(),
        strategy_text=strategy_text,
        suggestions=suggestions,
    )
    with exclusive(root):
        return _publish(material, root, now, replay, progress or _silent)


def _publish(
    material: Material, root: Path, now: datetime, replay: Replay | None, say: Progress
) -> Published:
    ledger = material.ledger
    standing = check_archive(root, ledger.editions)
    new = [edition for edition in ledger.editions if edition.id not in standing]
    site: dict[str, bytes] = {}
    for done, edition in enumerate(new):
        say(done, len(new) + 2, f"edition {edition.id}")
        folder = folder_of(edition.id)
        site |= {f"{folder}/{path}": content for path, content in build_edition(material, edition).items()}
    say(len(new), len(new) + 2, "front page")
    site |= _front(material, now, replay)
    site |= _latest(ledger, root, site)
    say(len(new) + 1, len(new) + 2, "deployment")
    deploy(root, site, carried=[folder_of(edition) for edition in sorted(standing)])
    say(len(new) + 2, len(new) + 2, "done")
    return Published(
        root=root,
        written=tuple(sorted(site)),
        editions=tuple(edition.id for edition in ledger.editions),
        built=tuple(edition.id for edition in new),
    )


def build_edition(material: Material, edition: Edition) -> dict[str, bytes]:
    """Return the files of one edition by path: complete in itself, as the review stood when it was signed."""
    snapshot = archived(material, edition)
    place = Place(
        home="../../index.html", static="static/", figures="figures/", data="data/", editions="../", replay=""
    )
    page = review_page(snapshot, place)
    content = {
        **_pages(snapshot, page),
        **_prefixed("static", _static()),
        **_prefixed("figures", _figures(page)),
    }
    return {**content, SUMS: checksums(content)}


def _front(material: Material, now: datetime, replay: Replay | None) -> dict[str, bytes]:
    snapshot = living(material, now)
    figures = f"{folder_of(snapshot.edition.id)}/figures/" if snapshot.edition else ""
    place = Place(
        home="index.html",
        static="static/",
        figures=figures,
        data="data/",
        editions="v/",
        replay="replay/index.html" if replay else "",
    )
    items = feed_items(snapshot)
    return {
        **_pages(snapshot, review_page(snapshot, place)),
        **_prefixed("static", _static()),
        **replay_pages(material, replay),
        "feed.xml": atom(snapshot, items),
        "feed.json": json_feed(snapshot, items),
    }


def _pages(snapshot: Snapshot, page: ReviewPage) -> dict[str, bytes]:
    return {
        "index.html": render("review.html", {"page": page, "place": page.place}),
        "release.json": release(snapshot, page.evidence),
        "release.schema.json": release_schema(),
        **_prefixed("data", downloads(snapshot)),
    }


def _figures(page: ReviewPage) -> dict[str, bytes]:
    drawn: dict[str, bytes] = {}
    for analysis in page.analyses:
        name = analysis.answer.slug
        drawn[f"forest-{name}.svg"], drawn[f"forest-{name}.png"] = draw_forest(analysis.forest)
        drawn[f"evolution-{name}.svg"] = draw_evolution(analysis.evolution)
        drawn |= _further(analysis)
    return drawn


def _further(analysis: Analysis) -> dict[str, bytes]:
    bubbles = [one.bubble for one in analysis.moderators if one.bubble]
    drawn = {f"bubble-{bubble.slug}.svg": draw_bubble(bubble) for bubble in bubbles}
    drawn |= {f"contour-{one.slug}.svg": draw_contour(one) for one in analysis.contours}
    if funnel := analysis.small_study.funnel:
        drawn[f"funnel-{funnel.slug}.svg"] = draw_funnel(funnel)
    return drawn


def _latest(ledger: Ledger, root: Path, site: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return ``latest/``: a page that leads to the newest edition, and copies of its data."""
    if not ledger.editions:
        return {"latest/index.html": redirect_page("../index.html", "the review")}
    newest = ledger.editions[-1].id
    folder = folder_of(newest)
    inside = f"{folder}/"
    content = {path.removeprefix(inside): one for path, one in site.items() if path.startswith(inside)}
    data = _data(content or _read(root / folder))
    lead = redirect_page(f"../{folder}/index.html", f"edition {newest}")
    return {**_prefixed("latest", data), "latest/index.html": lead}


def _data(content: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: one for name, one in content.items() if name.startswith(("data/", "release."))}


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _static() -> dict[str, bytes]:
    source = files("publisher").joinpath("static")
    return {name: source.joinpath(name).read_bytes() for name in _STATIC}


def _prefixed(folder: str, content: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": one for name, one in content.items()}


def _silent(done: int, steps: int, what: str) -> None:
    """Say nothing."""
