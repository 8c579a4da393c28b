"""Child processes that are started together and stopped in the opposite order."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Child", "ChildFailedError", "refuse_taken", "run_to_end", "running", "wait_until_answers"]

GRACE_SECONDS = 15.0


class ChildFailedError(RuntimeError):
    """A part could not be started; its log says why."""


@dataclass(frozen=True, slots=True)
class Child:
    """A part that runs beside us."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def check(self) -> None:
        """Raise ChildFailedError when the part has ended."""
        if (code := self.process.poll()) is not None:
            raise ChildFailedError(
                f"{self.log.stem}: found it ended with {code}; expected it to run; read {self.log}"
            )


def refuse_taken(host: str, ports: Mapping[str, int]) -> None:
    """Make sure that nobody listens yet where our parts will.

    Raises
    ------
    ChildFailedError
        When a port is taken: its answers would be somebody else's.
    """
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise ChildFailedError(
                    f"{name}: found port {port} taken; expected a free one; "
                    f"set LIVING_REVIEW_{name.upper()}_PORT"
                ) from None


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Child]:
    """Run a command beside us; on the way out ask it to stop, and after a while make it."""
    with log.open("ab") as file:
        child = subprocess.Popen(  # noqa: S603 - commands are our own, never a user's text
            command, env=dict(environment), stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield Child(child, log)
        finally:
            _stop(child)


def run_to_end(command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run a command and wait for it.

    Raises
    ------
    ChildFailedError
        When it ends with an error; the message names the log.
    """
    with log.open("ab") as file:
        done = subprocess.run(  # noqa: S603 - commands are our own, never a user's text
            command, env=dict(environment), stdout=file, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise ChildFailedError(
            f"{' '.join(command[:4])}: found exit code {done.returncode}; expected 0; read {log}"
        )


def wait_until_answers(url: str, *, seconds: float) -> None:
    """Return once `url` answers.

    Raises
    ------
    ChildFailedError
        When it does not within `seconds`.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise ChildFailedError(
        f"{url}: found no answer in {seconds:.0f} s; expected one; read the logs beside it"
    )


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGINT)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
