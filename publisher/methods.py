"""The protocol read back in sentences, each tied to its key so that drafts are told apart."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.scales import METHODS
from review.protocol import Protocol
from review.protocol_sources import Search
from review.protocol_synthesis import Outcome

__all__ = ["Line", "MethodGroup", "methods"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that the protocol lays down.

    Parameters
    ----------
    draft
        True where the value is the keepers' own and not the authors'.
    """

    name: str
    text: str
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodGroup:
    """Lines under one heading."""

    heading: str
    lines: tuple[Line, ...]


Row = tuple[str, str, str]


def methods(protocol: Protocol) -> tuple[MethodGroup, ...]:
    """Return the protocol in five groups; drafts that no line shows are named at the end."""
    groups = {
        "Question": tuple(_question(protocol)),
        "Search and screening": tuple(_search(protocol)),
        "Outcomes": tuple(_outcomes(protocol)),
        "Synthesis": tuple(_synthesis(protocol)),
        "Living mode": tuple(_living(protocol)),
        "Amendments": tuple(_history(protocol)),
    }
    shown = [key for rows in groups.values() for key, _, _ in rows]
    rest = tuple(
        Line(name=draft, text="set by the keepers of this review", draft=True)
        for draft in protocol.drafts
        if not any(_covers(draft, key) for key in shown)
    )
    found = tuple(
        MethodGroup(heading=heading, lines=_lines(rows, protocol.drafts))
        for heading, rows in groups.items()
        if rows
    )
    return (*found, MethodGroup(heading="Also ours", lines=rest)) if rest else found


def _lines(rows: Iterable[Row], drafts: tuple[str, ...]) -> tuple[Line, ...]:
    return tuple(
        Line(name=name, text=text, draft=any(_covers(draft, key) for draft in drafts))
        for key, name, text in rows
        if text
    )


def _covers(draft: str, key: str) -> bool:
    """Whether one of the two dotted keys holds the other."""
    return draft == key or draft.startswith(f"{key}.") or key.startswith(f"{draft}.")


def _question(protocol: Protocol) -> Iterator[Row]:
    pico, rules = protocol.pico, protocol.eligibility
    yield "follows", "Keeps up to date", protocol.follows
    yield "pico.population", "Population", pico.population
    yield "pico.intervention", "Intervention", pico.intervention
    yield "pico.comparator", "Comparators", "; ".join(pico.comparator)
    yield "pico.outcomes", "Outcomes", "; ".join(pico.outcomes)
    yield "eligibility.designs", "Designs", "; ".join(rules.designs)
    yield "eligibility.questions", "Asked of each report", " ".join(rules.questions)
    smallest = f"{rules.min_arm_n} participants" if rules.min_arm_n else ""
    yield "eligibility.min_arm_n", "Smallest arm", smallest
    yield "eligibility.exclusion_reasons", "Reasons, first that applies", "; ".join(rules.exclusion_reasons)


def _search(protocol: Protocol) -> Iterator[Row]:
    pubmed, by_hand = protocol.search.pubmed, protocol.search.by_hand
    if pubmed:
        yield "search.pubmed.since", "PubMed", f"searched from {pubmed.since}"
        yield "search.pubmed.strategy", "Strategy", pubmed.strategy
        yield "search.pubmed.overlap_days", "Overlap", f"{pubmed.overlap_days} days are searched twice"
        yield "search.pubmed.background", "Presumed negatives", pubmed.background
        yield "search.pubmed.canaries", "Canaries", ", ".join(map(str, pubmed.canaries))
        undeliverable = ", ".join(map(str, pubmed.undeliverable))
        yield "search.pubmed.undeliverable", "Counted, never delivered", undeliverable
    yield from _other_sources(protocol.search)
    yield "search.files", "Imported by hand", ", ".join(by_hand)
    people = protocol.screening.reviewers_per_report
    yield "screening.reviewers_per_report", "Screening", f"{people} independent reviewers per report"
    yield "screening.conflict", "Conflicts", f"settled by {protocol.screening.conflict}"
    yield "classifier.set_aside", "Ranking", f"{_aside(protocol)}; nothing is excluded by a model"
    yield "classifier.promise", "Recall asked for", f"{protocol.classifier.promise:g}"
    yield "classifier.stopping", "Advice on stopping", _stopping(protocol)
    people = protocol.extraction.people_per_effect
    yield "extraction.people_per_effect", "Extraction", f"{people} people stand behind each result"


def _aside(protocol: Protocol) -> str:
    plan = protocol.classifier
    if not plan.set_aside:
        return "nothing is set aside"
    return (
        "reports below the line of a promise are set aside, which counts as unscreened, and "
        f"{plan.audit_per_cycle} a cycle are drawn at random for audit"
    )


def _stopping(protocol: Protocol) -> str:
    plan = protocol.classifier
    names = {
        "hypergeometric": "hypergeometric test (Callaghan and Müller-Hansen 2020, ranked version)",
        "audit": "bound from the random audit",
        "in a row": f"{plan.in_a_row} irrelevant in a row (a heuristic)",
    }
    rules = ", ".join(names[one] for one in plan.stopping)
    return f"{plan.stop_when} of: {rules}; nothing stops by itself" if rules else ""


def _other_sources(search: Search) -> Iterator[Row]:
    if registry := search.clinicaltrials:
        where = "search.clinicaltrials"
        yield f"{where}.since", "ClinicalTrials.gov", f"trials updated from {registry.since}"
        yield f"{where}.condition", "Condition", registry.condition
        yield f"{where}.intervention", "Intervention searched", registry.intervention
        yield f"{where}.term", "Other terms", registry.term
    if search.europepmc:
        text = f"searched from {search.europepmc.since}: the strategy in Europe PMC's syntax"
        yield "search.europepmc.since", "Europe PMC", text
    if search.citations:
        chased = " and ".join(search.citations.directions)
        yield "search.citations.directions", "Citation chasing", f"{chased} from included studies"


def _outcomes(protocol: Protocol) -> Iterator[Row]:
    for place in protocol.timepoint:
        yield f"timepoint.{place.id}.choose", place.label, place.choose
    for outcome in protocol.outcome:
        yield (
            f"outcome.{outcome.id}",
            outcome.label + (" (primary)" if outcome.primary else ""),
            _say(outcome),
        )


def _say(outcome: Outcome) -> str:
    scales = ", ".join(f"{one.name} ({one.better} is better)" for one in outcome.instruments)
    other = ", ".join(f"{measure} in {stratum}" for stratum, measure in outcome.measure_in.items())
    parts = (
        outcome.measure + (f" ({other})" if other else ""),
        f"{outcome.better} is better",
        f"minimal important difference {outcome.mid}",
        f"instruments in order: {scales}" if scales else "",
        f"values in order: {', '.join(outcome.values)}" if outcome.values else "",
    )
    return "; ".join(part for part in parts if part)


def _synthesis(protocol: Protocol) -> Iterator[Row]:
    plan = protocol.synthesis
    intervals = {"HKSJ": "Hartung-Knapp-Sidik-Jonkman", "z": "normal (z)"}
    yield "synthesis.tau2", "Between-study variance", METHODS[plan.tau2]
    yield "synthesis.ci", "Confidence interval", intervals[plan.ci]
    fallbacks = "; ".join(f"where {one.when}: {one.ci}" for one in plan.fallback)
    yield "synthesis.fallback", "Small number of studies", fallbacks
    yield "synthesis.prediction_interval", "Prediction interval", plan.prediction_interval
    yield "synthesis.sign", "Sign of differences", plan.sign
    shared = plan.shared_control
    text = f"one effect per study; r = {shared.split_r:g} if split, {shared.shared_r:g} if shared"
    yield "synthesis.shared_control", "Shared control groups", text
    yield "synthesis.sensitivity", "Sensitivity analyses", "; ".join(plan.sensitivity)
    yield "synthesis.small_study", "Looks at small-study effects", "; ".join(plan.small_study)
    for name, subgroup in protocol.subgroup.items():
        yield f"subgroup.{name}", f"Subgroups: {subgroup.label}", ", ".join(subgroup.levels)
    for name, moderator in protocol.moderator.items():
        unit = f" ({moderator.unit})" if moderator.unit else ""
        yield f"moderator.{name}", "Meta-regression on", f"{moderator.label}{unit}"
    rules = protocol.signals
    text = f"an estimate changed by {rules.relative_change:.0%}, participants grown by"
    yield "signals", "Signals fire at", f"{text} {rules.participants_added:.0%}"


def _living(protocol: Protocol) -> Iterator[Row]:
    plan = protocol.living
    yield "living.search_every", "Search", f"every {plan.search_every}"
    yield "living.known_pass_every", "Pass over what is known", f"every {plan.known_pass_every}"
    yield "living.decide_every", "Update decision", f"every {plan.decide_every}"
    yield "living.review_strategy_every", "Review of the strategy", f"every {plan.review_strategy_every}"
    yield "living.rejustify_every", "Is living still justified?", f"asked every {plan.rejustify_every}"
    yield "living.retire_when", "Retired when", plan.retire_when


def _history(protocol: Protocol) -> Iterator[Row]:
    for one in reversed(protocol.history):
        yield f"history.{one.version}", f"Version {one.version}, {one.date}", one.change
