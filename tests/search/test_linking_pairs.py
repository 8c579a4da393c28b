"""Real pairs of reports of one study, and of studies that resemble each other: never called duplicates.

``real_pairs.csv`` holds citations only, from the shared data (its column `source`). `found_by` says how a
pair came to be there; `registration` is a number that both reports bear, in the abstract or beside it.
"""

import csv
from io import StringIO
from pathlib import Path

import pytest

from review.record import Record
from search.linking import DEFAULT_CONFIDENCE, Duplicate, Linking, ListIndex, Sibling, link

PAIRS = list(csv.DictReader(StringIO((Path(__file__).parent / "real_pairs.csv").read_text(encoding="utf-8"))))
ONE_STUDY = [pair for pair in PAIRS if pair["relation"] != "other study"]


def record(pair: dict[str, str], side: str, *, registered: bool = True, identified: bool = True) -> Record:
    """Make a record of one side of a pair."""
    cells = {
        name.removeprefix(f"{side}_"): cell for name, cell in pair.items() if name.startswith(f"{side}_")
    }
    return Record(
        source="files",
        accession=side,
        title=cells["title"],
        authors=tuple(filter(None, cells["authors"].split("; "))),
        journal=cells["journal"],
        year=int(cells["year"]) if cells["year"] else None,
        volume=cells["volume"],
        pages=cells["pages"],
        pmid=cells["pmid"] if identified else "",
        doi=cells["doi"] if identified else "",
        registrations=(pair["registration"],) if registered and pair["registration"] else (),
    )


def linked(pair: dict[str, str], *, registered: bool = True, identified: bool = True) -> Linking:
    """Link the second of a pair against the first."""
    one, other = (
        record(pair, side, registered=registered, identified=identified) for side in ("one", "other")
    )
    return link([other], ListIndex([(one.report_id, one)]))


def shown(found: tuple[Duplicate | Sibling, ...]) -> bool:
    """Return whether something is suggested at the default confidence."""
    return any(each.confidence >= DEFAULT_CONFIDENCE for each in found)


@pytest.mark.parametrize("identified", [True, False])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['one_doi']} {pair['other_doi']}")
def test_no_real_pair_is_called_a_duplicate(pair: dict[str, str], *, identified: bool) -> None:
    """Reports of one study and look-alikes stay apart at any confidence, with identifiers and without."""
    assert linked(pair, identified=identified).duplicates == ()


def test_most_real_pairs_are_suggested_as_siblings() -> None:
    """Of 33 pairs of reports of one study 28 are suggested, and 14 where no registration is given."""
    known = [pair for pair in ONE_STUDY if shown(linked(pair).siblings)]
    unaided = [pair for pair in ONE_STUDY if shown(linked(pair, registered=False).siblings)]
    assert (len(ONE_STUDY), len(known), len(unaided)) == (33, 28, 14)
