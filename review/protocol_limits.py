"""What a protocol cannot say although its words are right: numbers out of range, drafts of nothing."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from review.protocol import Protocol

__all__ = ["Contradiction", "beyond_limits", "not_built", "unknown_drafts"]

Contradiction = tuple[str, str, str, str]
"""Key, what was found, what was expected, what to do."""


def beyond_limits(protocol: Protocol) -> Iterator[Contradiction]:
    """Yield each number that lies outside what it can mean."""
    for key, value, holds, expected in (*_plans(protocol), *_tables(protocol)):
        if not holds:
            yield key, str(value), expected, "correct it"


def not_built(protocol: Protocol) -> Iterator[Contradiction]:
    """Yield what the protocol claims and no code does."""
    if protocol.classifier.set_aside:
        expected = "false: setting aside is not built yet, everything is shown, ranked"
        yield "classifier.set_aside", "true", expected, "set it to false"


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
    if protocol.search.pubmed:
        overlap = protocol.search.pubmed.overlap_days
        yield "search.pubmed.overlap_days", overlap, 0 <= overlap <= 365, "0 to 365 days"
    if protocol.eligibility.min_arm_n is not None:
        least = protocol.eligibility.min_arm_n
        yield "eligibility.min_arm_n", least, least >= 1, "1 or more participants"
    yield "classifier.promise", plan.promise, 0 < plan.promise < 1, "a share between 0 and 1, both excluded"
    yield "classifier.audit_per_cycle", plan.audit_per_cycle, plan.audit_per_cycle >= 0, "0 or more"
    yield "classifier.seed", plan.seed, 0 <= plan.seed < 2**32, "0 to 4294967295"
    yield "screening.reviewers_per_report", reviewers, reviewers >= 1, "1 or more"
    for name in ("split_r", "shared_r"):
        value = getattr(rule, name)
        yield f"synthesis.shared_control.{name}", value, 0 <= value <= 1, "a correlation from 0 to 1"
    for name in ("relative_change", "participants_added"):
        value = getattr(signals, name)
        yield f"signals.{name}", value, 0 < value < float("inf"), "a fraction above 0"


def _tables(protocol: Protocol) -> Iterator[Limit]:
    for point in protocol.timepoint:
        if point.window_months:
            first, last = point.window_months
            expected = "two months from 0 up, the earlier first"
            yield f"timepoint.{point.id}.window_months", f"[{first}, {last}]", 0 <= first <= last, expected
    for name, subgroup in protocol.subgroup.items():
        levels = subgroup.levels
        distinct = len(set(levels)) == len(levels) >= 2
        yield f"subgroup.{name}.levels", list(levels), distinct, "two or more, each once"


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
