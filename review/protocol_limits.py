"""What a protocol cannot say although its words are right: numbers out of range, drafts of nothing."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from math import isfinite

from review.prisma import BASELINE
from review.protocol import Protocol
from review.protocol_sources import AUTOMATIC, Search
from review.protocol_synthesis import Outcome
from review.searching import SECOND_LOOK

__all__ = ["CHOICE", "Contradiction", "beyond_limits", "unanswerable", "unaudited", "unknown_drafts"]

Contradiction = tuple[str, str, str, str]
"""Key, what was found, what was expected, what to do."""


def beyond_limits(protocol: Protocol) -> Iterator[Contradiction]:
    """Yield each number that lies outside what it can mean."""
    for key, value, holds, expected in (*_plans(protocol), *_tables(protocol)):
        if not holds:
            yield key, str(value), expected, "correct it"


def unaudited(protocol: Protocol) -> Iterator[Contradiction]:
    """Yield setting aside that nobody would check, and advice that was asked for twice."""
    plan = protocol.classifier
    if plan.set_aside and plan.audit_per_cycle == 0:
        expected = "1 or more, where classifier.set_aside is true: what is set aside is sampled"
        yield "classifier.audit_per_cycle", "0", expected, "raise it, or set nothing aside"
    if plan.set_aside and not plan.hide_score_until_voted:
        expected = "true, where classifier.set_aside is true: a score would tell who was drawn for audit"
        yield "classifier.hide_score_until_voted", "false", expected, "hide it, or set nothing aside"
    if len(set(plan.stopping)) < len(plan.stopping):
        yield "classifier.stopping", str(list(plan.stopping)), "each rule once", "correct the list"


def unanswerable(search: Search) -> Iterator[Contradiction]:
    """Yield each source that could be asked nothing, or whose runs would bear another source's name."""
    if search.clinicaltrials and not _asks(search):
        expected = "a condition, an intervention or a term: the whole registry is no question"
        yield "search.clinicaltrials", "nothing to look for", expected, "add one of the three"
    for name in ("europepmc", "citations"):
        if getattr(search, name) and search.pubmed is None:
            yield f"search.{name}", "no [search.pubmed]", _NEEDS_PUBMED[name], "add [search.pubmed]"
    directions = search.citations.directions if search.citations else ("backward",)
    if not directions or len(set(directions)) < len(directions):
        expected = '"backward", "forward" or both, each once'
        yield "search.citations.directions", str(list(directions)), expected, "correct the list"
    for name in search.by_hand:
        if name in _TAKEN or search.by_hand.count(name) > 1 or not name.strip():
            yield "search.files.names", repr(name), "a name that no other source bears", "choose another name"


_TAKEN = {*AUTOMATIC, BASELINE, SECOND_LOOK}
"""Names under which runs and records of other kinds are filed."""
_NEEDS_PUBMED = {
    "europepmc": "PubMed's strategy, which is translated",
    "citations": "PubMed, where citations are known by their PMIDs",
}


def _asks(search: Search) -> bool:
    found = search.clinicaltrials
    return bool(found and (found.condition.strip() or found.intervention.strip() or found.term.strip()))


def unknown_drafts(protocol: Protocol) -> Iterator[Contradiction]:
    """Yield each entry of `drafts` that leads to no key; an id stands for its table, as in *outcome.pain*."""
    for draft in protocol.drafts:
        if not _leads_somewhere(protocol, draft.split(".")):
            yield (
                "drafts",
                repr(draft),
                "a key of this protocol, with a table's id where there are several",
                "correct its spelling or remove it",
            )


Limit = tuple[str, object, bool, str]


def _plans(protocol: Protocol) -> Iterator[Limit]:
    plan, rule, signals = protocol.classifier, protocol.synthesis.shared_control, protocol.signals
    reviewers = protocol.screening.reviewers_per_report
    yield from _overlaps(protocol.search)
    if protocol.eligibility.min_arm_n is not None:
        least = protocol.eligibility.min_arm_n
        yield "eligibility.min_arm_n", least, least >= 1, "1 or more participants"
    yield "classifier.promise", plan.promise, 0 < plan.promise < 1, "a share between 0 and 1, both excluded"
    yield "classifier.audit_per_cycle", plan.audit_per_cycle, plan.audit_per_cycle >= 0, "0 or more"
    yield "classifier.in_a_row", plan.in_a_row, plan.in_a_row >= 1, "1 or more"
    yield "classifier.seed", plan.seed, 0 <= plan.seed < 2**32, "0 to 4294967295"
    yield "screening.reviewers_per_report", reviewers, reviewers >= 1, "1 or more"
    for name in ("split_r", "shared_r"):
        value = getattr(rule, name)
        yield f"synthesis.shared_control.{name}", value, 0 <= value <= 1, "a correlation from 0 to 1"
    for name in ("relative_change", "participants_added"):
        value = getattr(signals, name)
        yield f"signals.{name}", value, 0 < value < float("inf"), "a fraction above 0"


def _overlaps(search: Search) -> Iterator[Limit]:
    for name in search.automatic:
        overlap = getattr(getattr(search, name), "overlap_days", None)
        least = _LEAST_OVERLAP.get(name, 1)
        if overlap is not None:
            expected = f"{least} to 365 days: records enter a source late, and its days are not ours"
            yield f"search.{name}.overlap_days", overlap, least <= overlap <= 365, expected


_LEAST_OVERLAP = {"pubmed": 7}
"""Days: PubMed shows records some days after the one they are dated to."""


def _tables(protocol: Protocol) -> Iterator[Limit]:
    for point in protocol.timepoint:
        if point.window_months:
            first, last = point.window_months
            expected = "two months from 0 up, the earlier first"
            yield f"timepoint.{point.id}.window_months", f"[{first}, {last}]", 0 <= first <= last, expected
        understood = CHOICE.match(point.choose) is not None
        yield f"timepoint.{point.id}.choose", repr(point.choose), understood, _CHOICES
    for outcome in protocol.outcome:
        yield from _outcome(outcome)
    for name, subgroup in protocol.subgroup.items():
        levels = subgroup.levels
        distinct = len(set(levels)) == len(levels) >= 2
        yield f"subgroup.{name}.levels", list(levels), distinct, "two or more, each once"


CHOICE = re.compile(r"(?P<which>longest|first)\b|closest to (?P<months>\d+) months?\b", re.IGNORECASE)
"""How a time point may say which measurement it takes; what follows is for people to read."""
_CHOICES = 'words that begin with "longest", "first" or "closest to N months"'


_DIFFERENCE = 'a finite number other than 0 (a logarithm for RR and OR), or "not declared"'


def _outcome(outcome: Outcome) -> Iterator[Limit]:
    where = f"outcome.{outcome.id}"
    kinds = list(outcome.values)
    named = all(kind.startswith(("final", "change")) for kind in kinds) and len(set(kinds)) == len(kinds)
    yield f"{where}.values", kinds, named, "kinds that begin with final or change, each once"
    if not isinstance(outcome.mid, str):
        yield f"{where}.mid", outcome.mid, isfinite(outcome.mid) and outcome.mid != 0, _DIFFERENCE
    names = [one.name for one in outcome.instruments]
    yield f"{where}.instruments", names, len(set(names)) == len(names), "each instrument once"
    if outcome.reexpress:
        sd, source = outcome.reexpress.sd, outcome.reexpress.source
        yield f"{where}.reexpress.sd", sd, 0 < sd < float("inf"), "a standard deviation above 0"
        yield f"{where}.reexpress.source", repr(source), bool(source.strip()), "where the SD was seen"
        yield f"{where}.reexpress", outcome.measure, outcome.measure == "SMD", "the measure SMD"


def _leads_somewhere(value: object, parts: list[str]) -> bool:
    if not parts:
        return True
    name, *rest = parts
    if is_dataclass(value):
        known = name in {field.name for field in fields(value)}
        return known and _leads_somewhere(getattr(value, name), rest)
    if isinstance(value, dict):
        return name in value and _leads_somewhere(value[name], rest)
    if isinstance(value, tuple):
        found = next((row for row in value if getattr(row, "id", None) == name), None)
        return found is not None and _leads_somewhere(found, rest)
    return False
