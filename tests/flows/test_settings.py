"""Settings come from variables with our prefix, and a slip in one is told."""

from pathlib import Path

import pytest

from flows.pubmed_client import make_pubmed
from flows.settings import KNOWN, NCBI_EUTILS, PREFIX, Settings, SettingsError, read_settings
from search.limiter import NCBI_SPACING, NCBI_SPACING_WITH_KEY


def test_nothing_set_means_the_real_pubmed_and_a_local_home():
    """Defaults need no configuration."""
    settings = read_settings({})
    assert (settings.eutils_url, settings.home) == (NCBI_EUTILS, Path("var").absolute())


def test_an_unknown_setting_is_refused():
    """A misspelt variable would otherwise be ignored in silence."""
    with pytest.raises(SettingsError, match="LIVING_REVIEW_EMIAL: found an unknown setting"):
        read_settings({"LIVING_REVIEW_EMIAL": "x"})


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1"])
def test_a_port_is_a_number_that_can_be_one(text):
    """A port that cannot be is named with its variable."""
    with pytest.raises(SettingsError, match="LIVING_REVIEW_DESK_PORT"):
        read_settings({"LIVING_REVIEW_DESK_PORT": text})


def test_secrets_are_not_shown():
    """Printing the settings shows neither key."""
    shown = repr(Settings(ncbi_api_key="nk-1", secret_key="sk-1"))
    assert "nk-1" not in shown
    assert "sk-1" not in shown


def test_ncbi_is_not_asked_without_an_address():
    """NCBI's rules ask for an e-mail address with every request."""
    with pytest.raises(SettingsError, match="LIVING_REVIEW_EMAIL"):
        make_pubmed(Settings())


def test_every_variable_is_documented(root: Path):
    """docs/reference/environment.md names each variable that the settings read."""
    page = (root / "docs/reference/environment.md").read_text("utf-8")
    assert {name for name in KNOWN if f"`{PREFIX}{name}`" not in page} == set()


def test_a_short_secret_is_refused():
    """A key that can be guessed signs nothing."""
    with pytest.raises(SettingsError, match="SECRET_KEY: found 5 characters; expected at least 16"):
        read_settings({"LIVING_REVIEW_SECRET_KEY": "short"})


def test_a_database_of_another_kind_is_refused_without_its_password():
    """The sentence names the kind, never the whole address."""
    with pytest.raises(SettingsError, match="DATABASE_URL: found an address of 'mysql'") as refused:
        read_settings({"LIVING_REVIEW_DATABASE_URL": "mysql://me:pass-1@host/name"})
    assert "pass-1" not in str(refused.value)


ADDRESSES = [
    (NCBI_EUTILS, "nk-1", NCBI_SPACING_WITH_KEY),
    (NCBI_EUTILS.rstrip("/"), "nk-1", NCBI_SPACING_WITH_KEY),
    ("https://mirror.example.org/eutils/", "", NCBI_SPACING),
    ("https://eutils.ncbi.nlm.nih.gov.example.org/", "", NCBI_SPACING),
]


@pytest.mark.parametrize(("url", "key", "spacing"), ADDRESSES)
def test_key_and_pace_go_together(tmp_path, url, key, spacing):
    """NCBI alone is sent the key, and only who sends it asks ten times a second."""
    settings = Settings(home=tmp_path, email="a@example.org", ncbi_api_key="nk-1", eutils_url=url)
    client = make_pubmed(settings)
    assert (client._key, client._transport.limiter.spacing) == (key, spacing)


@pytest.mark.parametrize("name", ["EUTILS_URL", "CLINICALTRIALS_URL", "EUROPEPMC_URL"])
def test_an_address_begins_like_one(name):
    """What is no address is refused by its name before anything is asked."""
    with pytest.raises(SettingsError, match=f"LIVING_REVIEW_{name}: found 'notaurl'"):
        read_settings({f"LIVING_REVIEW_{name}": "notaurl"})
