"""What the ranking said of a report: shown with its reasons once it may be, and with nothing before."""

import re
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from review.decision import Verdict
from review.ids import ModelId
from review.suggestion import TermWeight, TextSpan
from store.store import open_store
from tests.triage.person import Person
from tests.triage.world import MODEL, PROTOCOL, START, Clock, decision, record, report, suggestion
from triage.app import create_app
from triage.highlight import Kind, Place, highlight, paragraphs, protocol_places


@pytest.fixture
def ranked(store):
    """The store with the made-up model's word on the first report."""
    store.add_model(MODEL)
    store.add_suggestions([suggestion(1)])
    return store


@pytest.fixture
def page(ranked, sign_in):
    """Return what a reader, who never votes, is shown of the first report."""
    return lambda: sign_in("rita").open(f"/record/{report(1)}").text


def _words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&nbsp;", " ")


def test_a_suggestion_is_told_with_its_reasons(page):
    """Place, both scores, probability, signed weights and both nearest studies stand on the page."""
    shown = _words(page())
    for said in (
        "1 of 7, flagged",
        "0.90",
        "Worth a reader’s time, 0 to 1 0.75",
        "Probability of relevance 0.12",
        "randomly +0.40, trial of +0.30",
        "people −0.20",
        "Nearest included Alpha 2024",
        "Nearest excluded Omega 2020",
    ):
        assert said in shown


def test_the_model_that_said_so_is_named(page):
    """Model, training set, threshold with its version, and the promise can be unfolded."""
    shown = _words(page())
    for said in (
        "Model m1",
        f"Training set {MODEL.training_digest}",
        "0.850, no promise",
        "line-1",
        "cannot",
    ):
        assert said in shown
    assert "Another model" not in shown


def test_terms_are_marked_where_they_stand(page):
    """Upward and downward terms bear marks of two kinds in title and abstract, beside the protocol's."""
    shown = page()
    assert 'A <mark class="up">trial of</mark> <mark class="for">treatment</mark> 1' in shown
    assert '<mark class="down">People</mark> were <mark class="for up">randomly</mark>' in shown
    assert "underlined twice" in shown


def test_a_span_that_fits_no_longer_is_not_marked(ranked, sign_in):
    """Where the text shown is another than the one that was ranked, nothing is marked at a wrong place."""
    wrong = TermWeight("randomly", 0.4, (TextSpan("abstract", 0, 8), TextSpan("title", 900, 908)))
    ranked.add_suggestions([replace(suggestion(2), terms=(wrong,))])
    shown = sign_in("rita").open(f"/record/{report(2)}").text
    assert 'class="up"' not in shown
    assert "randomly&nbsp;+0.40" in shown


def test_words_of_an_index_are_marked(ranked, sign_in):
    """Where a source serves an index of words, the ranking's single words are marked in it."""
    ranked.add_records([record(9, abstract="", keywords=("adults", "randomly"), index_only=True)], START)
    ranked.add_suggestions([replace(suggestion(9), terms=(TermWeight("adults", -0.1),))])
    assert '<mark class="down">adults</mark>' in sign_in("rita").open(f"/record/{report(9)}").text


def test_another_model_is_called_another(ranked, page):
    """A suggestion that the model in force has not renewed says so."""
    ranked.add_model(replace(MODEL, id=ModelId("m2")))
    assert "Another model said this. The one in force, trained on 6 May 2024" in _words(page())


def test_a_withdrawn_promise_is_a_warning(store, sign_in):
    """Why a promise was withdrawn stands before the promise."""
    store.add_model(replace(MODEL, promise_withdrawn="The time-split found misses (made up)."))
    store.add_suggestions([suggestion(1)])
    shown = _words(sign_in("rita").open(f"/record/{report(1)}").text)
    assert "The promise is withdrawn. The time-split found misses (made up). cannot promise" in shown


def test_without_reasons_the_page_has_no_empty_lists(store, sign_in):
    """A model that gives neither terms nor a second head shows no heading for them."""
    store.add_model(replace(MODEL, threshold_version=""))
    store.add_suggestions([replace(suggestion(1), terms=(), triage=None, probability=None)])
    shown = sign_in("rita").open(f"/record/{report(1)}").text
    absent = ("Words that moved", "Worth a reader", "Threshold version", "underlined twice", '"up"')
    assert [said for said in absent if said in shown] == []
    assert "none: too few decisions allow one" in shown


CONDEMNED = replace(
    suggestion(1),
    score=0.01,
    triage=0.02,
    probability=0.001,
    trial_likelihood=0.03,
    flagged=False,
    terms=(TermWeight("background", -0.9, (TextSpan("abstract", 0, 10),)),),
    nearest_included="",
)


def _answered(filled, path, said):
    """Return what a voter is answered for the first report once the ranking spoke; without session tokens."""
    shutil.copy(filled, path)
    with open_store(f"sqlite:///{path}") as store:
        store.add_model(MODEL)
        store.add_suggestions([said])
        person = Person(
            create_app(store, PROTOCOL, clock=Clock(), secret_key="a secret key for tests"), "ada"
        )
        person.sit_down()
        secret = person.form("/", "/logout").values["csrf"]
        addresses = (f"/record/{report(1)}", f"/full-text/{report(1)}", f"/api/report/{report(1)}")
        answers = [person.ask("GET", address).text.replace(secret, "") for address in addresses]
        person.leave()
    return answers


def test_nothing_of_a_suggestion_shows_before_the_vote(filled, tmp_path):
    """Byte for byte a voter is answered the same, whether the ranking praised or condemned the report."""
    praised = _answered(filled, tmp_path / "praised.db", suggestion(1))
    assert praised == _answered(filled, tmp_path / "condemned.db", CONDEMNED)
    assert not any("m1" in one or "moved it up" in one for one in praised)


def test_the_vote_uncovers_it(ranked, sign_in):
    """Whoever has voted sees what the ranking said, the other voter still does not."""
    ranked.decide(decision(1, "ada", Verdict.INCLUDE))
    shown = [sign_in(who).open(f"/record/{report(1)}").text for who in ("ada", "ben")]
    assert ["What the ranking said" in one for one in shown] == [True, False]


def test_the_heavier_of_two_reasons_is_shown():
    """Where a term up and a term down meet, the one that moved the score more gives the mark."""
    places = (Place(0, 12, Kind.UP, 0.1), Place(8, 12, Kind.DOWN, -0.5))
    assert highlight("chronic pain", places) == (
        '<mark class="up">chronic </mark><mark class="down">pain</mark>'
    )


def test_paragraphs_keep_their_places():
    """Places count in the whole text, over its lines, and a mark never spans two of them."""
    text = " one two \n\n three four"
    start, end = text.index("two"), text.index("four")
    assert paragraphs(text, [Place(start, end, Kind.UP, 1.0)]) == [
        'one <mark class="up">two</mark>',
        '<mark class="up">three </mark>four',
    ]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=8))
def test_marks_change_no_character(text, spans):
    """Without its marks a highlighted text is the text, however the places lie."""
    kinds = (Kind.UP, Kind.DOWN, Kind.FOR)
    places = [
        Place(start, min(start + length, len(text)), kinds[start % 3], float(length))
        for start, length in spans
        if start < len(text)
    ]
    assert re.sub(r"</?mark[^>]*>", "", highlight(text, places)) == str(Markup.escape(text))


def test_a_term_of_the_protocol_is_found_across_lines():
    """A term of two words that a line break parts is marked in both lines."""
    text = "waiting\nlist"
    marks = paragraphs(text, protocol_places(text, ("waiting list",), ()))
    assert marks == ['<mark class="for">waiting</mark>', '<mark class="for">list</mark>']
