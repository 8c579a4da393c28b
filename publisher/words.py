"""How numbers and dates are written for readers: real minus signs, fixed decimals, nothing invented."""

import math
import re
from datetime import date, datetime
from urllib.parse import quote

__all__ = [
    "count",
    "day",
    "doi_url",
    "interval",
    "minus_signs",
    "number",
    "p_value",
    "pubmed_url",
    "safe_xml",
    "signed",
    "slug",
]

MINUS = "\N{MINUS SIGN}"
FIRST_PLACEHOLDER_PMID = 900_000_000
_FORBIDDEN_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def number(value: float | None, decimals: int) -> str:
    """Write a number with a mathematical minus; "not estimable" where there is none.

    >>> number(-0.12345, 3)
    '−0.123'
    """
    if value is None or not math.isfinite(value):
        return "not estimable"
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else MINUS + text[1:]
    return text


def signed(value: float, decimals: int) -> str:
    """Write a change with its sign.

    >>> signed(0.0441, 3), signed(-0.0129, 3)
    ('+0.044', '−0.013')
    """
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not math.isfinite(value) else f"+{text}"


def minus_signs(text: str) -> str:
    """Write the negative numbers of a sentence with a mathematical minus, as the numbers beside it.

    >>> minus_signs("from -0.1 [-0.2, 0.3] to 2020-01-02")
    'from −0.1 [−0.2, 0.3] to 2020-01-02'
    """
    return re.sub(r"(?<![\w.)/-])-(?=\d)", MINUS, text)


def interval(lower: float | None, upper: float | None, decimals: int) -> str:
    """Write an interval as *lower to upper*, which stays readable beside minus signs."""
    if lower is None or upper is None:
        return "not estimable"
    return f"{number(lower, decimals)} to {number(upper, decimals)}"


def p_value(value: float) -> str:
    """Write a p value with three decimals, never as zero."""
    if not math.isfinite(value):
        return "not estimable"
    return "< 0.001" if value < 0.001 else number(value, 3)


def count(amount: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    >>> count(1, "study", "studies"), count(0, "study", "studies")
    ('1 study', '0 studies')
    """
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def day(when: date | datetime | None, never: str = "never") -> str:
    """Write a day as ``12 March 2026``; `never` where there is none."""
    return f"{when.day} {when:%B %Y}" if when else never


def slug(text: str) -> str:
    """Turn an analysis key into a name for a file or an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "analysis"


def pubmed_url(pmid: str) -> str:
    """Return the address of a PubMed entry; empty for a placeholder or anything but a number."""
    known = pmid.isascii() and pmid.isdigit() and int(pmid) < FIRST_PLACEHOLDER_PMID
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if known else ""


def doi_url(doi: str) -> str:
    """Return the resolver's address of a DOI; empty for anything else."""
    return f"https://doi.org/{quote(doi, safe='/')}" if doi.startswith("10.") else ""


def safe_xml(text: str) -> str:
    """Drop the characters that no XML document may hold."""
    return _FORBIDDEN_IN_XML.sub("", text)
