"""What waits when a model is trained, and what that changes."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.special import logit

from classifier import waiting as waiting_module
from classifier.evaluation import average_precision
from classifier.files import load, save
from classifier.grade import Grade
from classifier.members import Head
from classifier.ranker import Ranker

AT = datetime(2020, 1, 1, tzinfo=UTC)


def _fit(review, waiting, seed=1):
    return Ranker(seed=seed).fit(review.records, review.grades, background=review.background, waiting=waiting)


@pytest.fixture(scope="module")
def alone(made_up):
    """A ranker that does not know what waits."""
    return _fit(made_up, ())


@pytest.fixture(scope="module")
def ranker(made_up):
    """A ranker that knows what waits."""
    return _fit(made_up, made_up.fresh)


def test_relevant_records_come_first(ranker, made_up):
    """The ranking of what waited is nearly perfect, where the words make that possible."""
    assert average_precision(made_up.relevant, ranker.scores(made_up.fresh)) > 0.9


def test_a_score_is_moved_towards_its_like(ranker, made_up):
    """In log-odds a quarter of the way from what the record scores by itself."""
    stranger = [replace(one, source="copy") for one in made_up.fresh]
    towards = [ranker.ensemble_.towards[one.id] for one in made_up.fresh]
    expected = 0.75 * logit(ranker.scores(stranger)) + 0.25 * np.array(towards)
    np.testing.assert_allclose(logit(ranker.scores(made_up.fresh)), expected)


def test_the_head_triage_is_not_moved(ranker, made_up):
    """Only the order of the queue is."""
    stranger = [replace(one, source="copy") for one in made_up.fresh]
    triage = ranker.scores(made_up.fresh, head=Head.TRIAGE)
    assert triage.tolist() == ranker.scores(stranger, head=Head.TRIAGE).tolist()


def test_a_score_does_not_depend_on_the_batch(ranker, made_up):
    """A record alone scores what it scores among a hundred, to the last bit."""
    together = ranker.scores(made_up.fresh)[:20].tolist()
    assert [ranker.scores([one])[0] for one in made_up.fresh[:20]] == together


def test_the_order_of_what_waits_leaves_no_trace(ranker, made_up):
    """Reversed, and with a record given twice, it makes the same model and the same bytes."""
    again = _fit(made_up, [*made_up.fresh[::-1], made_up.fresh[0]])
    assert again.scores(made_up.fresh).tobytes() == ranker.scores(made_up.fresh).tobytes()
    assert again.model(AT) == ranker.model(AT)


def test_another_waiting_list_is_another_model(ranker, alone, made_up):
    """One record less, or none that waits, and the model bears another name."""
    assert len({ranker.model_id_, alone.model_id_, _fit(made_up, made_up.fresh[1:]).model_id_}) == 3


def test_what_is_judged_does_not_wait(made_up, alone):
    """A record of the training set that is also given as waiting keeps its judgement, and moves nothing."""
    again = _fit(made_up, [*made_up.records, *made_up.background])
    assert again.training_.waiting == ()
    assert again.model_id_ == alone.model_id_


def test_the_card_tells_how_many_were_moved(ranker, alone, made_up):
    """All that waited where words were learned; nothing is claimed where none waited, or one did alone."""
    said = " ".join(ranker.model(AT).limits)
    assert f"{len(made_up.fresh)} of {len(made_up.fresh)} that waited were moved" in said
    assert "waited" not in " ".join(alone.model(AT).limits)
    single = " ".join(_fit(made_up, made_up.fresh[:1]).model(AT).limits)
    assert "1 waited: too few" in single
    assert "moved" not in single


def test_of_two_texts_under_one_name_the_first_waits(made_up):
    """As among what is judged: a later record of the same name changes nothing."""
    other = replace(made_up.fresh[0], abstract="Another text under a known name.")
    once, twice = _fit(made_up, made_up.fresh), _fit(made_up, [*made_up.fresh, other])
    assert once.model_id_ == twice.model_id_


def test_what_waits_is_no_negative(ranker):
    """Nothing is learned of it but words: the card counts the same grades, and says what it was used for."""
    card = ranker.model(AT)
    assert dict(card.grades)[Grade.PRESUMED_NEGATIVE] == 120
    assert any("100 that waited" in one for one in card.limits)


def test_deleting_the_top_terms_lowers_the_score(ranker, made_up):
    """The reasons are reasons for what waits too."""
    for one in ranker.rank(made_up.fresh, at=AT):
        record = next(record for record in made_up.fresh if record.id == one.report)
        upward = {word for term in one.terms if term.weight > 0 for word in term.term.split()}
        if upward:
            pattern = r"\b(?:" + "|".join(sorted(upward)) + r")\b"
            cut = replace(
                record, title=re.sub(pattern, "", record.title), abstract=re.sub(pattern, "", record.abstract)
            )
            assert ranker.scores([cut])[0] < one.score


def test_without_near_misses_what_waits_moves_all_the_same(make):
    """Where nothing fell at full text scores are moved as well."""
    review = make(12, near=0)
    ranker = _fit(review, review.fresh)
    assert ranker.heads_ == (Head.INCLUSION,)
    assert ranker.ensemble_.towards


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_list_is_enough(made_up, count):
    """One that waits has no neighbour, two have one another: no error, and scores between 0 and 1."""
    few = made_up.fresh[:count]
    scores = _fit(made_up, few).scores(few)
    assert ((scores > 0) & (scores < 1)).all()


def test_an_unreadable_record_that_waits_stays_in_the_middle(made_up):
    """It is moved by nobody, and moves nobody."""
    foreign = [
        replace(made_up.fresh[0], accession=f"x{at}", title="δοκιμη", abstract="试验") for at in range(9)
    ]
    ranker = _fit(made_up, [*foreign, *made_up.fresh])
    assert set(ranker.scores(foreign)) == {0.5}
    assert not set(ranker.ensemble_.towards) & {one.id for one in foreign}


def test_of_a_long_list_some_are_neighbours(made_up, monkeypatch):
    """Beyond a limit, which bounds the cost, all are moved, by those that were drawn."""
    monkeypatch.setattr(waiting_module, "NEIGHBOURS", 10)
    ranker = _fit(made_up, made_up.fresh)
    assert len(ranker.ensemble_.towards) > 50


def test_a_model_file_keeps_what_waited(ranker, made_up, tmp_path):
    """Loaded, it gives the same scores to the last bit, the same suggestions and the same card."""
    path = tmp_path / "model.skops"
    again = load(path, save(ranker, path))
    assert again.scores(made_up.fresh).tobytes() == ranker.scores(made_up.fresh).tobytes()
    assert again.rank(made_up.fresh[:9], at=AT) == ranker.rank(made_up.fresh[:9], at=AT)
    assert again.model(AT) == ranker.model(AT)
    assert again.training_ == ranker.training_


def test_held_out_scores_are_those_of_records_that_wait(ranker, alone, made_up):
    """Held out, a known record is moved by what waits: the line is drawn among scores of one kind."""
    held, own = ranker.out_of_fold_, alone.out_of_fold_
    assert held.scores.tolist() != own.scores.tolist()
    assert held.by_head[Head.TRIAGE].tolist() == own.by_head[Head.TRIAGE].tolist()
