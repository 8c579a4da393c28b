"""A reader never sees half a site: not while it is written, not after a crash."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.deploy import BusyError, DeployError, checksums, deploy, exclusive, read_sums

OLD = {"index.html": b"old", "v/1/index.html": b"edition"}
NEW = {"index.html": b"new", "data/a.csv": b"a"}

CRASHING = """
import os, signal, sys
from pathlib import Path
from publisher.deploy import deploy

left = int(sys.argv[2])

def crashing(real):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call

for name in ("fsync", "link", "rename", "replace", "symlink", "mkdir"):
    setattr(os, name, crashing(getattr(os, name)))
deploy(Path(sys.argv[1]), {"index.html": b"new", "data/a.csv": b"a"}, carried=["v/1"])
"""


@pytest.fixture
def site(tmp_path) -> Path:
    root = tmp_path / "site"
    deploy(root, OLD)
    return root


def content(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }


def test_files_stand_where_they_should(site):
    """Every file is found below the root."""
    assert content(site) == OLD


def test_new_site_replaces_the_old_one_and_carries_editions(site):
    """What is carried stays, what is not written again is gone."""
    deploy(site, NEW, carried=["v/1"])
    assert content(site) == {**NEW, "v/1/index.html": b"edition"}


def test_carried_file_is_the_same_file(site):
    """A carried edition is linked, not written again."""
    before = (site / "v/1/index.html").stat().st_ino
    deploy(site, NEW, carried=["v/1"])
    assert (site / "v/1/index.html").stat().st_ino == before


def test_same_content_twice_is_one_site(site):
    """Deploying the same bytes again changes nothing a reader can see."""
    deploy(site, OLD)
    assert content(site) == OLD


def test_only_the_present_and_the_previous_build_are_kept(site):
    """Readers of the last site finish reading; older builds are removed."""
    for number in range(4):
        deploy(site, {"index.html": str(number).encode()})
    builds = [path for path in site.parent.glob(".site.builds/*") if path.is_dir()]
    assert len(builds) == 2


def test_checksums_cover_every_file(site):
    """The list of checksums names every file but itself."""
    assert set(read_sums((site / "SHA256SUMS").read_text())) == set(OLD)


def test_checksums_are_what_sha256sum_checks(site):
    """The system's own program accepts the list."""
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=site, check=False)
    assert done.returncode == 0


def test_checksums_read_back():
    """Paths and digests survive writing and reading."""
    assert set(read_sums(checksums(OLD).decode())) == set(OLD)


def test_empty_folder_may_become_the_site(tmp_path):
    """A folder that was made beforehand is taken."""
    (tmp_path / "site").mkdir()
    deploy(tmp_path / "site", OLD)
    assert content(tmp_path / "site") == OLD


def test_foreign_folder_is_refused(tmp_path):
    """A folder with other people's files is left alone."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("mine")
    with pytest.raises(DeployError, match="found other files"):
        deploy(tmp_path / "site", OLD)


def test_plain_copy_of_a_site_is_replaced(site, tmp_path):
    """A site restored from a backup as a plain folder is published to again."""
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-rL", str(site), str(copy)], check=True)
    deploy(copy, NEW, carried=["v/1"])
    assert content(copy) == {**NEW, "v/1/index.html": b"edition"}


def test_pages_can_be_read_by_a_web_server(site):
    """Folders and files are open to other accounts of the machine."""
    modes = [path.stat().st_mode & 0o005 for path in (site.resolve(), site / "v")]
    assert modes == [0o005, 0o005]


def test_second_publisher_is_sent_away(site):
    """Two processes never publish to the same place at once."""
    with exclusive(site), pytest.raises(BusyError, match="another process"), exclusive(site):
        pass


def test_place_is_free_again(site):
    """Whoever is done leaves the place to the next."""
    with exclusive(site):
        pass
    with exclusive(site):
        assert content(site) == OLD


def test_crash_between_the_renames_is_undone(site, tmp_path):
    """A plain folder that was moved aside when the machine died is put back."""
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-rL", str(site), str(copy)], check=True)
    (tmp_path / ".copy.builds").mkdir()
    copy.rename(tmp_path / ".copy.builds" / "unfinished-replaced")
    with exclusive(copy):
        assert content(copy) == OLD


def test_full_disk_leaves_the_old_site(site, monkeypatch):
    """An error while writing leaves the old site as it was."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        deploy(site, NEW, carried=["v/1"])
    assert content(site) == OLD


def test_kill_at_any_moment_leaves_a_whole_site(site, root):
    """Killed before any of its steps, a deployment leaves the old or the new site, never a mixture."""
    whole = (OLD, {**NEW, "v/1/index.html": b"edition"})
    codes = []
    for step in range(0, 40, 3):
        done = subprocess.run([sys.executable, "-c", CRASHING, str(site), str(step)], cwd=root, check=False)
        codes.append(done.returncode)
        assert content(site) in whole
        deploy(site, OLD)
    assert {-signal.SIGKILL, 0} == set(codes)
