"""Signing in and out, and the accounts behind it."""

import pytest

from review.people import Role
from tests.triage.person import Person
from tests.triage.world import PASSWORD, START
from triage import accounts
from triage.app import create_app
from triage.errors import WrongError


def _session(person):
    return person.client.cookies.get("desk")


def test_signing_in_opens_the_desk(app):
    """With name and password a person reaches home."""
    ada = Person(app, "ada")
    answer = ada.log_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    ada.leave()


def test_the_session_cookie_is_out_of_reach_of_scripts(app):
    """The cookie is HttpOnly and SameSite=Lax."""
    ada = Person(app, "ada")
    cookie = next(one for one in ada.log_in().headers.get_list("set-cookie") if one.startswith("desk="))
    ada.leave()
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_over_https_cookies_are_bound_to_the_host(store):
    """With secure cookies the names carry __Host- and the flag Secure."""
    from tests.triage.world import PROTOCOL, Clock

    app = create_app(store, PROTOCOL, clock=Clock(), secret_key="a secret key for tests", secure_cookies=True)
    ada = Person(app, "ada")
    cookie = ada.ask("GET", "/login").headers["set-cookie"]
    ada.leave()
    assert cookie.startswith("__Host-desk-login=")
    assert "Secure" in cookie


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_reads_like_a_wrong_password(app, name, password):
    """The answer does not tell which of the two was wrong."""
    person = Person(app, name)
    answer = person.log_in(password)
    person.leave()
    assert answer.status_code == 422
    assert "Name and password do not match" in answer.text


def test_an_unknown_name_is_checked_against_a_hash_too(app, monkeypatch, store):
    """A name that nobody has costs one check of a password, like any other."""
    checked = []
    verify = accounts._HASHER.verify
    monkeypatch.setattr(accounts._HASHER, "verify", lambda *given: checked.append(given) or verify(*given))
    accounts.sign_in(store, "nobody", PASSWORD, dummy_hash=app.state.desk.dummy_hash, now=START)
    assert len(checked) == 1


def test_ten_failures_close_the_name_for_a_while(app):
    """The eleventh attempt is refused, even with the right password."""
    ada = Person(app, "ada")
    for _ in range(10):
        ada.log_in("wrong password")
    assert ada.log_in().status_code == 429
    ada.leave()


def test_signing_in_changes_the_session(app):
    """A session identifier known before is worth nothing after."""
    ada = Person(app, "ada")
    ada.log_in()
    first = _session(ada)
    ada.log_in()
    assert _session(ada) != first
    ada.leave()


def test_signing_out_ends_the_session_on_the_server(sign_in):
    """The cookie of a session that was left opens nothing."""
    ada = sign_in("ada")
    kept = _session(ada)
    ada.send(ada.form("/", "/logout"))
    answer = ada.ask("GET", "/", headers={"cookie": f"desk={kept}"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_signing_in_leads_to_no_other_site(app, wanted):
    """A next address on another site is forgotten."""
    ada = Person(app, "ada")
    form = ada.form("/login", "/login")
    answer = ada.send(form, name="ada", password=PASSWORD, next=wanted)
    ada.leave()
    assert answer.headers["location"] == "/"


def test_signing_in_leads_back_to_the_page_asked_for(app):
    """Who was sent to the log-in from a page comes back to it."""
    ada = Person(app, "ada")
    leads = ada.ask("GET", "/record/files:001").headers["location"]
    form = ada.form(leads, "/login")
    assert ada.send(form, name="ada", password=PASSWORD).headers["location"] == "/record/files:001"
    ada.leave()


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("Ada Lovelace", Role.LEAD, PASSWORD), ("ada", "boss", PASSWORD), ("ada", Role.LEAD, "short")],
)
def test_accounts_are_refused_with_a_sentence(store, name, role, password):
    """A name, role or password that cannot be used says what was expected."""
    with pytest.raises(WrongError, match="expected"):
        accounts.create_account(store, name, role, password, "Ada", at=START)


def test_a_short_secret_key_is_refused(store):
    """The desk does not start on a key that can be guessed."""
    from tests.triage.world import PROTOCOL, Clock

    with pytest.raises(ValueError, match="at least 16"):
        create_app(store, PROTOCOL, clock=Clock(), secret_key="short")
