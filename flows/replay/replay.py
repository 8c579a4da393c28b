"""Replay a review's history, one cycle a year, and publish the site that it would have had."""

import shutil
from collections.abc import Callable
from datetime import date
from itertools import count

from pydantic import TypeAdapter, ValidationError

from flows.files import write_atomically
from flows.place import Place, open_place_store
from flows.replay.courses import courses
from flows.replay.figures import table_figures
from flows.replay.history import ReplayProgress, Theatre, noon, play
from flows.replay.material import Material
from flows.steps.asking import SOURCE
from flows.steps.publication import publish_site
from publisher.labels import SiteLabels
from review.replay import Replay
from search.pubmed import PubMed
from search.standin.server import StandIn

__all__ = ["STAND_IN", "read_replay", "replay", "site_labels"]

STAND_IN = (
    "Every search on these pages was answered by a stand-in for PubMed that serves the bundled catalogue, "
    "one window a year. PubMed itself was not asked."
)


_ADAPTER = TypeAdapter(Replay)


def replay(
    place: Place,
    material: Material,
    client: Callable[[str], PubMed],
    *,
    today: date,
    progress: ReplayProgress = lambda _done, _what: None,
) -> Replay:
    """Replay from the published review to `today`; a replay of the same inputs is not run twice.

    Parameters
    ----------
    client
        Makes the PubMed client for a base address: the same one that real runs use.
    """
    done = read_replay(place) if place.site.exists() else None
    if done and done.inputs == material.digest and done.years[-1].year == today.year:
        return done
    _make_room(place)
    now = noon(today)
    with StandIn(material.catalogue) as standin, open_place_store(place) as store:
        theatre = Theatre(
            place=place, material=material, store=store, pubmed=client(standin.url), progress=progress
        )
        years = play(theatre, today)
        progress(len(years), "publishing the site")
        ledger = store.ledger()
        found = Replay(
            inputs=material.digest,
            years=years,
            figures=table_figures(place, material, ledger, now),
            not_rehearsed=_not_rehearsed(place),
            courses=courses(place, material, ledger, years),
        )
        publish_site(store, place, now, replay=found, labels=site_labels(place))
    write_atomically(place.replay_file, _ADAPTER.dump_json(found, indent=1).decode())
    return found


def read_replay(place: Place) -> Replay | None:
    """Return what the last finished replay found; None where there was none."""
    try:
        return _ADAPTER.validate_json(place.replay_file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def site_labels(place: Place) -> SiteLabels:
    """Return the words that a replay's pages carry, whoever builds them."""
    rehearsal, missing = place.protocol.rehearsal, _not_rehearsed(place)
    said = f" Nothing stood in for {', '.join(missing)}: not asked in this rehearsal." if missing else ""
    return SiteLabels(title=rehearsal.title if rehearsal else "", disclaimer=STAND_IN + said)


def _not_rehearsed(place: Place) -> tuple[str, ...]:
    return tuple(name for name in place.protocol.search.automatic if name != SOURCE)


def _make_room(place: Place) -> None:
    """Clear the home for a new replay; what people decided on the last one is moved aside, never deleted."""
    if not _touched_by_people(place):
        shutil.rmtree(place.home, ignore_errors=True)
        return
    aside = (place.home.with_name(f"{place.home.name}-kept-{number}") for number in count(1))
    place.home.rename(next(path for path in aside if not path.exists()))


def _touched_by_people(place: Place) -> bool:
    if not (place.home / "review.db").exists():
        return False
    with open_place_store(place) as store:
        ledger, accounts = store.ledger(), store.accounts()
    signed = any(decision.signer for decision in ledger.update_decisions)
    return bool(accounts or ledger.decisions or ledger.resolutions or ledger.effects or signed)
