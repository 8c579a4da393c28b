"""Fetching records over a real socket: what is asked for is received, or missing with a reason."""

import pytest

from search.errors import BadReply, SourceError
from tests.search.wire import HandClock, Scripted, article_xml, articles, pubmed_at, records, serving


def test_records_come_in_the_order_asked() -> None:
    """Records arrive in the order of the question, whatever the order of the reply."""
    with serving(records("13", "11", "12")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12", "13"])
    assert [record.pmid for record in fetched.records] == ["11", "12", "13"]
    assert (fetched.missing, wire.forms[0]["retmode"]) == ((), "xml")


def test_a_pmid_that_is_left_out_is_missing_with_a_reason() -> None:
    """PubMed leaves unknown PMIDs out in silence; they are asked for once more and then reported."""
    with serving(records("11"), records()) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert fetched.missing == (("12", "PubMed returned no record for it, asked twice"),)
    assert [form["id"] for form in wire.forms] == ["11,12", "12"]


def test_a_pmid_left_out_once_is_recovered() -> None:
    """A record that a broken page left out is had by asking for it alone."""
    with serving(records("11"), records("12")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert (len(fetched.records), fetched.missing) == (2, ())


def test_only_unknown_pmids_are_missing_not_an_error() -> None:
    """When PubMed knows none of the PMIDs it answers HTTP 400; that settles them and is not tried again."""
    said = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"
    none = Scripted(status=400, body=said)
    with serving(none) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11"])
    assert ([pmid for pmid, _ in fetched.missing], len(wire.forms)) == (["11"], 2)


def test_a_deleted_pmid_is_missing_as_deleted() -> None:
    """A DeleteCitation in the reply is the reason why a PMID is missing."""
    body = articles(article_xml("11"), "<DeleteCitation><PMID Version='1'>12</PMID></DeleteCitation>")
    with serving(Scripted(body=body)) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert fetched.missing == (("12", "PubMed has deleted it"),)


def test_a_pmid_given_and_deleted_counts_once() -> None:
    """A record that the same reply names as deleted is missing, and not received as well."""
    body = articles(article_xml("11"), "<DeleteCitation><PMID Version='1'>11</PMID></DeleteCitation>")
    with serving(Scripted(body=body)) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11"])
    assert (fetched.records, len(fetched.missing)) == ((), 1)


def test_an_unasked_record_is_refused() -> None:
    """A record that nobody asked for is refused, and named."""
    with serving(records("11", "99")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11"])
    assert ([record.pmid for record in fetched.records], fetched.refused) == (
        ["11"],
        (("99", "PubMed returned it unasked"),),
    )


def test_a_merged_pmid_is_one_finding() -> None:
    """A PMID answered with another record is missing for that reason, and the other one is named once."""
    with serving(records("11", "99"), records("99")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert (fetched.replaced, fetched.refused) == ((("12", "99"),), ())
    assert fetched.missing == (
        ("12", "PubMed returned 99 in its place: it was probably merged into that one"),
    )


def test_several_merged_pmids_are_told_apart() -> None:
    """Where several PMIDs came back under others, each is asked for alone to learn which stands for which."""
    replies = (records("98", "99"), records("98", "99"), records("99"), records("98"))
    with serving(*replies) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert fetched.replaced == (("11", "99"), ("12", "98"))
    assert [form["id"] for form in wire.forms] == ["11,12", "11,12", "11", "12"]


def test_a_pmid_merged_into_another_that_was_asked_for() -> None:
    """When the other record was asked for as well it is received, and the merged PMID still missing."""
    with serving(records("11"), records("11")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "12"])
    assert ([record.pmid for record in fetched.records], fetched.replaced) == (["11"], (("12", "11"),))


def test_the_same_record_twice_counts_once() -> None:
    """A page that repeats a record, and a PMID asked for twice, give one record."""
    with serving(records("11", "11")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "11"])
    assert (len(fetched.records), wire.forms[0]["id"]) == (1, "11")


def test_what_is_no_pmid_is_never_sent() -> None:
    """A placeholder that is no number is missing with a reason and does not spoil the batch."""
    with serving(records("11")) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(["11", "PMC12", "¹²"])
    assert ([pmid for pmid, _ in fetched.missing], wire.forms[0]["id"]) == (["PMC12", "¹²"], "11")


def test_batches_hold_two_hundred() -> None:
    """PMIDs are asked for 200 at a time, and progress is told after each batch."""
    asked = [str(number) for number in range(1, 451)]
    told: list[tuple[int, int]] = []
    replies = (records(*asked[:200]), records(*asked[200:400]), records(*asked[400:]))
    with serving(*replies) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(asked, lambda done, of: told.append((done, of)))
    assert len(fetched.records) == 450
    assert told == [(200, 450), (400, 450), (450, 450)]


def test_a_cut_reply_is_asked_for_again() -> None:
    """A reply that breaks off between two records, with HTTP 200, is noticed and asked for again."""
    cut = articles(article_xml("11"), article_xml("12")).partition(article_xml("12"))[0]
    clock = HandClock()
    with (
        serving(Scripted(body=cut, claimed=-1), records("11", "12")) as wire,
        pubmed_at(wire.url, clock=clock) as pubmed,
    ):
        assert len(pubmed.fetch(["11", "12"]).records) == 2
    assert clock.slept == [1.0]


def test_a_later_failure_keeps_what_was_received() -> None:
    """When a later batch fails, earlier records stay and every other PMID is missing with that reason."""
    asked = [str(number) for number in range(1, 402)]
    with serving(records(*asked[:200]), Scripted(status=503)) as wire, pubmed_at(wire.url) as pubmed:
        fetched = pubmed.fetch(asked)
    assert len(fetched.records) + len(fetched.missing) == len(asked)
    assert "HTTP 503" in fetched.stopped
    assert fetched.missing[-1] == ("401", f"not received: {fetched.stopped}")


def test_a_failure_of_the_first_batch_is_an_error() -> None:
    """When nothing could be had the failure itself is raised."""
    with (
        serving(Scripted(body="<html>maintenance</html>")) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(BadReply, match="PubMed EFetch: found a web page"),
    ):
        pubmed.fetch(["11"])


def test_nothing_asked_is_nothing_sent() -> None:
    """An empty question is answered without the network."""
    with serving(records()) as wire, pubmed_at(wire.url) as pubmed:
        assert pubmed.fetch([]).records == ()
    assert wire.forms == []


def test_a_malformed_record_is_never_skipped() -> None:
    """A reply with a broken record is refused as a whole rather than read around."""
    broken = articles(article_xml("11"), "<PubmedArticle><b></PubmedArticle>", article_xml("12"))
    with (
        serving(Scripted(body=broken)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(SourceError, match="malformed record"),
    ):
        pubmed.fetch(["11", "12"])


@pytest.mark.parametrize("title", ["ID list is empty!", "API key invalid", "API rate limit exceeded"])
def test_words_in_a_title_are_no_refusal(title: str) -> None:
    """An article may be called what servers say when they refuse."""
    with serving(Scripted(body=articles(article_xml("11", title)))) as wire, pubmed_at(wire.url) as pubmed:
        assert [record.title for record in pubmed.fetch(["11"]).records] == [title]
