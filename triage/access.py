"""Who may do what: one table over all routes. A route that is not in it is closed to everybody."""

from collections.abc import Mapping

from review.people import Account, Role

__all__ = ["PUBLIC", "RULES", "can_vote", "may"]

_ALL = frozenset(Role)
_VOTERS = frozenset({Role.LEAD, Role.REVIEWER, Role.ADJUDICATOR})
_SETTLERS = frozenset({Role.LEAD, Role.ADJUDICATOR})
_EXTRACTORS = frozenset({Role.LEAD, Role.REVIEWER, Role.STATISTICIAN})
_LEAD = frozenset({Role.LEAD})

PUBLIC = frozenset({("GET", "/login"), ("POST", "/login"), ("GET", "/health")})
"""Routes that need no account."""

RULES: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/logout"): _ALL,
    ("GET", "/"): _ALL,
    ("GET", "/help"): _ALL,
    ("GET", "/record/{report:path}"): _ALL,
    ("GET", "/set-aside"): _ALL,
    ("POST", "/set-aside/{report:path}"): _VOTERS,
    ("GET", "/studies"): _ALL,
    ("GET", "/study/{study:path}"): _ALL,
    ("GET", "/sign-off"): _ALL,
    ("GET", "/queue/{stage}"): _VOTERS,
    ("GET", "/next/{stage}"): _VOTERS,
    ("GET", "/mine"): _VOTERS,
    ("POST", "/vote/{report:path}"): _VOTERS,
    ("GET", "/full-text/{report:path}"): _VOTERS,
    ("POST", "/full-text/{report:path}"): _VOTERS,
    ("POST", "/withdraw/{report:path}"): _VOTERS,
    ("GET", "/conflicts"): _VOTERS,
    ("GET", "/conflict/{report:path}"): _SETTLERS,
    ("POST", "/conflict/{report:path}"): _SETTLERS,
    ("GET", "/link/{report:path}"): _LEAD,
    ("POST", "/link/{report:path}"): _LEAD,
    ("GET", "/duplicates"): _LEAD,
    ("POST", "/duplicates"): _LEAD,
    ("POST", "/set-apart/{report:path}"): _LEAD,
    ("GET", "/effect/{study:path}"): _EXTRACTORS,
    ("POST", "/effect/{study:path}"): _EXTRACTORS,
    ("GET", "/checks"): _EXTRACTORS,
    ("POST", "/check/{effect}"): _EXTRACTORS,
    ("POST", "/sign-off"): _LEAD,
    ("GET", "/api/status"): _ALL,
    ("GET", "/api/queue/{stage}"): _VOTERS,
    ("GET", "/api/report/{report:path}"): _ALL,
    ("POST", "/api/decisions"): _VOTERS,
    ("GET", "/api/duplicates"): _LEAD,
    ("POST", "/api/duplicates"): _LEAD,
    ("POST", "/api/set-apart"): _LEAD,
}
"""Roles by method and route."""


def may(account: Account, method: str, path: str) -> bool:
    """Return whether the account may use a route, given by method and path template."""
    return account.role in RULES.get((method, path), frozenset())


def can_vote(account: Account) -> bool:
    """Return whether the account's word counts as a vote: such an account is kept blind."""
    return account.role in _VOTERS
