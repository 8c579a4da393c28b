"""Settings of one installation: the one reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

__all__ = [
    "CLINICAL_TRIALS",
    "EUROPE_PMC",
    "KNOWN",
    "NCBI_EUTILS",
    "PREFIX",
    "Settings",
    "SettingsError",
    "is_local",
    "process_environment",
    "read_settings",
]

PREFIX = "LIVING_REVIEW_"
NCBI_EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
CLINICAL_TRIALS = "https://clinicaltrials.gov/api/v2/"
EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
SHORTEST_SECRET = 16
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}

KNOWN = {
    "HOME",
    "DATABASE_URL",
    "EUTILS_URL",
    "CLINICALTRIALS_URL",
    "EUROPEPMC_URL",
    "NCBI_API_KEY",
    "EMAIL",
    "SITE_URL",
    "SECRET_KEY",
    "HOST",
    "DESK_PORT",
    "SITE_PORT",
    "PREFECT_PORT",
    "REVIEW",
    "ROOT",
}


class SettingsError(ValueError):
    """A setting cannot be used as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation chooses.

    Parameters
    ----------
    home
        Folder for databases, models, sites and backups, one folder per review.
    database_url
        SQLAlchemy URL of the review's database; empty for a SQLite file under `home`.
    email
        Sent with every request to NCBI, as its rules ask.
    secret_key
        Signs the desk's tokens; empty for one made at first start and kept under `home`.
    """

    home: Path = Path("var")
    database_url: str = ""
    eutils_url: str = NCBI_EUTILS
    clinicaltrials_url: str = CLINICAL_TRIALS
    europepmc_url: str = EUROPE_PMC
    ncbi_api_key: str = ""
    email: str = ""
    site_url: str = ""
    secret_key: str = ""
    host: str = "127.0.0.1"
    desk_port: int = 8765
    site_port: int = 8766
    prefect_port: int = 4200
    review: Path | None = None

    def __repr__(self) -> str:
        """Say everything but what is secret."""
        return f"Settings(home={self.home}, eutils_url={self.eutils_url!r}, email={self.email!r})"


def process_environment() -> dict[str, str]:
    """Return a copy of this process's environment."""
    return dict(os.environ)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from variables that begin with ``LIVING_REVIEW_``.

    Raises
    ------
    SettingsError
        When a variable with our prefix is unknown, an address is none, a port is not a number, a secret is
        too short, or a database is of a kind that is not kept.
    """
    source = process_environment() if environment is None else environment
    given = {name.removeprefix(PREFIX): text for name, text in source.items() if name.startswith(PREFIX)}
    for name in sorted(given.keys() - KNOWN):
        if not name.startswith("TEST_"):
            raise SettingsError(
                f"environment: {PREFIX}{name}: found an unknown setting; expected one of "
                f"{', '.join(sorted(KNOWN))}; correct or unset it"
            )
    return Settings(
        home=Path(given.get("HOME") or "var").absolute(),
        database_url=_database_url(given),
        eutils_url=_address(given, "EUTILS_URL", NCBI_EUTILS),
        clinicaltrials_url=_address(given, "CLINICALTRIALS_URL", CLINICAL_TRIALS),
        europepmc_url=_address(given, "EUROPEPMC_URL", EUROPE_PMC),
        ncbi_api_key=given.get("NCBI_API_KEY", ""),
        email=given.get("EMAIL", ""),
        site_url=given.get("SITE_URL", ""),
        secret_key=_secret(given),
        host=given.get("HOST") or "127.0.0.1",
        desk_port=_port(given, "DESK_PORT", 8765),
        site_port=_port(given, "SITE_PORT", 8766),
        prefect_port=_port(given, "PREFECT_PORT", 4200),
        review=Path(given["REVIEW"]) if given.get("REVIEW") else None,
    )


def is_local(url: str) -> bool:
    """Tell whether an address is on this machine: a stand-in may be asked as often as one likes."""
    return urlsplit(url).hostname in _LOOPBACK


def _database_url(given: Mapping[str, str]) -> str:
    url = given.get("DATABASE_URL", "")
    kind = url.partition(":")[0]
    if url and not url.startswith(DATABASES):
        raise SettingsError(
            f"environment: {PREFIX}DATABASE_URL: found an address of {kind[:20]!r}; expected one that begins "
            f"with {' or '.join(DATABASES)}; correct or unset it"
        )
    return url


def _address(given: Mapping[str, str], name: str, default: str) -> str:
    address = given.get(name) or default
    if not address.startswith(("http://", "https://")):
        raise SettingsError(
            f"environment: {PREFIX}{name}: found {address[:60]!r}; expected an address that begins with "
            "https:// or http://; correct or unset it"
        )
    return address


def _secret(given: Mapping[str, str]) -> str:
    secret = given.get("SECRET_KEY", "")
    if 0 < len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"environment: {PREFIX}SECRET_KEY: found {len(secret)} characters; expected at least "
            f"{SHORTEST_SECRET}; choose a longer one, or unset it and one is made"
        )
    return secret


def _port(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(
            f"environment: {PREFIX}{name}: found {text!r}; expected a port from 1 to 65535; correct it"
        )
    return int(text)
