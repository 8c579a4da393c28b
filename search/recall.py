"""Which reference reports a strategy finds, block by block, so that a team sees which block loses a trial.

Offline by the words that are known of each report; or by what PubMed answered of each.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from review.record import Record
from search.blocks import Block, Blocks
from search.query.indexed import Indexed
from search.query.match import Test, test_of
from search.query.tree import leaves, write

__all__ = [
    "BlockRecall",
    "Hit",
    "Outcome",
    "Progress",
    "Recall",
    "Reference",
    "Standing",
    "StudyRecall",
    "recall",
    "recall_of_answers",
]

Progress = Callable[[int, str], None]
"""Called before each block with how many are done, and its name."""


class Standing(StrEnum):
    """What a reference is to the review; to lose an included study is what matters."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    CANARY = "canary"


class Hit(StrEnum):
    """Whether a strategy, or a block of it, finds a report."""

    YES = "found"
    NO = "lost"
    UNKNOWN = "not judged"
    """Too little of the report is known offline, or it has no PMID by which PubMed could be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A report that the strategy should find, or at least is measured by.

    Parameters
    ----------
    label
        Names the report, once in a list of references.
    record
        What is known of its words; None where nothing is.
    """

    label: str
    study: str
    standing: Standing
    title: str = ""
    pmid: str = ""
    record: Record | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one block makes of one reference.

    Parameters
    ----------
    terms
        The terms of the block that are in the report; also of one that is lost all the same.
    taken_out_by
        The terms in a NOT of the block that are in the report.
    perhaps
        True for a lost report that PubMed may find by a heading or a part that cannot be told offline.
    """

    label: str
    found: Hit
    terms: tuple[str, ...] = ()
    taken_out_by: tuple[str, ...] = ()
    perhaps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRecall:
    """What one block makes of all references, in their order."""

    block: str
    outcomes: tuple[Outcome, ...]

    def labels(self, found: Hit) -> tuple[str, ...]:
        """Give the references of one outcome."""
        return tuple(outcome.label for outcome in self.outcomes if outcome.found is found)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRecall:
    """What the whole strategy makes of a study: found by any of its reports.

    Parameters
    ----------
    losing
        The blocks that lose its reports; empty for a study that is not lost.
    """

    study: str
    standing: Standing
    found: Hit
    losing: tuple[str, ...] = ()
    perhaps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """References, and what each block and the strategy as a whole make of them."""

    references: tuple[Reference, ...]
    blocks: tuple[BlockRecall, ...]
    studies: tuple[StudyRecall, ...]

    def of(self, standing: Standing, found: Hit) -> tuple[StudyRecall, ...]:
        """Give the studies of one standing and one outcome."""
        return tuple(one for one in self.studies if one.standing is standing and one.found is found)


def recall(blocks: Blocks, references: Iterable[Reference], progress: Progress | None = None) -> Recall:
    """Put each block to the words that are known of each reference.

    A block that does not find a report of which only the title is known is not judged on it.
    """
    asked = tuple(references)
    indexed = {one.label: Indexed(one.record) for one in asked if one.record is not None}
    found = []
    for number, block in enumerate(blocks.blocks):
        if progress:
            progress(number, block.name)
        found.append(_offline(block, asked, indexed))
    return _recall(asked, tuple(found))


def recall_of_answers(references: Iterable[Reference], found: Mapping[str, Collection[str]]) -> Recall:
    """Put together what PubMed answered.

    Parameters
    ----------
    found
        For each block the PMIDs that it found, of all references that have one.
    """
    asked = tuple(references)
    blocks = (
        BlockRecall(block=name, outcomes=tuple(_answered(one, pmids) for one in asked))
        for name, pmids in found.items()
    )
    return _recall(asked, tuple(blocks))


def _offline(block: Block, asked: tuple[Reference, ...], indexed: Mapping[str, Indexed]) -> BlockRecall:
    tests = [(write(leaf), taken_out, test_of(leaf)) for leaf, taken_out in leaves(block.strategy.tree)]
    outcomes = (
        _judged(one.label, block, indexed[one.label], tests)
        if one.label in indexed
        else Outcome(label=one.label, found=Hit.UNKNOWN)
        for one in asked
    )
    return BlockRecall(block=block.name, outcomes=tuple(outcomes))


def _judged(label: str, block: Block, indexed: Indexed, tests: list[tuple[str, bool, Test]]) -> Outcome:
    there = [(text, taken_out) for text, taken_out, test in tests if test(indexed)]
    terms = tuple(dict.fromkeys(text for text, taken_out in there if not taken_out))
    taken_out_by = tuple(dict.fromkeys(text for text, taken_out in there if taken_out))
    if block.strategy.matches(indexed):
        return Outcome(label=label, found=Hit.YES, terms=terms)
    if not (indexed.record.abstract or indexed.record.index_only):
        return Outcome(label=label, found=Hit.UNKNOWN, terms=terms)
    perhaps = block.strategy.could_match(indexed) is None
    return Outcome(label=label, found=Hit.NO, terms=terms, taken_out_by=taken_out_by, perhaps=perhaps)


def _answered(reference: Reference, pmids: Collection[str]) -> Outcome:
    if not reference.pmid:
        return Outcome(label=reference.label, found=Hit.UNKNOWN)
    return Outcome(label=reference.label, found=Hit.YES if reference.pmid in pmids else Hit.NO)


def _recall(asked: tuple[Reference, ...], blocks: tuple[BlockRecall, ...]) -> Recall:
    by_label: dict[str, list[tuple[str, Outcome]]] = {one.label: [] for one in asked}
    for block in blocks:
        for outcome in block.outcomes:
            by_label[outcome.label].append((block.block, outcome))
    reports: dict[tuple[str, Standing], list[StudyRecall]] = {}
    for one in asked:
        reports.setdefault((one.study, one.standing), []).append(_whole(one, by_label[one.label]))
    return Recall(references=asked, blocks=blocks, studies=tuple(map(_study, reports.values())))


def _whole(reference: Reference, outcomes: list[tuple[str, Outcome]]) -> StudyRecall:
    """Give what the blocks together, joined by AND, make of one report."""
    lost = [(block, outcome) for block, outcome in outcomes if outcome.found is Hit.NO]
    unknown = any(outcome.found is Hit.UNKNOWN for _, outcome in outcomes)
    rest = Hit.UNKNOWN if unknown else Hit.YES
    return StudyRecall(
        study=reference.study,
        standing=reference.standing,
        found=Hit.NO if lost else rest,
        losing=tuple(block for block, _ in lost),
        perhaps=bool(lost) and all(outcome.perhaps for _, outcome in lost),
    )


def _study(reports: list[StudyRecall]) -> StudyRecall:
    """Give the best of the reports: found, else not judged, else lost."""
    return min(reports, key=lambda one: (one.found is not Hit.YES, one.found is Hit.NO, len(one.losing)))
