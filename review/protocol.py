"""The protocol: what a review asks, where it looks, whom it trusts, how it adds up, and how often.

Each class is one table of ``protocol.toml`` and each field one key: the reader refuses any other. The tables
of sources stand in ``review.protocol_sources``, those of pooling in ``review.protocol_synthesis``.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from review.protocol_sources import Search
from review.protocol_synthesis import (
    Comparison,
    Moderator,
    Outcome,
    SignalRules,
    Stratum,
    Subgroup,
    SynthesisPlan,
    TimePoint,
)

__all__ = [
    "Amendment",
    "ClassifierPlan",
    "Eligibility",
    "ExtractionPlan",
    "LivingPlan",
    "Pico",
    "Protocol",
    "Publication",
    "References",
    "Rehearsal",
    "ScreeningPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One version of the protocol and what changed with it."""

    version: int
    date: date
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pico:
    """The question: population, intervention, comparators, outcomes."""

    population: str
    intervention: str
    comparator: tuple[str, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What reviewers judge by; exclusion reasons are ordered, the first that applies is the one given."""

    designs: tuple[str, ...]
    questions: tuple[str, ...]
    exclusion_reasons: tuple[str, ...]
    min_arm_n: int | None = None
    terms_include: tuple[str, ...] = ()
    terms_exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Where the living review starts: the files of the review it keeps."""

    studies: str
    reports: str
    effects: str


StoppingRule = Literal["hypergeometric", "audit", "in a row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierPlan:
    """How records are ranked; `promise` is the recall asked for, and "cannot promise" is an answer.

    Parameters
    ----------
    set_aside
        Whether what falls below a promised line leaves the queue: visible, unscreened, sampled for audit.
    audit_per_cycle
        How many of what a cycle sets aside are drawn into the queue.
    stopping
        Rules whose advice on ending a catch-up is shown; nothing stops by itself.
    stop_when
        Whether all of the rules, or any, must allow stopping for the advice to be *may stop*.
    in_a_row
        How many irrelevant reports in a row the heuristic rule asks for.
    """

    promise: float = 0.95
    set_aside: bool = False
    audit_per_cycle: int = 10
    hide_score_until_voted: bool = True
    seed: int = 0
    stopping: tuple[StoppingRule, ...] = ()
    stop_when: Literal["all", "any"] = "all"
    in_a_row: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningPlan:
    """How many reviewers vote on each report, and who settles a conflict."""

    reviewers_per_report: int = 2
    conflict: Literal["adjudicator", "consensus"] = "adjudicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionPlan:
    """How many people stand behind an extracted result before it is pooled; 2 is a reader and a checker."""

    people_per_effect: Literal[1, 2] = 2


Rhythm = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingPlan:
    """PRISMA-LSR: the schedule of each step, and how the living mode ends."""

    search_every: Rhythm
    known_pass_every: Rhythm
    decide_every: Rhythm
    review_strategy_every: Rhythm
    rejustify_every: Rhythm
    retire_when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where the review is published, whom to write to, and under which licence its data may be used."""

    base_url: str
    contact: str
    licence: str
    disclaimer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a replay of history runs on: a catalogue for the stand-in, and what others published.

    Parameters
    ----------
    title
        Printed on every page of a replay: it says what the pooled numbers are, and what they are not.
    trials
        The later trials whose rank is reported each year.
    near_misses
        File of accessions, one a line, of entries gathered because they resemble the review's trials.
    """

    title: str
    first_year: int
    catalogue: str
    decisions: str
    effects: str
    trials: str
    near_misses: str
    analysis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A review's protocol. `drafts` names the keys whose values are the keepers' own, not the authors'."""

    id: str
    title: str
    version: int
    history: tuple[Amendment, ...]
    pico: Pico
    eligibility: Eligibility
    references: References
    living: LivingPlan
    comparison: tuple[Comparison, ...]
    stratum: tuple[Stratum, ...]
    timepoint: tuple[TimePoint, ...]
    outcome: tuple[Outcome, ...]
    synthesis: SynthesisPlan
    publication: Publication
    follows: str = ""
    search: Search = field(default_factory=Search)
    classifier: ClassifierPlan = ClassifierPlan()
    screening: ScreeningPlan = ScreeningPlan()
    extraction: ExtractionPlan = ExtractionPlan()
    signals: SignalRules = field(default_factory=SignalRules)
    subgroup: dict[str, Subgroup] = field(default_factory=dict)
    moderator: dict[str, Moderator] = field(default_factory=dict)
    rehearsal: Rehearsal | None = None
    drafts: tuple[str, ...] = ()

    def find_outcome(self, outcome: str) -> Outcome:
        """Return the outcome of that id; KeyError where the protocol has none."""
        return next((one for one in self.outcome if one.id == outcome), None) or _unknown("outcome", outcome)

    def measure_of(self, outcome: str, stratum: str) -> str:
        """Return the effect measure of an outcome in a stratum."""
        found = self.find_outcome(outcome)
        return found.measure_in.get(stratum, found.measure)

    def mid_of(self, outcome: str, stratum: str) -> float | Literal["not declared"]:
        """Return an outcome's minimal important difference; none where the stratum has another measure."""
        found = self.find_outcome(outcome)
        return found.mid if self.measure_of(outcome, stratum) == found.measure else "not declared"


def _unknown(what: str, name: str) -> Outcome:
    raise KeyError(f"{what}: found {name!r}; expected one that the protocol declares")
