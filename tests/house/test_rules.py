"""Rules of the house that no other tool holds."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

PACKAGES = ("review", "search", "classifier", "synthesis", "store", "triage", "publisher", "flows")
FLOW_FILES = ("surveillance", "training", "resynthesis", "publication")


def _sources(root: Path) -> list[Path]:
    return [path for package in PACKAGES for path in (root / package).rglob("*.py")]


def test_no_flow_file_is_named_like_a_package(root: Path) -> None:
    """Prefect loads a flow file under its bare name, so that name must not hide a package."""
    stems = {path.stem for path in (root / "flows").glob("*.py")}
    assert not stems & set(PACKAGES)


def test_every_entrypoint_of_prefect_yaml_loads(root: Path) -> None:
    """Each deployment's flow imports for real: a broken import would otherwise show only at run time."""
    script = (
        "import sys, yaml\n"
        "from prefect.flows import load_flow_from_entrypoint\n"
        "entries = [d['entrypoint'] for d in yaml.safe_load(open('prefect.yaml'))['deployments']]\n"
        "assert entries\n"
        "for entry in entries: load_flow_from_entrypoint(entry, use_placeholder_flow=False)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_environment_is_read_in_one_place(root: Path) -> None:
    """Only flows/settings.py knows os.environ."""
    readers = [path for path in _sources(root) if re.search(r"os\.environ|getenv", path.read_text("utf-8"))]
    assert readers == [root / "flows" / "settings.py"]


def test_nothing_unpickles(root: Path) -> None:
    """No module can load a pickle: a model file could run anything."""
    loads = re.compile(r"\b(pickle|joblib|cloudpickle|dill|marshal)\b")
    guilty = [path for path in _sources(root) if loads.search(path.read_text("utf-8"))]
    assert guilty == []


def test_the_clock_is_read_in_one_place(root: Path) -> None:
    """Only the wiring asks what time it is; everything below is told."""
    asks = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(")
    readers = [path for path in _sources(root) if asks.search(path.read_text("utf-8"))]
    assert readers == [root / "flows" / "place.py"]


def test_every_silenced_check_gives_its_reason(root: Path) -> None:
    """A noqa or type-ignore says why, on its own line."""
    bare = re.compile(r"# noqa(?::\s*[A-Z0-9, ]+)?\s*$|# type: ignore(?:\[[^\]]*\])?\s*$", re.MULTILINE)
    guilty = [path for path in _sources(root) if bare.search(path.read_text("utf-8"))]
    assert guilty == []


def test_every_runtime_dependency_is_explained(root: Path) -> None:
    """docs/explanation/dependencies.md names each package that is installed with us, and why."""
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    page = (root / "docs/explanation/dependencies.md").read_text("utf-8")
    names = [re.split(r"[\[<>=]", one)[0] for one in declared]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_the_lock_knows_no_address(root: Path) -> None:
    """requirements.lock holds versions and hashes, and no index it came from."""
    lock = (root / "requirements.lock").read_text("utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock


def test_the_wheel_holds_what_runs(root: Path, tmp_path: Path) -> None:
    """The wheel carries all packages with their templates and migrations, and nothing else."""
    copy = tmp_path / "source"
    shutil.copytree(
        root, copy, ignore=shutil.ignore_patterns(".venv", "var", ".git", "build", "*.egg-info", "protocols")
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(tmp_path),
            str(copy),
        ],
        check=True,
        timeout=120,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == set(PACKAGES)
    for package, ending in (
        ("triage", ".html"),
        ("publisher", ".html"),
        ("flows", ".toml"),
        ("store", "0001"),
    ):
        assert any(name.startswith(package) and ending in name for name in names), package


@pytest.mark.parametrize("package", PACKAGES)
def test_no_source_line_names_a_machine(root: Path, package: str) -> None:
    """No path of somebody's machine stands in the code."""
    guilty = [path for path in (root / package).rglob("*.py") if "/root/" in path.read_text("utf-8")]
    assert guilty == []
