"""One token per thing a person can do once: it is signed, and it ages with what the person has done since.

The token says how many rows the person had written on a matter when the form was made. It is the same each
time the page is made, so that a page gives nothing away, and another one after each change, so that a form
in an old tab, or sent twice, is recognised.
"""

from collections.abc import Iterable

from review.decision import Decision, Stage
from review.effect import Effect
from review.ids import ReportId, Reviewer, StudyId
from review.ledger import Ledger
from triage.sessions import token

__all__ = ["effect_token", "ledger_token", "vote_token"]


def vote_token(key: str, decisions: Iterable[Decision], report: ReportId, stage: Stage, who: Reviewer) -> str:
    """Return the token of the next vote of one person on one report at one stage."""
    written = sum(1 for one in decisions if (one.report, one.stage, one.reviewer) == (report, stage, who))
    return token(key, "vote", report, stage, who, str(written))


def effect_token(key: str, effects: Iterable[Effect], study: StudyId, who: Reviewer) -> str:
    """Return the token of the next result that one person enters for one study."""
    written = sum(1 for one in effects if (one.estimate.study, one.by) == (study, who))
    return token(key, "effect", study, who, str(written))


def ledger_token(key: str, what: str, ledger: Ledger, matter: str) -> str:
    """Return a token that ages with every row of a kind on a matter, whoever wrote it.

    `what` is ``resolution`` or ``link`` (the matter is a report) or ``signature`` (the matter is the
    candidates' digests).
    """
    rows: dict[str, Iterable[object]] = {
        "resolution": (one for one in ledger.resolutions if one.report == matter),
        "link": (one for one in ledger.study_links if one.report == matter),
        "signature": ledger.update_decisions,
    }
    return token(key, what, matter, str(sum(1 for _ in rows[what])))
