"""Child processes that are started together and stopped in the opposite order."""

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["ChildFailedError", "run_to_end", "running", "wait_until_answers"]

GRACE_SECONDS = 15.0


class ChildFailedError(RuntimeError):
    """A part could not be started; its log says why."""


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Run a command beside us; on the way out ask it to stop, and after a while make it."""
    with log.open("ab") as file:
        child = subprocess.Popen(  # noqa: S603 - commands are our own, never a user's text
            command, env=dict(environment), stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
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
