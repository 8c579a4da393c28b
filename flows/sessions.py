"""HTTP sessions as all services are asked with."""

import requests

from flows.settings import is_local

__all__ = ["make_session"]


def make_session(url: str) -> requests.Session:
    """Heed the environment's proxies and certificates, but not for this machine, and no password file."""
    session = requests.Session()
    session.trust_env = not is_local(url)
    # requests would look for the host in ~/.netrc, and send along what it finds.
    session.auth = lambda request: request
    return session
