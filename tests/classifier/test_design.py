"""The tag of randomised trials."""

import csv
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.design import BALANCED, MOST, SENSITIVE, text_likelihood, trial_likelihood, why
from classifier.design_rules import Place, rules
from review.record import Record

BODY = "Adults were seen. It was noted."
PLAIN = Record(source="test", accession="1", title="X in Y", abstract=BODY)
TRIAL = replace(
    PLAIN,
    title="X for Y: a randomised controlled trial",
    abstract="Adults were randomly allocated to X or placebo.",
)


def _text(record: Record) -> float:
    return float(text_likelihood([record])[0])


def _all(record: Record) -> float:
    return float(trial_likelihood([record])[0])


def test_a_trial_reads_more_like_a_trial_than_anything_else() -> None:
    """A randomised trial is likely, its protocol and a review of such trials are not."""
    protocol = replace(
        TRIAL,
        title="X for Y: study protocol for a randomised controlled trial",
        abstract="Adults will be randomly allocated to X or placebo. Pain will be assessed. We will report.",
    )
    review = replace(
        TRIAL,
        title="X for Y: a systematic review and meta-analysis of randomised trials",
        abstract="We searched MEDLINE for randomised controlled trials.",
    )
    likely, *others = text_likelihood([TRIAL, protocol, review, PLAIN])
    assert likely > 0.9
    assert max(others) < 0.5


@pytest.mark.parametrize(
    "phrase",
    [
        "randomised",
        "randomized",
        "a controlled trial",
        "a waiting list",
        "wait-list",
        "allocated",
        "double-blind",
        "counterbalanced",
        "alternately assigned",
        "doppelblind",
        "aleatorizado",
    ],
)
def test_phrases_of_trials_raise_the_likelihood(phrase: str) -> None:
    """Each phrase that trials are reported with counts for a trial."""
    assert _text(replace(PLAIN, abstract=f"{BODY} It was {phrase}.")) > _text(PLAIN)


@pytest.mark.parametrize(
    "phrase", ["a study protocol", "a systematic review", "a meta-analysis", "retrospective", "done in mice"]
)
def test_phrases_of_other_designs_lower_the_likelihood(phrase: str) -> None:
    """Each phrase of another design counts against a trial."""
    assert _text(replace(TRIAL, abstract=f"{TRIAL.abstract} It was {phrase}.")) < _text(TRIAL)


@pytest.mark.parametrize(
    "phrase",
    [
        "A random sample answered",
        "Random effects were assumed",
        "Households were randomly selected",
        "We used Mendelian randomisation",
        "Larger randomised trials are needed",
        "Randomised controlled trials were sought",
        "A random forest was grown",
    ],
)
def test_chance_elsewhere_is_no_randomised_trial(phrase: str) -> None:
    """Words of chance that speak of sampling, statistics or other people's trials do not count for one."""
    assert _text(replace(PLAIN, abstract=f"{BODY} {phrase}.")) <= _text(PLAIN)


def test_what_speaks_for_a_trial_is_worth_so_much_and_no_more() -> None:
    """However many phrases speak for a trial, one clear word against it can still be heard."""
    loud = replace(TRIAL, abstract=" ".join(rule.phrases for rule in rules() if rule.speaks_for))
    assert sum(reason.weight for reason in why(loud) if reason.weight > 0) <= MOST


def test_no_abstract_tells_less() -> None:
    """Without an abstract the same title is less likely, and a trial's title is still above another's."""
    assert _text(replace(PLAIN, abstract="")) < _text(PLAIN)
    assert _text(replace(TRIAL, abstract="")) > 0.5 > _text(replace(PLAIN, abstract=""))


def test_words_of_an_index_are_read() -> None:
    """Where the abstract is only an index, its words count."""
    index = replace(
        PLAIN, abstract="", index_only=True, keywords=("allocated", "placebo", "randomised", "trial")
    )
    bare = replace(index, keywords=("adults", "seen"))
    assert _text(index) > 0.5 > _text(bare)


def test_the_text_alone_knows_no_metadata() -> None:
    """The text's likelihood is the same whatever indexers and registers say."""
    indexed = replace(
        TRIAL,
        publication_types=("Review",),
        mesh=("Double-Blind Method", "Humans"),
        registrations=("NCT01234567",),
        status="MEDLINE",
        keywords=("randomised",),
    )
    assert _text(indexed) == _text(TRIAL)


def test_reasons_add_up_to_the_likelihood() -> None:
    """The reasons, with the words that gave them, sum to the log-odds; the weightiest comes first."""
    record = replace(
        TRIAL, abstract=f"{TRIAL.abstract} It was retrospective.", registrations=("NCT01234567",)
    )
    reasons = why(record)
    assert 1 / (1 + np.exp(-sum(one.weight for one in reasons))) == pytest.approx(_all(record))
    assert [abs(one.weight) for one in reasons] == sorted((abs(one.weight) for one in reasons), reverse=True)
    assert ("retrospective", True) in {(one.words, one.weight < 0) for one in reasons}


def test_every_rule_keeps_to_its_side_and_can_hold() -> None:
    """No weight crosses 0, names are unique, and every rule but the two without phrases has some."""
    known = rules()
    assert len({rule.name for rule in known}) == len(known)
    assert all(rule.weight >= 0 if rule.speaks_for else rule.weight <= 0 for rule in known)
    without = [rule.place for rule in known if not rule.phrases]
    assert without == [Place.TEXT, Place.NO_BODY]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_a_likelihood(title: str, abstract: str) -> None:
    """Any text, in any script, has a likelihood between 0 and 1, the same each time."""
    record = replace(PLAIN, title=title, abstract=abstract)
    assert 0 < _all(record) < 1
    assert _all(record) == _all(record)


@pytest.mark.parametrize(
    "text", ["", "\x00", " \n", "随机对照试验", "рандомизированное исследование", "a" * 10_000_000]
)
def test_odd_texts_have_a_defined_answer(text: str) -> None:
    """Nothing, a NUL, other scripts and ten megabytes without a word of design read like no trial."""
    assert _all(replace(PLAIN, title=text, abstract=text)) < BALANCED.threshold


def test_an_overlong_abstract_is_read_at_its_beginning() -> None:
    """Of a text of megabytes the first 50,000 characters count."""
    padded = f"{TRIAL.abstract} {'word ' * 2_000_000} retrospective"
    assert _text(replace(TRIAL, abstract=padded)) == pytest.approx(_text(TRIAL))


def test_nothing_in_nothing_out() -> None:
    """No records have no likelihoods."""
    assert trial_likelihood([]).shape == text_likelihood([]).shape == (0,)


def test_labelled_records_are_told_apart(shared_data: Path) -> None:
    """On 185 labelled records AUROC is at least 0.97 and the operating points are as stated."""
    records, labels = _read(shared_data)
    likelihood = text_likelihood(records)
    trials, others = likelihood[labels == "1"], likelihood[labels == "0"]
    assert (len(trials), len(others)) == (92, 93)
    assert np.mean(np.sign(trials[:, None] - others) / 2 + 0.5) >= 0.97
    for point in (SENSITIVE, BALANCED):
        assert np.mean(trials >= point.threshold) == pytest.approx(point.sensitivity, abs=0.005)
        assert np.mean(others < point.threshold) == pytest.approx(point.specificity, abs=0.005)


def _read(data: Path) -> tuple[list[Record], np.ndarray]:
    with Path(__file__).with_name("design_read.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {name: _texts(data, name) for name in {row["corpus"] for row in rows}}
    records = []
    for row in rows:
        title, abstract = texts[row["corpus"]][row["id"]]
        records.append(replace(PLAIN, title=title, abstract=abstract))
    return records, np.array([row["randomised_trial"] for row in rows])


def _texts(data: Path, corpus: str) -> dict[str, tuple[str, str]]:
    if corpus == "trial pool":
        with gzip.open(data / "pain/rct-pool-4470.jsonl.gz", "rt", encoding="utf-8") as lines:
            table, key = pd.read_json(lines, lines=True, dtype=False), "pmcid"
    else:
        table, key = (
            pd.read_csv(data / f"screening/{corpus}.csv.gz", dtype=str, keep_default_na=False),
            "pmid",
        )
    return {row[key]: (row["title"] or "", row["abstract"] or "") for row in table.to_dict("records")}
