"""Puts a whole site in place at once: a reader never sees half of it, a crash leaves the old one intact.

`root` is a symbolic link into a sibling folder of finished builds. A new build is written beside them,
flushed to disk and named; then the link is replaced in one step, which POSIX makes atomic (rename(2)).
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["SUMS", "BusyError", "DeployError", "checksums", "deploy", "exclusive", "read_sums"]

SUMS = "SHA256SUMS"
_UNFINISHED = "unfinished-"
_REPLACED = f"{_UNFINISHED}replaced"


class DeployError(ValueError):
    """The site cannot be put where it was asked for."""


class BusyError(DeployError):
    """Another process is publishing to the same place."""


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the text that ``sha256sum --check`` reads, one line a file, sorted by path."""
    return _sums({path: hashlib.sha256(content).hexdigest() for path, content in files.items()})


def read_sums(text: str) -> dict[str, str]:
    """Return path -> SHA-256 from such a text."""
    pairs = (line.partition("  ") for line in text.splitlines())
    return {path: digest for digest, _, path in pairs}


def deploy(root: Path, files: Mapping[str, bytes], carried: Sequence[str] = ()) -> None:
    """Put `files` at `root`, together with the folders `carried` over from the site that is there.

    Parameters
    ----------
    files
        Contents by path relative to the root, with forward slashes.
    carried
        Folders, relative to the root, that are taken over as they are. Whoever chose them by looking at the
        site holds `exclusive` from that look on.

    Raises
    ------
    DeployError
        When `root` is a folder with other things in it.
    OSError
        When the disk is full or may not be written; the old site is then still in place.
    """
    _refuse_foreign(root)
    builds = _builds(root)
    _sweep(builds, keep=_current(root))
    build = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=builds))
    build.chmod(0o755)
    for folder in carried:
        _carry(root / folder, build / folder)
    _write(build, files)
    _swap(root, _finish(build))


def _refuse_foreign(root: Path) -> None:
    if root.is_symlink() or not root.exists():
        return
    if not root.is_dir() or (any(root.iterdir()) and not (root / SUMS).is_file()):
        raise DeployError(f"{root}: found other files; expected a new or empty folder, or a published site")


@contextmanager
def exclusive(root: Path) -> Iterator[None]:
    """Be the only one who publishes to `root`, in this process or any other, while the block runs.

    Raises
    ------
    BusyError
        When another process publishes there at the same time.
    """
    builds = _builds(root)
    with (builds / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"{builds}: another process is publishing here; try again when it is done"
            ) from None
        if (builds / _REPLACED).exists() and not root.exists():
            (builds / _REPLACED).rename(root)  # a crash came between the two renames of _swap
        yield


def _builds(root: Path) -> Path:
    builds = root.parent / f".{root.name}.builds"
    builds.mkdir(parents=True, exist_ok=True)
    return builds


def _current(root: Path) -> str:
    return root.readlink().name if root.is_symlink() else ""


def _sweep(builds: Path, keep: str) -> None:
    """Remove what crashed builds left, and all finished builds but the present one."""
    for folder in sorted(builds.iterdir()):
        if folder.name not in {keep, "lock"}:
            _remove(folder)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _carry(source: Path, target: Path) -> None:
    """Link a folder's files into the new build: what is published stays the very same bytes."""
    shutil.copytree(source, target, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(source, target)


def _write(build: Path, files: Mapping[str, bytes]) -> None:
    for path, content in sorted(files.items()):
        _write_file(build / path, content)
    digests = {
        path.relative_to(build).as_posix(): _digest(path)
        for path in sorted(build.rglob("*"))
        if path.is_file()
    }
    _write_file(build / SUMS, _sums(digests))
    for folder in (*(path for path in build.rglob("*") if path.is_dir()), build):
        _flush(folder)


def _sums(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _finish(build: Path) -> Path:
    """Give a complete build the name of its content; a second one of the same content gets a number."""
    name = _digest(build / SUMS)[:16]
    names = [name, *(f"{name}.{number}" for number in range(1, 10))]
    final = next(build.with_name(one) for one in names if not build.with_name(one).exists())
    build.rename(final)
    _flush(final.parent)
    return final


def _swap(root: Path, build: Path) -> None:
    link = build.with_name(f"{_UNFINISHED}link")
    link.symlink_to(Path(build.parent.name) / build.name)
    if root.is_dir() and not root.is_symlink():
        root.rename(build.with_name(_REPLACED))  # once, where a plain folder stood before
    link.replace(root)
    _flush(root.parent)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
