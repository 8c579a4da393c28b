"""Everything on one machine: server, worker, dispatcher, desk and site, started and stopped together."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.place import Place, open_place_store, utc_now
from flows.publishing import republish
from flows.serving.dispatcher import Dispatcher
from flows.serving.processes import Child, refuse_taken, run_to_end, running, wait_until_answers
from flows.serving.waking import wake
from flows.settings import process_environment

__all__ = ["POOL", "Parts", "dispatch_until", "everything", "run_everything"]

POOL = "living-review"
DISPATCH_SECONDS = 2.0
SERVER_SECONDS = 120.0
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Addresses of the running parts."""

    desk: str
    site: str
    prefect: str
    children: tuple[Child, ...] = ()


def run_everything(place: Place, say: Callable[[str], None]) -> None:
    """Start all parts, say where they are, and stop them cleanly on Ctrl-C or a request to end."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    say("starting (the first time takes half a minute)")
    with everything(place) as parts:
        say(f"desk     {parts.desk}")
        say(f"site     {parts.site}")
        say(f"Prefect  {parts.prefect}")
        say("Ctrl-C stops everything")
        dispatch_until(stop, place, parts)
        say("stopping")
    say("stopped")


@contextmanager
def everything(place: Place) -> Iterator[Parts]:
    """Run Prefect server, worker with deployments, desk and site; stop them on the way out."""
    settings = place.settings
    parts = Parts(
        desk=f"http://{settings.host}:{settings.desk_port}/",
        site=f"http://{settings.host}:{settings.site_port}/",
        prefect=f"http://{settings.host}:{settings.prefect_port}/",
    )
    ports = {"desk": settings.desk_port, "site": settings.site_port, "prefect": settings.prefect_port}
    refuse_taken(settings.host, ports)
    environment = _environment(place, parts)
    logs = place.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with open_place_store(place) as store:
        republish(place, store, utc_now())
    desk = ["-m", "flows", "desk", "--review", str(place.folder)]
    with ExitStack() as stack:
        server = _python("-m", "prefect", "server", "start", "--host", settings.host)
        server += ["--port", str(settings.prefect_port)]
        children = [
            stack.enter_context(running(server, environment, logs / "server.log")),
            stack.enter_context(running(_python(*desk), environment, logs / "desk.log")),
            stack.enter_context(running(_site(place), environment, logs / "site.log")),
        ]
        wait_until_answers(f"{parts.prefect}api/health", seconds=SERVER_SECONDS)
        _deploy(environment, logs / "deploy.log")
        worker = _python("-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process")
        children.append(stack.enter_context(running(worker, environment, logs / "worker.log")))
        wait_until_answers(f"{parts.desk}health", seconds=SERVER_SECONDS)
        yield replace(parts, children=tuple(children))


def dispatch_until(stop: threading.Event, place: Place, parts: Parts) -> None:
    """Wake flows for what the outbox holds, until told to stop; a part that has ended ends all of it."""
    dispatcher = Dispatcher(review=place.protocol.id, submit=wake)
    api = {PREFECT_API_URL: f"{parts.prefect}api"}
    with temporary_settings(api), open_place_store(place) as store:
        while not stop.wait(DISPATCH_SECONDS):
            for child in parts.children:
                child.check()
            dispatcher.dispatch(store)


def _environment(place: Place, parts: Parts) -> dict[str, str]:
    settings = place.settings
    home = place.home / "prefect"
    return {
        **process_environment(),
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{parts.prefect}api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "LIVING_REVIEW_HOME": str(settings.home),
        "LIVING_REVIEW_ROOT": str(PROJECT),
        "LIVING_REVIEW_REVIEW": str(place.folder.resolve()),
        "LIVING_REVIEW_DESK_PORT": str(settings.desk_port),
    }


def _deploy(environment: dict[str, str], log: Path) -> None:
    pool = ["work-pool", "create", POOL, "--type", "process", "--overwrite"]
    run_to_end(_python("-m", "prefect", *pool), environment, log)
    deploy = ["--no-prompt", "deploy", "--all", "--prefect-file", str(PROJECT / "prefect.yaml")]
    run_to_end(_python("-m", "prefect", *deploy), environment, log)


def _site(place: Place) -> list[str]:
    settings = place.settings
    folder = ["--bind", settings.host, "--directory", str(place.site)]
    return _python("-m", "http.server", str(settings.site_port), *folder)


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
