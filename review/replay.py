"""What a replay of history shows of one year: what the strategy found, missed, and where trials ranked."""

from dataclasses import dataclass

from review.drift import Drift
from review.ids import StudyId
from review.result import Sensitivity, Synthesis
from review.searching import BlockCount
from review.suggestion import Model, Suggestion

__all__ = ["Course", "RankedReport", "Replay", "ReplayYear", "TrialOutcome", "Watch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOutcome:
    """What became of one known later trial in the year its report entered the catalogue.

    Parameters
    ----------
    in_catalogue
        False where no source gave the report: it cannot be found by any search.
    found
        True where the strategy returned it.
    rank, of
        Its place among everything the strategy returned that year.
    rank_near, of_near
        Its place among the year's returned near-misses and true trials alone.
    state
        In words: included (imported), undecided, held as a conflict, missed by the strategy.
    why
        For a missed trial the blocks that lost it; otherwise what a reader should know.
    flagged
        Whether that year's model flagged its report.
    included
        Whether a later meta-analysis included it; on the others no decision of a review was seen.
    """

    study: StudyId
    in_catalogue: bool
    found: bool
    state: str
    rank: int | None = None
    of: int | None = None
    rank_near: int | None = None
    of_near: int | None = None
    why: str = ""
    flagged: bool = False
    included: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedReport:
    """One report of a year as that year's model saw it.

    Parameters
    ----------
    suggestion
        What the model said, without the places of its terms: no page of a replay shows an abstract.
    rank, of
        Its place among the year's new reports; ties share their mean rank, rounded up.
    state
        What had become of it by the end of the year, in words.
    study
        The known later trial that it tells of; empty where it tells of none.
    """

    suggestion: Suggestion
    rank: int
    of: int
    state: str
    study: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What one year's search says of itself, and what the look at known records brought.

    Parameters
    ----------
    status
        How the search ended.
    canaries, canaries_missing
        How many records the strategy must find, and which of them it did not.
    blocks
        How many records each block matches by itself in the year.
    known, notices
        How many known records were looked at again, and each finding as kind and text.
    not_looked_at
        Known records that the rehearsal's catalogue does not hold, so that nobody could look at them.
    """

    status: str
    canaries: int = 0
    canaries_missing: tuple[str, ...] = ()
    blocks: tuple[BlockCount, ...] = ()
    message: str = ""
    known_status: str = ""
    known: int = 0
    notices: tuple[tuple[str, str], ...] = ()
    not_looked_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayYear:
    """One cycle of the replay.

    Parameters
    ----------
    ranked
        How many new reports the year's model ranked.
    flagged
        How many of those it flagged.
    listed
        The flagged ones, best first.
    card
        The year's model; None where there was nothing to rank.
    drift
        What the year's new reports looked like beside what the model knew; None without a model.
    """

    year: int
    retrieved: int
    new: int
    flagged: int
    headline: str
    ranked: int = 0
    listed: tuple[RankedReport, ...] = ()
    card: Model | None = None
    drift: Drift | None = None
    trials: tuple[TrialOutcome, ...] = ()
    watch: Watch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one analysis moved from year to year.

    Parameters
    ----------
    stages
        A label, the year or what stood before the first one, with the result that stood at its end; the
        results carry no analyses beside the main one.
    about
        A sentence on which trials each stage holds.
    """

    name: str
    about: str
    stages: tuple[tuple[str, Synthesis], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A whole replay.

    Parameters
    ----------
    inputs
        Digest of everything it was played from: the same inputs need not be played twice.
    figures
        The published table pooled by itself, beside what the replay's own search could reach.
    not_rehearsed
        Sources of the protocol that a stand-in for PubMed cannot answer for.
    courses
        What the replay's own search came to, year by year, and after it the published table by itself.
    """

    inputs: str
    years: tuple[ReplayYear, ...]
    figures: tuple[Sensitivity, ...]
    not_rehearsed: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()
