"""Atom and JSON feeds of editions and status entries: the same items, with names that never change."""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

import feedgenerator

from publisher.archive import folder_of
from publisher.snapshot import Snapshot
from publisher.words import safe_xml
from review.edition import Edition, StatusEntry

__all__ = ["FeedItem", "atom", "feed_items", "json_feed"]

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One entry; `id` is also its lasting address."""

    id: str
    at: datetime
    title: str
    text: str
    link: str


def feed_items(snapshot: Snapshot) -> tuple[FeedItem, ...]:
    """Return the newest items first: an edition before the status entries of the same moment."""
    base = _base(snapshot)
    editions = [_edition(one, base) for one in snapshot.ledger.editions]
    entries = [_entry(one, base) for one in snapshot.ledger.status_entries]
    newest = sorted((*editions, *entries), key=lambda item: item.at, reverse=True)
    return tuple(newest[:MOST_ITEMS])


def atom(snapshot: Snapshot, items: tuple[FeedItem, ...]) -> bytes:
    """Return the items as an Atom feed (RFC 4287)."""
    base = _base(snapshot)
    newest = items[0].at if items else snapshot.at
    feed = _DatedFeed(
        title=safe_xml(snapshot.protocol.title),
        link=base,
        feed_url=f"{base}feed.xml",
        description=safe_xml(snapshot.material.labels.title),
        language="en",
        author_name=safe_xml(snapshot.protocol.publication.contact),
        newest=newest,
    )
    for item in items:
        feed.add_item(
            title=safe_xml(item.title),
            link=item.link,
            description=escape(safe_xml(item.text)),
            unique_id=item.id,
            pubdate=item.at,
            updateddate=item.at,
        )
    buffer = io.StringIO()
    feed.write(buffer, "utf-8")
    return buffer.getvalue().encode()


def json_feed(snapshot: Snapshot, items: tuple[FeedItem, ...]) -> bytes:
    """Return the items as a JSON Feed (version 1.1)."""
    base = _base(snapshot)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": snapshot.protocol.title,
        "description": snapshot.material.labels.title,
        "home_page_url": base,
        "feed_url": f"{base}feed.json",
        "language": "en",
        "items": [
            {
                "id": item.id,
                "url": item.link,
                "title": item.title,
                "content_text": item.text,
                "date_published": item.at.isoformat(),
            }
            for item in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode() + b"\n"


class _DatedFeed(feedgenerator.Atom1Feed):  # type: ignore[misc]  # feedgenerator ships no types
    """An Atom feed whose date is given: the library asks the clock when there are no items."""

    def latest_post_date(self) -> datetime:
        newest: datetime = self.feed["newest"]
        return newest


def _base(snapshot: Snapshot) -> str:
    return snapshot.protocol.publication.base_url.rstrip("/") + "/"


def _edition(edition: Edition, base: str) -> FeedItem:
    address = f"{base}{folder_of(edition.id)}/"
    said = [edition.decision.reason, *edition.changes]
    if edition.decision.signer is None:
        said.insert(0, "Rehearsal: nobody signed this edition.")
    return FeedItem(
        id=address,
        at=edition.at,
        title=f"Edition {edition.id}",
        text=" ".join(part for part in said if part),
        link=address,
    )


def _entry(entry: StatusEntry, base: str) -> FeedItem:
    return FeedItem(
        id=f"{base}#status-{entry.id}", at=entry.at, title=entry.title, text=entry.text, link=f"{base}#status"
    )
