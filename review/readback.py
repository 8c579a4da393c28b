"""Read a protocol back in sentences, so that a team sees what its file says."""

import math
from collections.abc import Iterator

from review.protocol import Protocol
from review.protocol_sources import Search
from review.protocol_synthesis import Outcome, TimePoint

__all__ = ["read_back"]


def read_back(protocol: Protocol) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return headings with their sentences, in the order of the protocol."""
    return tuple(
        (heading, tuple(sentences(protocol)))
        for heading, sentences in (
            ("The question", _question),
            ("Who decides, and on what", _eligibility),
            ("Where and how often it looks", _search),
            ("How records are ranked", _ranking),
            ("What is measured", _outcomes),
            ("How results are added up", _synthesis),
            ("Where it is published", _publication),
        )
    )


def _question(protocol: Protocol) -> Iterator[str]:
    last = max(protocol.history, key=lambda amendment: amendment.version)
    yield f"{protocol.title} (version {protocol.version} of {last.date}: {last.change})"
    if protocol.follows:
        yield f"It keeps {protocol.follows} up to date."
    yield f"Population: {protocol.pico.population}. Intervention: {protocol.pico.intervention}."
    yield f"Compared with {' or '.join(protocol.pico.comparator)}."
    if protocol.drafts:
        yield f"Our own, not the authors': {', '.join(protocol.drafts)}."


def _eligibility(protocol: Protocol) -> Iterator[str]:
    people = protocol.screening.reviewers_per_report
    yield f"{people} reviewers vote independently on each report."
    yield f"Conflicts are settled by {protocol.screening.conflict}."
    yield f"They ask: {' '.join(protocol.eligibility.questions)}"
    reasons = ", ".join(protocol.eligibility.exclusion_reasons)
    yield f"A report is excluded for the first reason that applies: {reasons}."
    if protocol.eligibility.min_arm_n:
        yield f"Trials with an arm under {protocol.eligibility.min_arm_n} are excluded at extraction."
    yield f"{protocol.extraction.people_per_effect} people stand behind each extracted result."


def _search(protocol: Protocol) -> Iterator[str]:
    search, living = protocol.search, protocol.living
    if search.pubmed is None:
        yield "PubMed is not searched."
    else:
        pubmed = search.pubmed
        yield f"PubMed is searched every {living.search_every} since {pubmed.since} with {pubmed.strategy}."
        yield f"The last {pubmed.overlap_days} days of each window are searched twice."
        yield f"{len(pubmed.canaries)} known PMIDs must be found each time."
        if pubmed.undeliverable:
            told = ", ".join(map(str, pubmed.undeliverable))
            yield f"PubMed counts and never delivers PMID {told}: somebody looked, they leave no gap."
    yield from _other_sources(search)
    if search.by_hand:
        yield f"Searched by people and imported as files: {', '.join(search.by_hand)}."
    yield f"What is known is looked at again every {living.known_pass_every}."
    yield f"The strategy is reviewed every {living.review_strategy_every}."
    yield f"The living mode is justified anew every {living.rejustify_every}."
    yield f"It ends when: {living.retire_when}"


def _other_sources(search: Search) -> Iterator[str]:
    if registry := search.clinicaltrials:
        asked = (
            ("condition", registry.condition),
            ("intervention", registry.intervention),
            ("term", registry.term),
        )
        words = ", ".join(f"{name} {text!r}" for name, text in asked if text)
        yield f"ClinicalTrials.gov is searched with it, for trials updated since {registry.since}: {words}."
    if search.europepmc:
        since = search.europepmc.since
        yield f"Europe PMC is searched with it since {since}, by the same strategy in its own syntax."
    if search.citations:
        how = {"backward": "what included studies cite", "forward": "what cites them"}
        chased = " and ".join(how[one] for one in search.citations.directions)
        yield f"Citations are chased with it: {chased}."


def _ranking(protocol: Protocol) -> Iterator[str]:
    plan = protocol.classifier
    yield f"Recall asked for: {plan.promise:.0%}, if enough is included to promise it."
    yield (
        f"What falls below a promised line is set aside, unscreened, and {plan.audit_per_cycle} of it are "
        "audited each cycle."
        if plan.set_aside
        else "Nothing is set aside: everything is shown, ranked."
    )
    if plan.stopping:
        rules = f"{plan.stop_when} of: " if len(plan.stopping) > 1 else ""
        yield f"Advice on stopping by {rules}{', '.join(plan.stopping)}; nothing stops by itself."


def _outcomes(protocol: Protocol) -> Iterator[str]:
    for outcome in protocol.outcome:
        yield _outcome(outcome)
        yield from _which_is_taken(outcome)
    yield f"Never pooled together: {', '.join(stratum.id for stratum in protocol.stratum)}."
    yield f"Comparisons: {'; '.join(comparison.label for comparison in protocol.comparison)}."
    yield f"Time points: {'; '.join(f'{point.label} ({_chosen(point)})' for point in protocol.timepoint)}."


def _chosen(point: TimePoint) -> str:
    if point.window_months is None:
        return point.choose
    first, last = point.window_months
    return f"{point.choose}; {first} to {last} months"


def _outcome(outcome: Outcome) -> str:
    elsewhere = "".join(f", {measure} for {stratum}" for stratum, measure in outcome.measure_in.items())
    rank = "primary" if outcome.primary else "secondary"
    harm = ", a harm" if outcome.harm else ""
    better = f"{outcome.better} is better"
    return f"{outcome.label}: {rank}{harm}, {outcome.measure}{elsewhere}, {better}, {_mid(outcome)}."


def _mid(outcome: Outcome) -> str:
    if isinstance(outcome.mid, str):
        return "no minimal important difference declared"
    if outcome.measure not in {"RR", "OR"}:
        return f"MID {outcome.mid:g}"
    low, high = sorted((math.exp(outcome.mid), math.exp(-outcome.mid)))
    return f"MID {outcome.mid:g} on the log scale, ratios of {low:.3g} and {high:.3g}"


def _which_is_taken(outcome: Outcome) -> Iterator[str]:
    if outcome.instruments:
        yield f"{outcome.label}, scales in order: {', '.join(one.name for one in outcome.instruments)}."
    if outcome.values:
        yield f"{outcome.label}, kinds of values in order: {'; '.join(outcome.values)}."
    if told := outcome.reexpress:
        yield f"{outcome.label} is told in points of {told.instrument}, SD {told.sd:g} ({told.source})."


def _synthesis(protocol: Protocol) -> Iterator[str]:
    plan = protocol.synthesis
    yield f"Random effects, tau2 by {plan.tau2}, intervals by {plan.ci}."
    yield f"Prediction intervals by {plan.prediction_interval}."
    for fallback in plan.fallback:
        interval = "wider of it and z" if fallback.ci == "wider" else fallback.ci
        yield f"When {fallback.when}: the {interval} is shown, and named."
    yield f"Sign of differences: {plan.sign}."
    yield f"Run beside it every time: {', '.join(plan.sensitivity) or 'nothing'}."
    yield f"Looks at small-study effects: {', '.join(plan.small_study) or 'none'}."
    for subgroup in protocol.subgroup.values():
        yield f"Subgroups by {subgroup.label}: {', '.join(subgroup.levels)}."
    for moderator in protocol.moderator.values():
        unit = f" ({moderator.unit})" if moderator.unit else ""
        yield f"Meta-regression on {moderator.label}{unit}."


def _publication(protocol: Protocol) -> Iterator[str]:
    where = protocol.publication
    yield f"{where.base_url}, licence {where.licence}, contact {where.contact}."
    if where.disclaimer:
        yield where.disclaimer
