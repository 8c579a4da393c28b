"""Accounts, sessions and failed sign-ins."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review.ids import Reviewer
from review.people import Account, Role
from store.errors import ConflictingRowError, UnknownRowError
from tests.store.builders import AT

ADA = Account(name=Reviewer("ada"), role=Role.LEAD, full_name="Ada Example")
HOUR = timedelta(hours=1)


@pytest.fixture
def staffed(store):
    """Open a store with one account that is signed in."""
    store.add_account(ADA, "hash", at=AT)
    store.open_session("token", "ada", AT + 8 * HOUR, AT)
    return store


def test_an_account_comes_back(staffed):
    """An account is found by its name, its hash apart."""
    assert (staffed.account("ada"), staffed.password_hash("ada")) == (ADA, "hash")


def test_accounts_are_listed_by_name(staffed):
    """All accounts are listed in the order of their names."""
    staffed.add_account(replace(ADA, name=Reviewer("aaron")), "hash", at=AT)
    assert [one.name for one in staffed.accounts()] == ["aaron", "ada"]


@pytest.mark.parametrize("name", ["nobody", "", "ada\x00", "\ud800", "a" * 1_000_000])
def test_an_unknown_name_has_no_account(staffed, name):
    """Whatever is typed as a name, it is nobody's unless it is one."""
    assert (staffed.account(name), staffed.password_hash(name)) == (None, None)


def test_a_name_is_taken_once(staffed):
    """A second account of one name is refused, and the first keeps its password."""
    with pytest.raises(ConflictingRowError, match="taken"):
        staffed.add_account(ADA, "another hash", at=AT)
    assert staffed.password_hash("ada") == "hash"


def test_a_session_is_its_account(staffed):
    """A session that has not ended is the account that signed in."""
    assert staffed.session("token", AT + HOUR) == ADA


def test_a_session_ends(staffed):
    """At the hour of its end a session is nobody's."""
    assert staffed.session("token", AT + 8 * HOUR) is None


def test_signing_out_ends_the_session(staffed):
    """A closed session is nobody's; closing it again is no error."""
    for _ in range(2):
        staffed.close_session("token")
    assert staffed.session("token", AT) is None


def test_a_new_password_signs_out(staffed):
    """Setting a password replaces the hash and ends every session of the account."""
    staffed.set_password("ada", "new hash", at=AT)
    assert (staffed.password_hash("ada"), staffed.session("token", AT)) == ("new hash", None)


def test_a_closed_account_is_signed_out(staffed):
    """An account that is no longer active has no session, not even after it is active again."""
    staffed.change_account(replace(ADA, active=False), at=AT)
    staffed.change_account(ADA, at=AT)
    assert staffed.session("token", AT) is None


def test_a_role_may_change(staffed):
    """A changed role holds in the running session."""
    staffed.change_account(replace(ADA, role=Role.READER), at=AT, by="bea")
    assert staffed.session("token", AT).role is Role.READER


def test_only_accounts_sign_in(staffed):
    """A session needs an account."""
    with pytest.raises(UnknownRowError, match="nobody"):
        staffed.open_session("other", "nobody", AT + HOUR, AT)


def test_changes_of_accounts_are_audited(staffed):
    """Who was given which role is in the audit chain; no hash and no token is."""
    staffed.set_password("ada", "secret hash", at=AT)
    rows = staffed.audit()
    assert [row.action for row in rows] == ["password set", "account added"]
    assert "hash" not in rows[0].body.replace("sha256", "")


def test_failed_sign_ins_are_counted(staffed):
    """Failures count from a moment on, and by name."""
    for minutes in (0, 10, 20):
        staffed.note_login_failure("ada", AT + timedelta(minutes=minutes))
    staffed.note_login_failure("bea", AT)
    assert staffed.login_failures("ada", AT + timedelta(minutes=10)) == 2


@pytest.mark.parametrize("name", ["\x00", "\ud800", "a" * 1_000_000])
def test_any_name_may_fail(staffed, name):
    """Whatever is typed as a name, its failure is counted."""
    staffed.note_login_failure(name, AT)
    assert staffed.login_failures(name, AT) == 1
