"""ESearch of the stand-in: what it finds, how it pages, and how it warns."""

from datetime import date

import pytest
import requests

from search.standin.server import StandIn
from tests.search import pain
from tests.search.standins import BARE, FULL, INDEXED, ask, asked, ids, many


@pytest.fixture(scope="module")
def standin():
    with StandIn([FULL, INDEXED, BARE]) as running:
        yield running


@pytest.fixture(scope="module")
def large():
    with StandIn(many(10_050)) as running:
        yield running


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ('"web based"[tiab]', ["900000002", "900000001"]),
        ("chronic pain[mh]", ["900000001"]),
        ("trial[ti] NOT pain[tiab]", ["900000003"]),
        ("900000003[uid] OR 900000001[uid]", ["900000001", "900000003"]),
        ("2015:3000[edat]", ["900000002"]),
        ("nothing[ti]", []),
    ],
)
def test_terms_are_evaluated(standin, term, found):
    """The query is evaluated; the newest entry comes first."""
    assert ids(asked(standin, "esearch", term=term)) == found


def test_get_and_post_answer_alike(standin):
    """The same question in the address and in the body gets the same answer."""
    form = {"db": "pubmed", "term": "trial[ti] AND pain[tiab]"}
    by_get = requests.get(f"{standin.url}esearch.fcgi", params=form, timeout=10)
    assert by_get.content == ask(standin, "esearch", **form).content


def test_connection_is_kept_open(standin):
    """One connection carries several requests (HTTP/1.1)."""
    with requests.Session() as session:
        answers = [session.get(f"{standin.url}einfo.fcgi", timeout=10) for _ in range(3)]
    assert [answer.headers.get("Connection", "keep-alive") for answer in answers] == ["keep-alive"] * 3


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ({"datetype": "edat", "mindate": "2014/01/01", "maxdate": "2014/12/31"}, ["900000001"]),
        ({"datetype": "crdt", "mindate": "2015/07/01", "maxdate": "2015/07/01"}, ["900000002"]),
        ({"datetype": "pdat", "mindate": "2014", "maxdate": "2014"}, ["900000001"]),
        ({"datetype": "edat", "reldate": "0"}, ["900000002"]),
    ],
)
def test_window_limits_the_search(standin, window, found):
    """Date windows of each kind include both ends."""
    assert ids(asked(standin, "esearch", term="trial[ti]", **window)) == found


def test_window_stands_in_the_translation(standin):
    """The translation tells the window, as PubMed's does."""
    window = {"datetype": "edat", "mindate": "2014/01/01", "maxdate": "2014/12/31"}
    assert asked(standin, "esearch", term="x[ti]", **window).findtext("QueryTranslation") == (
        '("x"[Title]) AND 2014/01/01:2014/12/31[Date - Entry]'
    )


def test_what_has_not_entered_is_not_there():
    """On an earlier day the later entries are not found, fetched or counted, until time passes."""
    with StandIn([FULL, INDEXED], today=date(2014, 12, 31)) as standin:
        assert ids(asked(standin, "esearch", term="trial[ti]")) == ["900000001"]
        assert ask(standin, "efetch", id="900000002").status_code == 400
        standin.today = date(2015, 7, 1)
        assert ids(asked(standin, "esearch", term="trial[ti]")) == ["900000002", "900000001"]


def test_count_only(standin):
    """With rettype=count only the count comes back."""
    answer = asked(standin, "esearch", term="trial[ti]", rettype="count")
    assert [(part.tag, part.text) for part in answer] == [("Count", "3")]


def test_pages_follow_each_other(large):
    """Pages by retstart and retmax give each PMID once."""
    pages = [
        ids(asked(large, "esearch", term="trial[ti]", retstart=str(start), retmax="4000"))
        for start in (0, 4000, 8000)
    ]
    assert [len(page) for page in pages] == [4000, 4000, 1999]
    assert len({pmid for page in pages for pmid in page}) == 9999


def test_default_page_has_twenty(large):
    """Without retmax twenty PMIDs come, and the count of all."""
    answer = asked(large, "esearch", term="trial[ti]")
    assert (len(ids(answer)), answer.findtext("Count")) == (20, "10050")


def test_retmax_is_limited_with_a_message(large):
    """More than 9,999 are not given, which only an OutputMessage tells."""
    answer = asked(large, "esearch", term="trial[ti]", retmax="20000")
    assert len(ids(answer)) == 9999
    assert "9999" in answer.findtext("WarningList/OutputMessage")


def test_retstart_beyond_the_limit_is_an_error(large):
    """A start beyond 9,998 is answered with HTTP 200 and ERROR."""
    answer = ask(large, "esearch", term="trial[ti]", retstart="9999")
    assert answer.status_code == 200
    assert "<ERROR>Search Backend failed" in answer.text


def test_history_keeps_a_result(standin):
    """WebEnv and QueryKey of a search give its records to EFetch."""
    answer = asked(standin, "esearch", term="pain[tiab]", usehistory="y")
    kept = {"WebEnv": answer.findtext("WebEnv"), "query_key": answer.findtext("QueryKey")}
    articles = asked(standin, "efetch", **kept, retstart="1", retmax="1")
    assert [pmid.text for pmid in articles.iterfind("PubmedArticle/MedlineCitation/PMID")] == ["900000001"]


def test_second_search_in_one_history_has_its_own_key(standin):
    """A WebEnv given back is kept, and the next list gets the next key."""
    first = asked(standin, "esearch", term="pain[tiab]", usehistory="y")
    second = asked(standin, "esearch", term="trial[ti]", usehistory="y", WebEnv=first.findtext("WebEnv"))
    assert [(a.findtext("WebEnv"), a.findtext("QueryKey")) for a in (first, second)] == [
        (first.findtext("WebEnv"), "1"),
        (first.findtext("WebEnv"), "2"),
    ]


def test_unknown_tag_is_dropped_and_named(standin):
    """A tag PubMed does not know is dropped: all fields are searched, and ErrorList names it."""
    answer = asked(standin, "esearch", term="pain[foo]")
    assert (answer.findtext("Count"), answer.findtext("ErrorList/FieldNotFound")) == ("2", "foo")


def test_refused_truncation_is_named(standin):
    """A truncation PubMed refuses finds nothing, and ErrorList names it."""
    answer = asked(standin, "esearch", term="pai*[tiab]")
    assert (answer.findtext("Count"), answer.findtext("ErrorList/PhraseNotFound")) == ("0", "pai*")


def test_missing_explosion_is_stated(standin):
    """A heading that PubMed would explode brings a message that this was not done; noexp brings none."""
    texts = [
        asked(standin, "esearch", term=f"pain[{tag}] OR trial[ti]").findtext("WarningList/OutputMessage")
        for tag in ("mh", "mh:noexp")
    ]
    assert "does not explode" in texts[0]
    assert texts[1] is None


def test_nothing_found_is_said(standin):
    """An empty result says so in an OutputMessage."""
    assert (
        asked(standin, "esearch", term="nothing[ti]").findtext("WarningList/OutputMessage")
        == "No items found."
    )


@pytest.mark.parametrize(
    ("strict", "count", "warning"), [(False, "0", None), (True, "1", '"relief measured"')]
)
def test_unknown_phrase_is_dropped_only_when_asked_for(strict, count, warning):
    """Strictly, a quoted phrase nobody holds is replaced by its words, and WarningList names it."""
    with StandIn([FULL], strict_phrases=strict) as standin:
        answer = asked(standin, "esearch", term='"relief measured"[tiab]')
    assert (answer.findtext("Count"), answer.findtext("WarningList/QuotedPhraseNotFound")) == (count, warning)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"term": ""}, "Empty term"),
        ({"term": "(pain"}, "closing parenthesis"),
        ({"term": "pain", "retmax": "many"}, "retmax"),
        ({"term": "pain", "mindate": "2014"}, "go together"),
        ({"term": "pain", "mindate": "2014", "maxdate": "soon"}, "Invalid dates"),
        ({"term": "pain", "mindate": "2014", "maxdate": "2015", "datetype": "mhda"}, "mhda is not held"),
        ({"term": "pain", "db": "nothing"}, "Invalid db name specified: nothing"),
    ],
)
def test_wrong_questions_are_errors(standin, form, message):
    """What cannot be answered is an ERROR under HTTP 200, never a count."""
    answer = asked(standin, "esearch", **form)
    assert message in answer.findtext("ERROR")
    assert answer.find("Count") is None


def test_requests_are_remembered():
    """Every request is told with its route and its parameters."""
    with StandIn([FULL]) as standin:
        ask(standin, "esearch", term="pain", email="team@example.org")
        assert standin.asked == (("esearch", {"db": "pubmed", "term": "pain", "email": "team@example.org"}),)


def test_real_query_over_the_wire(shared_data):
    """The real query, sent by POST, finds over the wire what the strategy finds."""
    records = [
        pain.as_record(row)
        for row in pain.own_rows(shared_data)
        if row["pmid"] in pain.sanity_set(shared_data)
    ]
    with StandIn(records) as standin:
        found = ids(asked(standin, "esearch", term=pain.query(shared_data), retmax="100"))
    assert set(found) == pain.sanity_set(shared_data)
