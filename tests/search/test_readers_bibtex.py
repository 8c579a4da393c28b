r"""BibTeX: every @entry is accounted for, comments and strings apart, and LaTeX becomes characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.files.formats.latex import plain
from search.readers import Rejected, read
from tests.search.wire import law

JABREF = r"""% Encoding: UTF-8
@preamble{"\newcommand{\x}{y}"}
@string{jx = "Journal of " # {X}}

@Article{doe2024,
  author    = "M{\"u}ller, J. and {Research and Co} and others",
  title     = {A {Trial} of {\textless}X{\textgreater} in 50\% of Y},
  journal   = jx,
  year      = 2024,
  volume    = {15}, number = 1, pages = {3--9},
  keywords  = {a, b},
  abstract  = {Some words
with a line and user@example.org},
  doi       = {10.1234/x\_y},
  pmid      = {12},
  note      = {read later},
  groups    = {included},
}

@Comment{jabref-meta: databaseType:bibtex;}
"""


def test_bibtex_is_read() -> None:
    """Strings are resolved, LaTeX becomes characters, braces hold names together."""
    (record,) = read(JABREF.encode()).records
    assert (record.title, record.authors) == (
        "A Trial of <X> in 50% of Y",
        ("Müller, J.", "Research and Co"),
    )
    assert (record.journal, record.year, record.pages, record.keywords) == (
        "Journal of X",
        2024,
        "3–9",
        ("a", "b"),
    )
    assert (record.doi, record.pmid) == ("10.1234/x_y", "12")
    assert record.notes == ("read later", "Label in the file: included")


def test_comments_and_strings_are_no_entries() -> None:
    """What JabRef writes beside entries is counted apart."""
    result = read(JABREF.encode())
    assert (result.seen, result.remarks[0]) == (1, "4 comments, strings and preambles are no entries")


@pytest.mark.parametrize(
    ("text", "titles", "rejected"),
    [
        ("@a{k, title={T}}\n@b{k, title={U}}", ["T", "U"], []),
        ("@a{k, title={T}} @b{l, title={U}}", ["T", "U"], []),
        ("@a{k, title={T}\n@b{l, title={U}}", ["U"], [1]),
        ("@a{k, title={T}}\n\n@b{l, year=2020}", ["T"], [3]),
        ("@a(k, title={T})", ["T"], []),
        ('@a{k, title="T {"} x"}', ['T " x'], []),
        ("@a{k, title={T}, title={T2}}", ["T"], []),
        ("text before\n@a{k,\ntitle = {T}\n}\ntext behind", ["T"], []),
        ("@a{, title={T}}", ["T"], []),
        ("@a{k, title={T}}\n@b{l, title={U", ["T"], [2]),
    ],
    ids=[
        *("same key", "one line", "not closed", "no title", "round brackets", "quotes", "field twice"),
        *("text around", "no key", "cut off"),
    ],
)
def test_every_entry_is_accounted_for(text: str, titles: list[str], rejected: list[int]) -> None:
    """Each @entry is a record, or a rejection with its line."""
    result = read(text.encode())
    assert [record.title for record in result.records] == titles
    assert [one.line for one in result.rejected] == rejected


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller", "Müller"),
        (r"\'{e}tude \'Etude {\'e} \'{\i} {\`\i}", "étude Étude é í ì"),
        (r"\v{s} \H{o} \c c \k{a} {\aa} {\ss} \o re {\L}", "š ő ç ą å ß øre Ł"),
        (r"$\alpha$-syn $\geq$ 5 {\textless} 6", "α-syn ≥ 5 < 6"),
        (r"50% of a & b #1 costs $5", "50% of a & b #1 costs $5"),
        (r"\textit{In vitro} \emph{x}", "In vitro x"),
        (r"``quoted'' 1999--2000---x~y", "“quoted” 1999–2000—x y"),
        (r"\unknown{x} C:\Users", r"\unknownx C:\Users"),
        (r"\% \& \# \_ \$ \{ \}", "% & # _ $ { }"),
        (r"H$_2$O and $p < 0.05$", "H_2O and p < 0.05"),
    ],
)
def test_latex_becomes_characters(latex: str, text: str) -> None:
    """Accents, symbols and dress are resolved; what is not known stays."""
    assert plain(latex) == text


@law
@given(st.text('@{}",=#\\ \n%()ab', max_size=60))
def test_any_mix_of_signs_is_accounted_for(text: str) -> None:
    """However BibTeX's own signs are mixed, a whole entry before them is read."""
    result = read(f"@a{{k, title={{T}}}}\n{text}".encode())
    assert result.records[0].title == "T"


def test_a_broken_entry_says_where() -> None:
    """A rejection names the line and how the entry begins."""
    result = read(b"@a{k, title={T}}\n\n@article{doe2024,\n title = {U}\n")
    assert result.rejected == (
        Rejected(3, "an entry that does not close as it should: @article{doe2024, title = {U}"),
    )
