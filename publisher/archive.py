"""The editions that are already published: never rewritten, and checked each time they are carried over."""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from publisher.deploy import SUMS, read_sums
from review.edition import Edition
from review.ids import EditionId

__all__ = ["ArchiveError", "check_archive", "folder_of"]

_SAFE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")


class ArchiveError(ValueError):
    """A published edition is not what it was, or not what the ledger says it is."""


def folder_of(edition: EditionId) -> str:
    """Return the folder of an edition below the root.

    Raises
    ------
    ArchiveError
        When the name cannot be a folder's.
    """
    if not _SAFE.fullmatch(edition):
        raise ArchiveError(f"edition: found the name {edition!r}; expected letters, digits, dots and dashes")
    return f"v/{edition}"


def check_archive(root: Path, editions: Iterable[Edition]) -> frozenset[EditionId]:
    """Return the editions that stand below `root`, each checked against its own checksums and the ledger.

    Raises
    ------
    ArchiveError
        When a file of a published edition was changed, lost or added, or when the ledger's edition of that
        name rests on other syntheses.
    """
    known = {one.id: one for one in editions}
    folders = sorted((root / "v").glob("*/")) if (root / "v").is_dir() else []
    for folder in folders:
        _check_files(folder)
        _check_content(folder, known.get(EditionId(folder.name)))
    return frozenset(EditionId(folder.name) for folder in folders)


def _check_files(folder: Path) -> None:
    stated = read_sums((folder / SUMS).read_text()) if (folder / SUMS).is_file() else {}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SUMS
    }
    changed = sorted(path for path in {*stated, *found} if stated.get(path) != found.get(path))
    if changed or not stated:
        raise ArchiveError(
            f"{folder / (changed[0] if changed else SUMS)}: found it changed, lost or added since edition "
            f"{folder.name} was published; expected the bytes of {SUMS}; restore the folder from a backup"
        )


def _check_content(folder: Path, edition: Edition | None) -> None:
    if edition is None:
        raise ArchiveError(
            f"{folder}: found a published edition that the ledger does not know; expected every published "
            "edition in the ledger; restore the store's backup, or publish to another folder"
        )
    stated = json.loads((folder / "release.json").read_text())["edition"]["syntheses"]
    if stated != list(edition.syntheses):
        raise ArchiveError(
            f"{folder}: found it published from {', '.join(stated) or 'nothing'}; expected "
            f"{', '.join(edition.syntheses) or 'nothing'} as in the ledger; publish under another number"
        )
