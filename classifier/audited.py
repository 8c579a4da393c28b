"""The audit's answer: how many relevant records setting aside may have missed, and whether that may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.strata import Sample, least_relevant, most_relevant
from review.ids import ReportId
from review.in_force import model_in_force
from review.ledger import Ledger
from review.protocol import ClassifierPlan
from review.screening import Settlement
from review.setting_aside import (
    Line,
    Stratum,
    falls_short,
    flagged_and_relevant,
    newly_below,
    put_aside,
    strata,
)
from review.wording import agreeing, counted

__all__ = ["Audited", "SetAside", "audited", "standing"]

LEVEL = 0.95
"""One-sided confidence of each bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the audit says of everything ever set aside.

    Parameters
    ----------
    of, drawn, read, relevant
        Totals over the cycles: set aside, drawn for audit, drawn and read, relevant among those.
    found
        All that people found relevant by now among what was set aside, by whatever way.
    covered
        How many of `of` were set aside in cycles of whose draw somebody read at least one: the bounds are on
        these.
    at_least
        One-sided lower 95% bound on the relevant among `of`, those found among them.
    at_most
        One-sided upper 95% bound on the relevant among the `covered`; None where nothing was read.
    still_missed_at_most
        `at_most` less those that were found.
    flagged
        Relevant reports that promised lines did not miss.
    asked
        The recall promised.
    """

    of: int
    drawn: int
    read: int
    relevant: int
    found: int
    covered: int
    at_least: int
    at_most: int | None
    still_missed_at_most: int | None
    flagged: int
    asked: float

    @property
    def recall_at_most(self) -> float | None:
        """The upper 95% bound on the share of relevant reports that promised lines flagged."""
        return _share(self.flagged, self.at_least)

    @property
    def recall_at_least(self) -> float | None:
        """The lower 95% bound on that share; says nothing of what `covered` leaves out."""
        return _share(self.flagged, self.at_most)

    @property
    def withdraws(self) -> str:
        """Why the promise is withdrawn, or "" where it stands.

        It is withdrawn where the lower bound on what was missed is more than the promise allows: reading
        costs time, a promise that does not hold costs trials.
        """
        highest = self.recall_at_most
        if highest is None or highest >= self.asked:
            return ""
        return (
            f"The promise of {self.asked:.4g} is withdrawn: at least {self.at_least} relevant among those "
            f"set aside, against {self.flagged} flagged, is a recall of at most {highest:.2f}."
        )

    @property
    def sentence(self) -> str:
        """Say what the audit found, with its n."""
        drawn = (
            f"{self.drawn} of {counted(self.of, 'report')} set aside {agreeing(self.drawn, 'was', 'were')} "
            "drawn for audit"
        )
        if self.at_most is None:
            return f"{drawn}; none of them is read yet, so nothing bounds what was missed."
        left, unread = self.of - self.covered, self.drawn - self.read
        beyond = (
            f" {left} set aside in cycles whose draw is unread {agreeing(left, 'is', 'are')} not covered."
            if left
            else ""
        )
        smaller = (
            f" ({unread} unread {agreeing(unread, 'makes', 'make')} the sample smaller)" if unread else ""
        )
        return (
            f"{drawn}, {self.read} {agreeing(self.read, 'is', 'are')} read{smaller} and {self.relevant} of "
            f"them relevant. With 95% confidence at most {self.at_most} of {self.covered} set aside "
            f"{agreeing(self.covered, 'is', 'are')} relevant, at most {self.still_missed_at_most} of them "
            f"not found yet.{beyond}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What is set aside now, what a draw would add to it, and what the audit says.

    Parameters
    ----------
    covered
        What was set aside in cycles of whose draw somebody read at least one.
    withdrawn
        Why the promise was withdrawn since the model was trained, so that all is back in the queue; else "".
    short
        Why the line in force, though it bears a promise, sets nothing aside; else "".
    """

    reports: tuple[ReportId, ...]
    newly: tuple[ReportId, ...]
    audit: Audited | None
    withdrawn: str
    covered: frozenset[ReportId] = frozenset()
    short: str = ""


def audited(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    lines: Mapping[ReportId, Line],
    plan: ClassifierPlan,
) -> Audited | None:
    """Return what the audit says; None where nothing was ever set aside.

    Reports that were drawn and not read count as not drawn: that assumes that they are like those that were
    read, which holds where people read all that is drawn.
    """
    found = strata(ledger, settlements, lines)
    if not found:
        return None
    read = [one for one in found if one.read]
    known = sum(one.found for one in read)
    every = sum(one.found for one in found)
    low, high = _bounds(read)
    return Audited(
        of=sum(one.of for one in found),
        drawn=sum(one.drawn for one in found),
        read=sum(one.read for one in found),
        relevant=sum(one.relevant for one in found),
        found=every,
        covered=sum(one.of for one in read),
        at_least=max(low, known) + every - known,
        at_most=high if high is None else max(high, known),
        still_missed_at_most=high if high is None else max(high, known) - known,
        flagged=flagged_and_relevant(ledger, settlements, lines),
        asked=plan.promise,
    )


def standing(
    ledger: Ledger,
    settlements: Mapping[ReportId, Settlement],
    lines: Mapping[ReportId, Line],
    plan: ClassifierPlan,
) -> SetAside:
    """Return what is set aside now. Where the audit or drift withdraw the promise, that is nothing."""
    audit = audited(ledger, settlements, lines, plan)
    reasons = (audit.withdraws if audit else "", _drifted(ledger))
    withdrawn = " ".join(one for one in reasons if one)
    return SetAside(
        reports=put_aside(ledger, settlements, lines, plan, withdrawn=withdrawn),
        newly=newly_below(ledger, settlements, lines, plan, withdrawn=withdrawn),
        audit=audit,
        withdrawn=withdrawn,
        covered=frozenset().union(*(one.reports for one in strata(ledger, settlements, lines) if one.read)),
        short=falls_short(ledger, plan),
    )


def _bounds(read: Sequence[Stratum]) -> tuple[int, int | None]:
    if not read:
        return 0, None
    samples = [Sample(of=one.of, read=one.read, relevant=one.relevant) for one in read]
    return least_relevant(samples, level=LEVEL), most_relevant(samples, level=LEVEL)


def _drifted(ledger: Ledger) -> str:
    """Return why the last look at the present model withdrew its promise; empty where it did not."""
    present = model_in_force(ledger)
    if present is None:
        return ""
    of_model = [one for one in ledger.drifts if one.model == present.id]
    return of_model[-1].withdraws if of_model else ""


def _share(flagged: int, missed: int | None) -> float | None:
    if missed is None or flagged + missed == 0:
        return None
    return flagged / (flagged + missed)
