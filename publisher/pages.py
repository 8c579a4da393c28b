"""Pages as values, and their rendering: everything a template shows stands in a dataclass first."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from publisher.answers import Answer, answer
from publisher.banner import Banner, banner
from publisher.contours import ContourView, contours
from publisher.downloads import LISTED
from publisher.evidence import Evidence, evidence
from publisher.evolution import COLUMNS, Evolution, evolution
from publisher.flowchart import Step, steps
from publisher.forest import Forest, forest
from publisher.impacts import ImpactView, impacts
from publisher.machine import MachineUse, machine_use
from publisher.methods import MethodGroup, methods
from publisher.moderators import ModeratorView, moderators
from publisher.notices import NoticeLog, notice_log
from publisher.searches import SearchLog, search_log
from publisher.setting_aside import AsideUse, aside_use
from publisher.small_study import SmallStudyView, small_study
from publisher.snapshot import Snapshot
from publisher.tables import tables
from publisher.words import day
from review.edition import Edition

__all__ = ["Analysis", "Place", "ReviewPage", "Version", "redirect_page", "render", "review_page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands, as relative addresses: a site may lie in any folder of any server.

    Parameters
    ----------
    home
        Address of the front page.
    static, figures, data, editions
        Prefixes of what the page links to.
    """

    home: str
    static: str
    figures: str
    data: str
    editions: str
    replay: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One analysis with its plots."""

    answer: Answer
    forest: Forest
    evolution: Evolution
    moderators: tuple[ModeratorView, ...]
    small_study: SmallStudyView
    contours: tuple[ContourView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One edition in the list of all."""

    id: str
    when: str
    verdict: str
    reason: str
    signer: str
    protocol_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """A dated line that needed no signature."""

    id: str
    when: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The page of a review, as it is now or as it was when an edition was signed."""

    place: Place
    archive: bool
    as_of: str
    banner: Banner
    analyses: tuple[Analysis, ...]
    evidence: Evidence
    edition: Version | None
    changes: tuple[str, ...]
    impacts: tuple[ImpactView, ...]
    statuses: tuple[StatusLine, ...]
    notices: NoticeLog
    flow: tuple[Step, ...]
    settled_by_import: int
    searches: SearchLog
    machine: MachineUse
    aside: AsideUse
    methods: tuple[MethodGroup, ...]
    versions: tuple[Version, ...]
    downloads: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str], ...]
    licence: str
    contact: str
    evolution_columns: tuple[str, ...] = COLUMNS


MOST_STATUSES = 12

_ENVIRONMENT = Environment(
    loader=PackageLoader("publisher"),
    autoescape=True,
    undefined=StrictUndefined,
    lstrip_blocks=True,
)


def render(template: str, values: Mapping[str, object]) -> bytes:
    """Return a page; every value is escaped."""
    return _ENVIRONMENT.get_template(template).render(values).encode()


def review_page(snapshot: Snapshot, place: Place) -> ReviewPage:
    """Return everything the page of a snapshot shows."""
    ledger, protocol, aside = snapshot.ledger, snapshot.protocol, aside_use(snapshot)
    return ReviewPage(
        place=place,
        archive=snapshot.archive,
        as_of=day(snapshot.at),
        banner=banner(snapshot),
        analyses=_analyses(snapshot),
        evidence=evidence(snapshot),
        edition=_version(snapshot.edition) if snapshot.edition else None,
        changes=snapshot.edition.changes if snapshot.edition else (),
        impacts=impacts(snapshot),
        statuses=_statuses(snapshot),
        notices=notice_log(ledger),
        flow=steps(snapshot.flow, set_aside=aside.now),
        settled_by_import=snapshot.flow.settled_by_import,
        searches=search_log(snapshot),
        machine=machine_use(snapshot),
        aside=aside,
        methods=methods(protocol),
        versions=tuple(_version(one) for one in reversed(ledger.editions)),
        downloads=tuple((table.name, table.about) for table in tables(snapshot)),
        lists=LISTED,
        licence=protocol.publication.licence,
        contact=protocol.publication.contact,
    )


def redirect_page(target: str, title: str) -> bytes:
    """Return a page that leads to another one, without a script."""
    return render("redirect.html", {"target": target, "title": title})


def _analyses(snapshot: Snapshot) -> tuple[Analysis, ...]:
    return tuple(
        Analysis(
            answer=answer(snapshot, one),
            forest=forest(snapshot, one),
            evolution=evolution(snapshot, one),
            moderators=moderators(snapshot, one),
            small_study=small_study(snapshot, one),
            contours=contours(snapshot, one),
        )
        for one in snapshot.syntheses
    )


def _version(edition: Edition) -> Version:
    return Version(
        id=str(edition.id),
        when=day(edition.at),
        verdict=edition.decision.verdict.value,
        reason=edition.decision.reason,
        signer=f"signed by {edition.decision.signer}" if edition.decision.signer else "nobody signed",
        protocol_version=edition.protocol_version,
    )


def _statuses(snapshot: Snapshot) -> tuple[StatusLine, ...]:
    newest = reversed(snapshot.ledger.status_entries[-MOST_STATUSES:])
    return tuple(StatusLine(id=one.id, when=day(one.at), title=one.title, text=one.text) for one in newest)
