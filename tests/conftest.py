"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is no fault of the code: properties are judged by what they find, not by how fast.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of development data that lies beside the repository, or a skip that says so."""
    folder = Path(os.environ.get("LIVING_REVIEW_TEST_DATA", ROOT / "../shared/data")).resolve()
    if not folder.is_dir():
        pytest.skip("needs the development data in ../shared/data")
    return folder


def _allowed() -> dict[str, str]:
    lines = (ROOT / "tests" / "allowed_skips.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {test: reason for test, _, reason in pairs}


class SkipGate:
    """With CI=true a skipped test is a failure, unless it is listed with its reason."""

    def __init__(self) -> None:
        self.unexpected: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a skip that is not listed."""
        listed = any(report.nodeid.startswith(test) for test in _allowed())
        if report.skipped and not hasattr(report, "wasxfail") and not listed:
            self.unexpected.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run."""
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which."""
        for test in self.unexpected:
            terminalreporter.write_line(
                f"skipped, and not listed in tests/allowed_skips.txt: {test}", red=True
            )


def pytest_configure(config: pytest.Config) -> None:
    """Hold the gate where CI is set, in the process that collects the reports."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipGate())


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start Debian's Chromium, or skip where it is not installed."""
    chromium = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not chromium.is_file():
        pytest.skip(f"needs Chromium at {chromium}")
    return {"executable_path": str(chromium), "args": ["--no-sandbox"]}
