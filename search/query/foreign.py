"""Recognises the syntax of other databases, so that it is refused by name and never misread.

PubMed reads such words as words and answers something else without a warning.
"""

import re

__all__ = ["foreign"]

_LONGEST = 200
_OVID_FIELDS = "ab|af|au|hw|in|jn|jw|kf|kw|mp|nm|ot|pt|rn|rw|sh|so|ti|tw|tx|ui|yr"
_SYNTAXES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), expected)
    for pattern, expected in (
        (
            r"#\d+\.?",
            "the terms themselves: a search history ends with its session; write that line's query here",
        ),
        (
            rf".*\.(?:{_OVID_FIELDS})(?:,(?:{_OVID_FIELDS}))*\.",
            "PubMed's tags: this is Ovid's way to name fields; write [tiab] for .ti,ab. and [tw] for .mp.",
        ),
        (
            r"adj\d+",
            "PubMed's proximity: this is Ovid's; write \"word word\"[tiab:~N], where N is one less",
        ),
        (
            r"(?:near|next)/\d+",
            "PubMed's proximity: this is the Cochrane Library's or Embase's; write \"word word\"[tiab:~N]",
        ),
        (
            r".*\w/",
            "PubMed's headings: this is Ovid's; write [mh] for exp Heading/ and [mh:noexp] for Heading/",
        ),
        (r"(?:or|and)/\d+(?:-\d+|(?:,\d+)+)", "the terms themselves: this joins lines as Ovid does"),
        (
            r".*[^\s/]:(?:ti|ab|kw)(?:,(?:ti|ab|kw))*",
            "PubMed's tags: this is the Cochrane Library's or Embase's way to name fields; write [tiab]",
        ),
        (
            r".*'/(?:exp|de|mj)",
            "PubMed's headings: this is Embase's Emtree; find the MeSH heading and write [mh]",
        ),
        (
            r"title-abs(?:-key)?|(?:ab|ak|au|so|ti|ts)=.*",
            "PubMed's tags: this names fields as Scopus or Web of Science do; write [tiab]",
        ),
    )
)


def foreign(word: str) -> str:
    """Give what was expected instead of an unquoted word of another syntax; empty for any other word."""
    if word.isalpha() or len(word) > _LONGEST:
        return ""
    return next((expected for pattern, expected in _SYNTAXES if pattern.fullmatch(word)), "")
