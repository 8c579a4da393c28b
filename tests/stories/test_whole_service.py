"""The whole service: server, worker, dispatcher, desk and site, from a search to a published edition."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.triage.person import Form, forms_of

PASSWORD = "a long enough password"
STUDY = "Rehearsed study 2026"
KEY = {"comparison": "usual", "outcome": "disability", "timepoint": "post", "stratum": "non-headache"}
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Person:
    """Somebody signed in at the desk over HTTP."""

    client: httpx.Client

    def form(self, page: str, action: str) -> Form:
        """The form of a page whose action begins so."""
        answer = self.client.get(page, follow_redirects=True)
        assert answer.status_code == 200, answer.text[:300]
        return next(one for one in forms_of(answer.text) if one.action.startswith(action))

    def send(self, form: Form, **values: str) -> None:
        """Send a form; the desk answers with the next page."""
        answer = self.client.post(form.action, data={**form.values, **values})
        assert answer.status_code == 303, answer.text[:2000]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _signed_in(address: str, name: str) -> Iterator[Person]:
    with httpx.Client(base_url=address, headers={"Origin": address.rstrip("/")}) as client:
        person = Person(client)
        person.send(person.form("/login", "/login"), name=name, password=PASSWORD)
        yield person


def _until(what: str, look: Callable[[], str | None], seconds: float = 150) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(1)
    pytest.fail(f"waited {seconds} s for {what}")


@dataclass(frozen=True)
class Service:
    """The running service and its settings."""

    desk: str
    prefect: str
    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]


@pytest.fixture
def service(desk, root: Path) -> Iterator[Service]:
    """The service on free ports, with a lead and two reviewers."""
    ports = {name: _free_port() for name in ("DESK", "SITE", "PREFECT")}
    ours = {f"LIVING_REVIEW_{name}_PORT": str(port) for name, port in ports.items()}
    for name, role in (("lena", "lead"), ("rosa", "reviewer"), ("remy", "reviewer")):
        added = desk("user", "add", name, "--role", role, "--password-stdin", text=PASSWORD + "\n")
        assert added.returncode == 0, added.stderr
    environment = desk.environment() | ours
    process = subprocess.Popen(
        desk.command("up"), cwd=root, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout
    lines = [line for line in iter(process.stdout.readline, "Ctrl-C stops everything\n") if line]
    assert process.poll() is None, lines
    yield Service(
        desk=f"http://127.0.0.1:{ports['DESK']}",
        prefect=f"http://127.0.0.1:{ports['PREFECT']}/api",
        home=desk.home,
        environment=environment,
        process=process,
    )
    with process:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)


def _run_deployment(service: Service, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "deployment", "run", name, "--watch"],
        env={**os.environ, "PREFECT_API_URL": service.prefect, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]


def test_from_a_scheduled_search_to_a_published_edition(service: Service, desk) -> None:
    """A search run from its deployment, an inclusion with its effect at the desk, a signature: an edition."""
    _until("the next weekly search in Prefect's schedule", lambda: _scheduled(service, "surveillance"))
    _run_deployment(service, "surveillance/weekly")
    site = (service.home / "internet-pain" / "site" / "index.html").read_text("utf-8")
    assert "Searched pubmed through" in site
    with _signed_in(service.desk, "rosa") as rosa, _signed_in(service.desk, "remy") as remy:
        report = rosa.client.get("/api/queue/screening").json()["reports"][0]
        for person in (rosa, remy):
            person.send(person.form(f"/record/{report}", "/vote"), verdict="include")
        for person in (rosa, remy):
            form = person.form(f"/full-text/{report}", "/full-text")
            person.send(form, verdict="include", study=STUDY)
        address = f"/effect/{STUDY}?" + "&".join(f"{name}={value}" for name, value in KEY.items())
        form = rosa.form(address, "/effect")
        rosa.send(form, instrument="PDI", value="-0.25", se="0.12", locator="Table 2", report=report)
        remy.send(remy.form(f"/study/{STUDY}", "/check"))

    def rerun() -> str | None:
        pooled = json.loads(desk("status", "--json").stdout)["clocks"]["synthesised_at"]
        candidates = _sign_off_page(service)
        return pooled if STUDY in candidates else None

    _until("the candidate that holds the new study", rerun)
    with _signed_in(service.desk, "lena") as lena:
        lena.send(lena.form("/sign-off", "/sign-off"), verdict="publish", reason="One new trial.")
    edition = service.home / "internet-pain" / "site" / "v" / "1.0.0" / "index.html"
    page = _until("the edition", lambda: edition.read_text("utf-8") if edition.exists() else None)
    assert STUDY in page
    assert re.search(r"signed by\s+lena|lena", page)
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(60) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{service.desk}/health")


def _scheduled(service: Service, flow: str) -> str | None:
    """The first run of a flow that Prefect's scheduler has written by itself."""
    wanted = {"flows": {"name": {"any_": [flow]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    found = httpx.post(f"{service.prefect}/flow_runs/filter", json=wanted, timeout=30).json()
    return next((run["name"] for run in found if run["auto_scheduled"]), None)


def _sign_off_page(service: Service) -> str:
    with _signed_in(service.desk, "lena") as lena:
        return lena.client.get("/sign-off").text
