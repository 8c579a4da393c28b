"""The import contracts fail when somebody breaks them: each is seen to fail under sabotage."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("review", "search", "classifier", "synthesis", "store", "triage", "publisher", "flows")
SABOTAGE = {
    "sideways": ("search/errors.py", "import store.schema", "The house has four floors"),
    "upward": ("review/record.py", "import search.errors", "The house has four floors"),
    "machinery in the science": ("synthesis/arrays.py", "import sqlite3", "The science knows no machinery"),
    "Prefect outside flows": ("store/schema.py", "import prefect", "Only flows knows Prefect"),
}


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages that may be broken."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(root / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", folder)
    return folder


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_house_stands(copy: Path) -> None:
    """All contracts are kept."""
    done = _lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("how", SABOTAGE)
def test_a_broken_contract_is_noticed(copy: Path, how: str) -> None:
    """An import that breaks a contract turns the check red and names the contract."""
    file, line, contract = SABOTAGE[how]
    path = copy / file
    whole = path.read_text("utf-8")
    try:
        path.write_text(f"{whole}\n{line}\n", encoding="utf-8")
        done = _lint(copy)
    finally:
        path.write_text(whole, encoding="utf-8")
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout
