"""Candidates, signatures, editions and status entries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review.edition import StatusEntry, UpdateVerdict
from store.errors import ConflictingRowError
from tests.store.builders import AT, STEPS, synthesis

LATER = AT + timedelta(days=1)


def test_the_latest_digest_of_a_key_is_not_written_again(store):
    """Pooling what was pooled last adds nothing."""
    store.add_synthesis(synthesis("one"))
    assert not store.add_synthesis(synthesis("one", at=LATER))


def test_an_earlier_digest_may_come_back(store):
    """A candidate that equals an older one, after another, is a new row."""
    written = [store.add_synthesis(synthesis(digest)) for digest in ("one", "two", "one")]
    assert (written, [one.digest for one in store.ledger().syntheses]) == ([True] * 3, ["one", "two", "one"])


def test_keys_are_told_apart(store):
    """The same digest under another key is another candidate."""
    other = replace(synthesis().key, outcome="another outcome")
    assert (store.add_synthesis(synthesis()), store.add_synthesis(synthesis(key=other))) == (True, True)


def test_a_signature_asks_for_publication(filled):
    """A signed decision leaves one row for the publisher."""
    assert [row.body["action"] for row in filled.pending_outbox("publication")] == ["signed"]


@pytest.mark.parametrize("verdict", [UpdateVerdict.HOLD, UpdateVerdict.NOTHING_NEW])
def test_other_words_ask_for_no_publication(filled, verdict):
    """To hold, or to find nothing new, is written and leaves the publisher alone."""
    before = filled.pending_outbox("publication")
    (signed,) = filled.ledger().update_decisions
    assert filled.sign(replace(signed, verdict=verdict))
    assert filled.pending_outbox("publication") == before


def test_a_rehearsal_has_no_signer(filled):
    """A decision that nobody signed is sealed in the name of the rehearsal."""
    (signed,) = filled.ledger().update_decisions
    filled.sign(replace(signed, signer=None))
    assert filled.audit(limit=1)[0].actor == "rehearsal"


@pytest.mark.parametrize("step", ["signature", "edition", "status", "synthesis"])
def test_what_is_there_is_not_written_again(filled, step):
    """Publishing twice is publishing once."""
    before = filled.generation()
    assert (bool(STEPS[step](filled)), filled.generation()) == (False, before)


def test_an_edition_never_changes(filled):
    """Another content under the number of an edition is refused."""
    (edition,) = filled.ledger().editions
    with pytest.raises(ConflictingRowError, match="found another syntheses"):
        filled.add_edition(replace(edition, syntheses=("digest-2",)))


def test_a_status_entry_is_known_by_its_identifier(store):
    """A second entry of one identifier is left out, whatever it says."""
    entry = StatusEntry(id="day", at=AT, title="Searched", text="Nothing new")
    store.add_status(entry)
    assert (store.add_status(replace(entry, text="Something", at=LATER)), store.ledger().status_entries) == (
        False,
        (entry,),
    )
