"""What indexers and registers say of a record's design, added to what its text says.

Guessed by hand from what the fields mean, not learned: the records to learn them from carry too few types.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from review.record import Record

__all__ = ["Said", "said_elsewhere"]

_TRIAL = "randomized controlled trial"

# Given by people, or software, that read the report: these outweigh any text.
_DECIDE = {
    "clinical trial protocol": -3.0,
    "systematic review": -4.0,
    "meta-analysis": -4.0,
    "case reports": -4.0,
    "editorial": -4.0,
    "published erratum": -4.0,
}
# These lean, so that a text that says otherwise can still win.
_LEAN = {
    "controlled clinical trial": 2.0,
    "equivalence trial": 2.0,
    "pragmatic clinical trial": 2.0,
    "adaptive clinical trial": 2.0,
    "clinical trial, phase iii": 1.0,
    "clinical trial, phase iv": 0.5,
    "clinical trial": 0.5,
    "review": -3.0,
    "comment": -2.0,
    "letter": -1.0,
    "news": -3.0,
    "observational study": -2.5,
    "practice guideline": -3.0,
    "randomized controlled trial, veterinary": -1.0,
}
_HEADINGS = {
    "double-blind method": 1.5,
    "single-blind method": 1.0,
    "random allocation": 1.0,
    "cross-over studies": 1.0,
    "randomized controlled trials as topic": -1.0,
    "clinical trials as topic": -0.5,
    "meta-analysis as topic": -1.5,
    "retrospective studies": -1.5,
    "case-control studies": -1.5,
    "cross-sectional studies": -1.5,
    "qualitative research": -1.5,
}
_REGISTERED = 0.7
_INDEXED_OTHERWISE = -1.5
_SURE = 4.0
_TRIAL_NUMBER = re.compile(r"\b(?:nct|isrctn|actrn|drks|umin|ctri|irct|jprn|kct|tctr|rbr|chictr)[\w-]*\d{4,}")


class Said(NamedTuple):
    """The logit after metadata, and what moved it, by how much."""

    logit: float
    reasons: tuple[tuple[str, float], ...]


def said_elsewhere(record: Record, logit: float) -> Said:
    """Add what types, headings and registrations say to the logit of a record's text.

    The first of these that applies decides:

    1. The publication type *Randomized Controlled Trial*: the logit becomes at least 4 (0.98).
    2. Types of what is no report of a trial's results (protocol, systematic review, meta-analysis, case
       report, editorial, erratum): the logit becomes at most -3 or -4 (0.05, 0.02).
    3. Everything else is added: other types, MeSH headings, a registration number; and, where MEDLINE's
       indexing is complete and gives no type of trial, 1.5 is taken off.

    MeSH headings are read without their star and qualifier; a heading of trials *as topic* is no sign of a
    trial.
    """
    types = _types(record)
    if _TRIAL in types:
        return _moved(logit, max(logit, _SURE), f"publication type: {_TRIAL}")
    deciding = sorted((_DECIDE[one], one) for one in types & _DECIDE.keys())
    if deciding:
        bound, name = deciding[0]
        return _moved(logit, min(logit, bound), f"publication type: {name}")
    reasons = tuple(_leanings(record, types))
    return Said(logit + sum(weight for _, weight in reasons), reasons)


def _moved(before: float, after: float, reason: str) -> Said:
    return Said(after, ((reason, after - before),) if after != before else ())


def _types(record: Record) -> set[str]:
    # Exports of CENTRAL and Ovid put all types into one field.
    return {one.strip().casefold() for field in record.publication_types for one in field.split(";")}


def _leanings(record: Record, types: set[str]) -> Iterator[tuple[str, float]]:
    for name in sorted(types & _LEAN.keys()):
        yield f"publication type: {name}", _LEAN[name]
    headings = {heading.replace("*", "").partition("/")[0].strip().casefold() for heading in record.mesh}
    for name in sorted(headings & _HEADINGS.keys()):
        yield f"MeSH heading: {name}", _HEADINGS[name]
    if "animals" in headings and "humans" not in headings:
        yield "MeSH heading: animals, not humans", -2.0
    if any(_TRIAL_NUMBER.search(number.casefold()) for number in record.registrations):
        yield "a trial's registration number", _REGISTERED
    if record.status == "MEDLINE" and headings and not any("trial" in one for one in types):
        yield "indexed, and not as a trial", _INDEXED_OTHERWISE
