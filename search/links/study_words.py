"""What a title says of a study, and what of the kind of report: *X in Y: protocol of a trial*."""

import re
from collections.abc import Collection
from functools import lru_cache

__all__ = ["core_words", "kind_of_report", "trial_names"]

_KINDS = (
    ("erratum", "erratum|errata|corrections?|corrigendum"),
    ("retraction", "retraction|retracted|withdrawn|withdrawal"),
    ("comment", "reply|comment|commentary|letter|editorial"),
    ("review", "review|systematic|meta|metaanalysis"),
    ("protocol", "protocols?|rationale|design|methods|methodology"),
    (
        "secondary analysis",
        (
            "secondary|subgroups?|moderat\\w+|mediat\\w+|predict\\w+|exploratory|posthoc|hoc|cost|costs|economic|economics|"
            "process|qualitative|baseline|determinants|mechanisms?|adherence|fidelity|implementation"
        ),
    ),
    (
        "follow-up",
        "followup|follow|longterm|long|term|extension|(?:\\d*)(?:weeks?|months?|years?)|maintained|durability",
    ),
    ("pilot", "pilot|feasibility|preliminary|interim"),
    ("part", "part|parts|[ivx]{1,4}|\\d{1,2}|one|two|three|four|five|six|eight|nine|ten|twelve"),
)
"""The first of them that a word of one title only belongs to names the kind."""
_BY_WORD = tuple((kind, re.compile(words)) for kind, words in _KINDS)

_TIMES = re.compile("weeks?|months?|years?")

_PLAIN = re.compile(
    "a|an|the|of|for|to|in|on|and|with|by|from|study|studies|trials?|randomi[sz]ed|controlled|clinical|controll?ed|"
    "results?|outcomes?|analysis|analyses|report|up|post|an|double|blind|single|blinded|masked|placebo|"
    "multicent(?:er|re)|multi|cent(?:er|re)|cluster|parallel|group|prospective|evaluation|effects?|effectiveness|"
    "efficacy|effective|data"
)
"""Words that say how a study was made, or nothing: its subject is in the others."""

_NAME = r"([A-Za-z]*[A-Z][\w-]*[A-Z][\w-]*)"
_DESIGN = (
    r"(?:(?:[Rr]andomi[sz]ed|[Cc]ontrolled|[Cc]linical|[Cc]luster|[Pp]ilot|[Ff]easibility|[Nn]on-?inferiority"
    r"|[Ff]actorial|RCT|[Pp]hase \w+)[ -])*"
)
_TRIAL_NAME = re.compile(
    rf"\b{_NAME}\)?[ -]{_DESIGN}(?:[Tt]rial|[Ss]tudy|[Pp]roject)\b"
    rf"|^{_NAME}(?:: | \()|\bthe {_NAME} \(|\((?:the )?{_NAME}\)(?=\s*(?::|$|-\s))",
    re.ASCII,
)
_PLAIN_NAMES = re.compile(
    r"(?i:an?|rct|crt|the|phase|multi-?cent\w+|double-blind\w*|\w+-(?:controlled|blind\w*|label))"
)
_CAPITALS = re.compile(r"[A-Z][\w-]*[A-Z]")
"""In every name; a quick look before the slow one."""
_SHORTEST = 4


def core_words(words: Collection[str]) -> tuple[str, ...]:
    """Return the words that tell the subject, without those on design, part and kind of report."""
    return tuple(filter(_is_core, words))


def kind_of_report(telling: Collection[str], words: Collection[str] = ()) -> str:
    """Return what words that only one of two titles has make of it: *protocol*, *follow-up* ...; or nothing.

    Parameters
    ----------
    words
        Those of the titles: where numbers differ, months or years beside them make it a *follow-up*.
    """
    kinds = {_kind_of(word) for word in telling}
    kind = next((kind for kind, _ in _BY_WORD if kind in kinds), "")
    return "follow-up" if kind == "part" and any(map(_TIMES.fullmatch, words)) else kind


def trial_names(title: str) -> tuple[str, ...]:
    """Return the names in capitals that a title gives a trial (*the ABCD trial*), in lower case."""
    if not _CAPITALS.search(title):
        return ()
    found = (next(filter(None, groups)) for groups in _TRIAL_NAME.findall(title))
    # A title in capitals throughout names everything.
    names = () if title.isupper() else (name for name in found if not _PLAIN_NAMES.fullmatch(name))
    return tuple(dict.fromkeys(name.lower() for name in names if len(name) >= _SHORTEST))


@lru_cache(maxsize=65536)
def _kind_of(word: str) -> str:
    return next((kind for kind, pattern in _BY_WORD if pattern.fullmatch(word)), "")


@lru_cache(maxsize=65536)
def _is_core(word: str) -> bool:
    return not _PLAIN.fullmatch(word) and not _kind_of(word)
