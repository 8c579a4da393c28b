"""The command line says what it does, and the page about it misses nothing."""

import json
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from flows.cli import watching
from flows.cli.app import app, main
from flows.cli.ports import PortError, require_free
from flows.cli.refusals import sentence
from flows.errors import Refused


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


RUNS_ON = {"desk", "up"}


def _leaves():
    commands = dict(typer.main.get_command(app).commands)
    user = commands.pop("user").commands
    return commands | {f"user {name}": one for name, one in user.items()}


@pytest.mark.parametrize("name", sorted(_leaves().keys() - RUNS_ON))
def test_what_prints_takes_json(name):
    """Each command that ends prints for machines on request."""
    assert "--json" in {option for one in _leaves()[name].params for option in one.opts}


def test_no_help_is_cut():
    """The list of commands shows each sentence whole."""
    cut = [name for name, one in _leaves().items() if one.get_short_help_str(60).endswith("...")]
    assert cut == []


@pytest.fixture
def review(root, tmp_path, monkeypatch):
    """A small review's folder, with a home of its own."""
    monkeypatch.setenv("LIVING_REVIEW_HOME", str(tmp_path / "home"))
    return root / "protocols" / "bcg-tuberculosis"


def _refused(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return end.value.code, capsys.readouterr().err.strip().splitlines()


def test_what_was_made_is_said_in_json(tmp_path, capsys):
    """A machine reads the paths that 'new' wrote."""
    with pytest.raises(SystemExit, match="0"):
        main(["new", str(tmp_path / "r"), "--json"])
    wrote = json.loads(capsys.readouterr().out)["wrote"]
    assert str(tmp_path / "r" / "protocol.toml") in wrote


@pytest.mark.parametrize("command", [["status"], ["migrate"], ["restore", "backup.db"]])
def test_a_file_that_is_no_database_is_told(review, tmp_path, capsys, command):
    """A broken database is a failure of the world: one sentence, exit code 1."""
    file = tmp_path / "home" / "bcg-tuberculosis" / "review.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database " * 500)
    code, lines = _refused(capsys, *command, "--review", str(review))
    assert (code, len(lines)) == (1, 1)
    assert "file is not a database" in lines[0]


def test_a_home_that_is_no_folder_is_told(review, tmp_path, capsys):
    """The sentence names the path."""
    (tmp_path / "home").touch()
    code, lines = _refused(capsys, "status", "--review", str(review))
    assert (code, len(lines)) == (1, 1)
    assert "home/bcg-tuberculosis: found 'Not a directory'" in lines[0]


def test_a_missing_right_is_told():
    """An error of the system reads as a sentence with its path."""
    told = sentence(PermissionError(13, "Permission denied", "/srv/x"))
    assert told.startswith("/srv/x: found 'Permission denied'")


def test_a_locked_file_is_told_without_its_sql():
    """Of a database's error the cause is told, in one line."""
    assert "\n" not in sentence(sqlite3.OperationalError("database is\nlocked"))


ASKED = [
    ["backup", "no-such-folder/x.db"],
    ["export", "--out", "no-such-folder/x.ris"],
    ["evaluate"],
    ["sign", "--as", "nobody", "--reason", "Why."],
    ["decide", "no-report", "include", "--as", "nobody"],
]


@pytest.mark.parametrize("command", ASKED, ids=[command[0] for command in ASKED])
def test_a_request_that_cannot_be_met_is_told(review, capsys, command):
    """Wrong use gives one sentence and exit code 2."""
    code, lines = _refused(capsys, *command, "--review", str(review))
    assert (code, len(lines)) == (2, 1)


def test_a_file_is_no_review(review, capsys):
    """A path that is no folder is told like one that is not there."""
    code, lines = _refused(capsys, "check", "--review", str(review / "protocol.toml"))
    assert (code, len(lines)) == (2, 1)
    assert "expected a review's protocol" in lines[0]


def test_a_port_in_use_is_told():
    """The desk does not start, and the sentence names the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"127.0.0.1:{port}: found 'Address already in use'"):
            require_free("127.0.0.1", port)


def test_the_demo_runs_from_anywhere(root, tmp_path, monkeypatch):
    """The bundled review is found beside the code, wherever the command is given."""
    monkeypatch.chdir(tmp_path)
    assert watching._bundled() == root / "protocols" / "internet-pain"


def test_an_installation_without_reviews_says_so(tmp_path, monkeypatch):
    """Where the source is not there, neither is the demo."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watching, "PROJECT", tmp_path)
    with pytest.raises(Refused, match="expected the one that the project's source brings along"):
        watching._bundled()
