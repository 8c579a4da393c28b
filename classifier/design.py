"""Does it read like a report of a randomised trial? A tag beside the ranking that hides and ranks nothing.

First version: rules that can be read, each a phrase with its weight, summed and squashed. Written from how
trials are reported (CONSORT 2010, item 1a; Cochrane's sensitivity-maximising filter, Lefebvre et al. 2019),
not trained.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.text import LONGEST
from review.record import Record

__all__ = ["RULES", "Rule", "trial_likelihood"]


class Rule(NamedTuple):
    """What to look for in the text, in lower case, and how many logits it is worth, once."""

    name: str
    pattern: re.Pattern[str]
    weight: float


def _rule(name: str, pattern: str, weight: float) -> Rule:
    return Rule(name, re.compile(pattern), weight)


_START = -2.5

RULES: tuple[Rule, ...] = (
    _rule("randomised", r"\brandomi[sz](?:ed|ation)\b", 2.0),
    _rule("randomly", r"\brandomly\b|\bat\W+random\b", 1.5),
    _rule("randomised trial", r"\brandomi[sz]ed\W+(?:[\w-]+\W+){0,4}?(?:trial|study)\b", 1.5),
    _rule("controlled trial", r"\bcontrolled\W+(?:clinical\W+)?trial\b|\brct\b", 1.0),
    _rule("allocated", r"\ballocated\b|\bassigned\b", 0.7),
    _rule("control group", r"\bcontrol\W+(?:group|condition|arm)s?\b|\bplacebo\b|\bsham\b", 0.8),
    _rule("waiting list", r"\bwait(?:ing)?\W?list\b|\btreatment\W+as\W+usual\b|\busual\W+care\b", 0.8),
    _rule("blinded", r"\b(?:double|single|assessor)\W?(?:blind|mask)(?:ed)?\b", 1.0),
    _rule(
        "arms",
        r"\bcross-?over\b|\bparallel\W+group|\b(?:two|three|four)\W?arm\b|\bintention\W+to\W+treat\b",
        1.0,
    ),
    _rule("groups", r"\bgroups\b", 0.4),
    _rule("trial", r"\btrial\b", 0.6),
    _rule("registered", r"\bnct\d{8}\b|\bisrctn\d+\b|\bactrn\d+\b", 1.0),
    _rule(
        "protocol",
        r"\b(?:study|trial)\W+protocol\b|\bprotocol\W+(?:for|of)\b|\bwill\W+be\W+randomi[sz]ed\b",
        -4.0,
    ),
    _rule("review", r"\bsystematic(?:ally)?\W+review|\bmeta\W?analy|\bliterature\W+review", -3.5),
    _rule("databases", r"\bmedline\b|\bembase\b|\bsearched\W+(?:in\W+)?(?:pubmed|databases)", -2.0),
    _rule("pooled trials", r"\b(?:randomi[sz]ed|controlled|clinical)\W+(?:[\w-]+\W+){0,2}?trials\b", -1.0),
    _rule(
        "observational",
        r"\bcohort\b|\bcase\W+(?:control|report|series)|\bcross\W?sectional\b|\bretrospective|\bqualitative\b",
        -1.5,
    ),
    _rule("animals", r"\b(?:mice|rats|mouse|in\W+vitro)\b", -1.0),
)
"""The rules, to be shown to whoever asks why. Weights are in logits."""

# Publication types are given by indexers who read the report: they outweigh the text.
_TYPES: tuple[tuple[str, float], ...] = (
    ("Randomized Controlled Trial", 6.0),
    ("Controlled Clinical Trial", 2.0),
    ("Clinical Trial Protocol", -6.0),
    ("Systematic Review", -6.0),
    ("Meta-Analysis", -6.0),
    ("Review", -4.0),
    ("Comment", -3.0),
    ("Editorial", -3.0),
    ("Letter", -2.0),
    ("Case Reports", -3.0),
)
_REGISTERED = 1.5


def trial_likelihood(records: Sequence[Record]) -> NDArray[np.float64]:
    """Return how much each record reads like a report of a randomised trial, shape (n,), in (0, 1).

    1 / (1 + exp(-(sum of the weights of the rules that apply))). Title, abstract (or the words of an index),
    publication types and registration numbers are read; publication types arrive weeks after the citation,
    so that most new records are judged on their text.
    """
    logits = np.array([_logit(record) for record in records], dtype=float)
    likelihoods: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return likelihoods


def _logit(record: Record) -> float:
    body = " ; ".join(record.keywords) if record.index_only else record.abstract
    text = f"{record.title} . {body[:LONGEST]}".casefold()
    said = sum(rule.weight for rule in RULES if rule.pattern.search(text))
    typed = sum(weight for name, weight in _TYPES if name in record.publication_types)
    return _START + said + typed + (_REGISTERED if record.registrations else 0.0)
