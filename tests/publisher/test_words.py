"""How numbers, days and addresses are written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.words import (
    count,
    day,
    doi_url,
    interval,
    minus_signs,
    number,
    p_value,
    pubmed_url,
    safe_xml,
    slug,
)


def test_minus_is_mathematical():
    """A negative number is written with the minus sign, not with a hyphen."""
    assert number(-0.1234, 3) == "−0.123"


def test_negative_numbers_of_a_sentence_are_mathematical():
    """Numbers below 0 take the minus sign; days, ranges, hyphenated names and addresses stay."""
    assert minus_signs("-0.1 to [-0.2, +0.3] (-0.4)") == "−0.1 to [−0.2, +0.3] (−0.4)"
    for text in ("2020-01-02", "10-20", "COVID-19", "10.1000/-5", "t(k-1)"):
        assert minus_signs(text) == text


def test_zero_has_no_sign():
    """What rounds to zero is written without a sign."""
    assert number(-0.0001, 3) == "0.000"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_absent_number_is_said(value):
    """A number that does not exist is called not estimable."""
    assert number(value, 3) == "not estimable"


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_number_reads_back(value, decimals):
    """A written number reads back as the rounded value."""
    assert float(number(value, decimals).replace("−", "-")) == pytest.approx(round(value, decimals))


def test_interval_uses_words():
    """An interval is written with *to*, which stays clear beside minus signs."""
    assert interval(-0.2, -0.1, 1) == "−0.2 to −0.1"


def test_small_p_is_never_zero():
    """A tiny p value is written as below a bound."""
    assert p_value(1e-9) == "< 0.001"


def test_noun_agrees_with_count():
    """One study is singular, any other number plural."""
    assert [count(n, "study", "studies") for n in (0, 1, 2)] == ["0 studies", "1 study", "2 studies"]


def test_day_is_spelled_out():
    """A day is written without a leading zero and without ambiguity of order."""
    assert day(date(2021, 3, 4)) == "4 March 2021"


def test_placeholder_pmid_has_no_address():
    """A placeholder PMID leads nowhere."""
    assert pubmed_url("900000001") == ""


def test_pmid_has_address():
    """A PMID leads to PubMed."""
    assert pubmed_url("123") == "https://pubmed.ncbi.nlm.nih.gov/123/"


@pytest.mark.parametrize("doi", ["javascript:alert(1)", "", "11.1/x"])
def test_foreign_doi_has_no_address(doi):
    """Only a DOI becomes a link."""
    assert doi_url(doi) == ""


def test_doi_is_quoted():
    """A DOI's odd letters cannot leave the address."""
    assert doi_url('10.1/a"b<c>') == "https://doi.org/10.1/a%22b%3Cc%3E"


def test_control_characters_are_dropped():
    """What XML may not hold is left out."""
    assert safe_xml("a\x00b\x1fc\ud800d") == "abcd"


def test_slug_is_a_file_name():
    """An analysis key becomes a plain name."""
    assert slug("usual/Pain (VAS)/post") == "usual-pain-vas-post"
