"""The store of one review: one database by URL, and everything that is ever written to it or read from it.

What it can do is written where it is done, a topic a file: ``searches``, ``records``, ``merging``,
``suggestions``, ``setting_aside``, ``judgements``, ``results``, ``accounts``, ``outbox``, ``reading``,
``digest``, ``chain``, ``backup``.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from store.accounts import Accounts
from store.backup import Backup, restore
from store.chain import AuditRow, FirstBadRow
from store.digest import Digest
from store.filing import FiledUnder, plain_keys
from store.judgements import Judgements
from store.link_index import LinkIndex
from store.merging import Merging
from store.outbox import Outbox, OutboxRow
from store.reading import Reading
from store.records import Records
from store.results import Results
from store.room import plain_title_key
from store.searches import Searches
from store.setting_aside import SettingAside
from store.suggestions import Suggestions

__all__ = ["AuditRow", "FirstBadRow", "LinkIndex", "OutboxRow", "Store", "open_store", "restore"]


class Store(
    Searches,
    Records,
    Merging,
    Suggestions,
    SettingAside,
    Judgements,
    Results,
    Accounts,
    Outbox,
    Reading,
    Digest,
    Backup,
):
    """All that is written down about one review. Every write is one transaction with its audit row.

    Threads may share a store, and processes a database: writers take turns, readers never wait.

    Parameters
    ----------
    url
        ``sqlite:///path/to/file.db`` or ``postgresql://user@host/name``.
    create
        Make the tables, or bring them to this version. Without it a store that is missing, older or newer
        is refused when it is first used (by ``open_store`` at once).
    title_key
        Turns a title into the key under which ``link_index().by_title_key`` finds its report. Whoever adds
        records passes the one of ``search.linking``, and always the same for one database.
    link_keys
        Gives the keys under which ``link_index().by_keys`` finds a record: ``search.linking.filed_under``.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(
    url: str,
    *,
    create: bool = False,
    title_key: Callable[[str], str] = plain_title_key,
    link_keys: FiledUnder = plain_keys,
) -> Store:
    """Return the store at `url`, its schema seen to be this version's.

    Raises
    ------
    StoreMissingError, StoreOutdatedError, StoreNewerError
        When it is not; the message says what to do.
    """
    store = Store(url, create=create, title_key=title_key, link_keys=link_keys)
    try:
        store.check()
    except BaseException:
        store.close()
        raise
    return store
