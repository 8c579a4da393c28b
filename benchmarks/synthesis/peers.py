"""The other packages: R's metafor, and PyMARE with statsmodels in an environment of their own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

__all__ = ["ONE_CORE", "metafor", "missing", "ours", "pymare", "python_of_peers"]

WANTED = ("pymare==0.0.13", "statsmodels==0.15.0")
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
HERE = Path(__file__).parent
HOUSE = HERE.parents[1]
_HOME = Path.home() / ".cache" / "living-review" / "peers" / WANTED[0].replace("==", "-")


def python_of_peers(given: Path | None = None) -> Path | None:
    """Return the Python of an environment with PyMARE and statsmodels; None where none can be made."""
    python = (given or _HOME / "bin" / "python").absolute()
    if given is None and not python.exists():
        print(f"Setting up {' '.join(WANTED)} in an environment of their own (once)", file=sys.stderr)
        venv.create(_HOME, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", *WANTED], check=False)  # noqa: S603
        if done.returncode:
            shutil.rmtree(_HOME)
            return None
    return python if python.exists() else None


def missing(python: Path | None) -> list[str]:
    """Return a sentence for each package that cannot be measured here."""
    said = []
    if not _has_metafor():
        said.append(
            "metafor is not measured: no Rscript with metafor on this machine (Debian: r-cran-metafor)."
        )
    if python is None:
        said.append(f"{' and '.join(WANTED)} are not measured: no environment holds them (`--peer`).")
    return said


def metafor(script: str, *arguments: str | Path) -> dict[str, Any] | None:
    """Run one of the R scripts in `peer/`; None without metafor."""
    return _run(["Rscript", "--vanilla", HERE / "peer" / script, *arguments]) if _has_metafor() else None


def pymare(python: Path | None, script: str, *arguments: str | Path) -> dict[str, Any] | None:
    """Run one of the Python scripts in `peer/`; None without an environment."""
    return None if python is None else _run([python, "-W", "ignore", HERE / "peer" / script, *arguments])


def ours(script: str, *arguments: str | Path) -> dict[str, Any]:
    """Run one of the scripts beside us in a process of its own."""
    return _run([sys.executable, HERE / script, *arguments])


def _run(command: list[str | Path]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.json")
        env = {**os.environ, **ONE_CORE, "PYTHONPATH": str(HOUSE)}
        subprocess.run([*map(str, command), str(out)], check=True, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
        found: dict[str, Any] = json.loads(out.read_text())
        return found


def _has_metafor() -> bool:
    if shutil.which("Rscript") is None:
        return False
    ask = ["Rscript", "--vanilla", "-e", "quit(status = !requireNamespace('metafor', quietly = TRUE))"]
    return subprocess.run(ask, check=False, capture_output=True).returncode == 0  # noqa: S603
