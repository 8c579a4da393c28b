"""The command line says what it does, and the page about it misses nothing."""

import re
import subprocess
import sys
from pathlib import Path

import typer

from flows.cli.app import app


def _names() -> set[str]:
    return set(typer.main.get_command(app).commands)


def test_every_command_is_documented(root: Path):
    """docs/reference/command-line.md names each command."""
    page = (root / "docs/reference/command-line.md").read_text("utf-8")
    named = {text.split()[0] for text in re.findall(r"`([a-z][^`]*)`", page)}
    assert _names() - named == set()


def test_every_command_has_help():
    """Each command says in one sentence what it does."""
    silent = [name for name, command in typer.main.get_command(app).commands.items() if not command.help]
    assert silent == []


def test_help_is_quick_because_it_imports_little(root: Path):
    """Asking for help loads neither the classifier nor Prefect nor the desk."""
    script = (
        "import sys\nfrom flows.cli.app import app\n"
        "print([m for m in ('sklearn', 'prefect', 'fastapi', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
