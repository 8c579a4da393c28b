"""What goes wrong with every source that is walked through page by page, injected over a real socket."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from review.record import Record
from search.errors import BadReply, RateLimited, Redirected, SourceError
from search.sources.contract import Source
from search.standin.faults import Fault, FaultKind
from search.standin.pages import PageFault, PageFaultKind
from search.standin.server import StandIn
from tests.search.preprints import SEARCH, europe, preprints
from tests.search.registered import MARCH, STUDIES, registry, trials

PASSING = [
    FaultKind.RATE_LIMITED,
    FaultKind.SERVER_ERROR,
    FaultKind.SERVER_ERROR_TEXT,
    FaultKind.BAD_GATEWAY,
    FaultKind.UNAVAILABLE,
    FaultKind.GATEWAY_TIMEOUT,
    FaultKind.PAGE,
    FaultKind.EMPTY,
    FaultKind.UNROUTABLE,
    FaultKind.ERROR,
    FaultKind.CUT,
    FaultKind.SHORT,
    FaultKind.RESET,
]
PAGES = [kind for kind in PageFaultKind if kind is not PageFaultKind.NO_COUNT]


@dataclass(frozen=True)
class Asked:
    """A source, the stand-in it asks, and the route of its pages."""

    source: Source
    standin: StandIn
    route: str

    @property
    def times(self) -> int:
        """How many pages were asked for."""
        return [name for name, _ in self.standin.asked].count(self.route)


@contextmanager
def asked(
    name: str,
    number: int,
    *faults: PageFault,
    struck: Iterable[tuple[FaultKind, int]] = (),
    **settings: object,
) -> Iterator[Asked]:
    """Serve so many entries, twenty on a page."""
    make, entries, route = {
        "clinicaltrials": (registry, trials, STUDIES),
        "europepmc": (europe, preprints, SEARCH),
    }[name]
    plan = tuple(Fault(route, kind, times) for kind, times in struck)
    with make(entries(number), *faults, plan=plan, page_size=20, **settings) as (source, standin):
        yield Asked(source, standin, route)


def identifiers(records: Iterable[Record]) -> set[str]:
    """Name each record once."""
    return {record.accession for record in records}


each_source = pytest.mark.parametrize("name", ["clinicaltrials", "europepmc"])


@each_source
def test_it_is_a_source(name: str):
    """Each answers to the contract of all, under the name of its table in the protocol."""
    with asked(name, 0) as made:
        assert made.source.name == name


@each_source
def test_nothing_found_is_an_answer(name: str):
    """A window without entries gives no records, and says so by its count."""
    with asked(name, 0) as made:
        found = made.source.search(MARCH)
    assert (found.count, found.records, found.missing) == (0, (), ())


@each_source
@pytest.mark.parametrize("kind", PASSING)
def test_a_passing_fault_is_survived(kind: FaultKind, name: str):
    """A fault that passes after two tries loses no entry."""
    with asked(name, 30, struck=[(kind, 2)]) as made:
        assert len(identifiers(made.source.search(MARCH).records)) == 30


@each_source
@pytest.mark.parametrize("kind", PASSING)
def test_a_lasting_fault_is_an_error(kind: FaultKind, name: str):
    """A fault that stays ends in a declared error after a bounded number of tries."""
    said = r"^(ClinicalTrials.gov studies|Europe PMC search): found .*; expected "
    with asked(name, 30, struck=[(kind, 99)], attempts=3) as made:
        with pytest.raises(SourceError, match=said):
            made.source.search(MARCH)
        assert made.times == 3


@each_source
def test_several_faults_are_survived(name: str):
    """A page that comes at the third try is no reason to begin anew."""
    with asked(name, 50, struck=[(FaultKind.CUT, 1), (FaultKind.RESET, 1)]) as made:
        assert len(identifiers(made.source.search(MARCH).records)) == 50
        assert made.times == 5


@each_source
def test_a_redirect_is_not_followed(name: str):
    """An answer that points elsewhere is an error at once."""
    with asked(name, 1, struck=[(FaultKind.REDIRECT, 9)]) as made:
        with pytest.raises(Redirected, match=r"elsewhere\.invalid"):
            made.source.search(MARCH)
        assert made.times == 1


@each_source
def test_asking_too_often_is_told_as_such(name: str):
    """A rate limit that stays is told apart from other failures."""
    with asked(name, 1, struck=[(FaultKind.RATE_LIMITED, 99)]) as made, pytest.raises(RateLimited):
        made.source.search(MARCH)


@each_source
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_that_does_not_fit_is_asked_for_again(kind: PageFaultKind, number: int, name: str):
    """Whatever is wrong with one page once, in the end each entry arrives once."""
    with asked(name, 50, PageFault(kind, number)) as made:
        found = made.source.search(MARCH)
    assert found.count == len(found.records) == len(identifiers(found.records)) == 50


@each_source
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_that_never_fits_is_an_error(kind: PageFaultKind, number: int, name: str):
    """Pages that never fit together are an error, never a little less than was counted."""
    with asked(name, 50, PageFault(kind, number, 99)) as made, pytest.raises(BadReply):
        made.source.search(MARCH)


@each_source
def test_an_answer_without_a_count_is_an_error(name: str):
    """A first page that does not say how many entries there are cannot be called complete."""
    fault = PageFault(PageFaultKind.NO_COUNT, 1, 99)
    with asked(name, 1, fault) as made, pytest.raises(BadReply, match="no count on the first page"):
        made.source.search(MARCH)
