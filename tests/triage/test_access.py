"""Who may open and send what: every route, every role."""

import re

import pytest
from fastapi.routing import APIRoute

from review.people import Role
from tests.triage.person import Person
from tests.triage.world import PEOPLE, report
from triage.access import PUBLIC, RULES

EXAMPLE = {"report": report(1), "stage": "screening", "study": "Alpha 2024", "effect": "effect-1"}
WHO = {role: name for name, role in PEOPLE.items()}


def _routes(app):
    found = set()
    for module in _modules():
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            found |= {(method, route.path) for method in route.methods}
    return found


def _modules():
    from triage import app

    return app._PAGES


def test_every_route_is_in_the_table(app):
    """No page exists without a rule, and no rule without its page."""
    assert _routes(app) == set(RULES) | PUBLIC


@pytest.mark.parametrize("role", list(Role))
def test_every_route_is_closed_to_the_roles_it_is_not_for(sign_in, role):
    """Each role gets 403 exactly where the table does not name it, and never a server error."""
    person = sign_in(WHO[role])
    token = person.form("/", "/logout").values["csrf"]
    for (method, path), roles in RULES.items():
        if path == "/logout":
            continue
        address = _address(path)
        answer = person.ask(
            method, address, headers={"x-csrf-token": token}, data={} if method == "POST" else None
        )
        assert (answer.status_code == 403) == (role not in roles), f"{method} {address}: {answer.text}"
        assert answer.status_code < 500, address


def test_nothing_opens_without_an_account(app):
    """Without a session a page leads to the log-in, and everything else is refused."""
    nobody = Person(app)
    for method, path in RULES:
        answer = nobody.ask(method, _address(path))
        leads = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        assert leads if method == "GET" and not path.startswith("/api/") else answer.status_code == 401, path
    nobody.leave()


def _address(path):
    return re.sub(r"{(\w+)(:path)?}", lambda match: EXAMPLE[match[1]], path)


def test_no_change_without_the_session_token(sign_in):
    """A form without the session's token, or with another's, is refused."""
    lena, ada = sign_in("lena"), sign_in("ada")
    foreign = ada.form("/", "/logout").values["csrf"]
    for method, path in RULES:
        if method == "POST":
            answers = [lena.ask("POST", _address(path), data={"csrf": token}) for token in ("", foreign)]
            assert [one.status_code for one in answers] == [403, 403], path


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_no_change_from_another_site(store, sign_in, headers):
    """A form that a browser says comes from elsewhere is refused, token or not."""
    ada = sign_in("ada")
    form = ada.form(f"/record/{report(1)}", "/vote")
    answer = ada.ask("POST", form.action, data={**form.values, "verdict": "include"}, headers=headers)
    assert (answer.status_code, store.ledger().decisions) == (403, ())


def test_every_answer_carries_the_headers(sign_in):
    """Pages allow nothing but their own files, and are not kept by caches."""
    headers = sign_in("ada").open("/").headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_huge_form_is_refused(sign_in):
    """A body beyond the bound is answered with 413."""
    ada = sign_in("ada")
    assert ada.ask("POST", "/logout", data={"csrf": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/record/" + "9" * 400, "/queue/nonsense", "/next/1", "/nowhere", "/study/%00"]
)
def test_bad_addresses_are_sentences(sign_in, path):
    """An address that means nothing is a 4xx page with a sentence."""
    answer = sign_in("ada").ask("GET", path)
    assert 400 <= answer.status_code < 500
    assert "That was not done" in answer.text


def test_the_banner_is_on_every_page(sign_in):
    """What must be known of the data stands on each page, errors among them."""
    lena = sign_in("lena")
    pages = [
        "/",
        "/help",
        "/studies",
        "/conflicts",
        "/sign-off",
        "/mine",
        "/checks",
        "/nowhere",
        f"/record/{report(1)}",
    ]
    assert all("Rehearsal data: made up" in lena.open(page).text for page in pages)
