"""The pace of requests is one for a user and a key, whatever the home of the review."""

import os

import pytest
import requests

from flows.pubmed_client import make_pubmed
from flows.settings import Settings, SettingsError
from flows.shared_pace import shared_limiter
from search.clocks import MonotonicClock
from search.standin.server import StandIn

CLOCK = MonotonicClock()


def test_two_homes_share_one_pace(tmp_path, monkeypatch):
    """Reviews with homes of their own, asked for under other HOMEs, keep their pace in one file."""
    paths = []
    for home in ("one", "two"):
        monkeypatch.setenv("HOME", str(tmp_path / home))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / home))
        paths.append(shared_limiter("eutils", 0.37, CLOCK).path)
    assert paths[0] == paths[1]


def test_each_key_has_a_pace_of_its_own(tmp_path):
    """Two keys, and none, are counted apart; no key stands in a file's name."""
    paths = {shared_limiter("eutils", 0.11, CLOCK, key=key, above=tmp_path).path for key in ("", "k1", "k2")}
    assert len(paths) == 3
    assert not any("k1" in path.name or "k2" in path.name for path in paths)


def test_only_we_can_write_there(tmp_path):
    """The folder is ours alone."""
    place = shared_limiter("eutils", 0.37, CLOCK, above=tmp_path).path.parent
    assert place.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", ["link", "open"])
def test_a_place_of_others_is_refused(tmp_path, kind):
    """A link, or a folder that everybody can write to, is no place for a limit."""
    place = tmp_path / f"living-review-{os.getuid()}"
    if kind == "link":
        (tmp_path / "elsewhere").mkdir()
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.mkdir()
        place.chmod(0o777)
    with pytest.raises(SettingsError, match="others can write to"):
        shared_limiter("eutils", 0.37, CLOCK, above=tmp_path)


def test_a_key_is_never_sent_in_the_clear():
    """NCBI's address without TLS is refused where a key is set."""
    settings = Settings(
        eutils_url="http://eutils.ncbi.nlm.nih.gov/entrez/eutils/", ncbi_api_key="k" * 36, email="a@b.org"
    )
    with pytest.raises(SettingsError, match="expected https"):
        make_pubmed(settings)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch):
    """The stand-in is reached directly, whatever proxy the environment names."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with StandIn([]) as standin:
        assert make_pubmed(Settings(), standin.url).build()


def test_no_password_file_is_read(tmp_path, monkeypatch):
    """What a ~/.netrc says of the host is not sent along."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    session = make_pubmed(Settings(email="a@b.org")).session
    prepared = session.prepare_request(requests.Request("GET", "https://eutils.ncbi.nlm.nih.gov/"))
    assert "Authorization" not in prepared.headers
