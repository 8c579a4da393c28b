"""Following citations of included studies one way: who answered for which study, and what was named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from review.record import Record, Report
from search.errors import NotKnown, RefusedQuery, SourceError
from search.sources.europe_pmc_links import Linked

__all__ = ["Chase", "Seed", "seed_of"]


@dataclass(frozen=True, slots=True)
class Seed:
    """An included report, as it can be asked about.

    Parameters
    ----------
    name
        For people.
    place
        ``SOURCE/id`` at Europe PMC; empty where nobody can be asked.
    """

    name: str
    pmid: str
    place: str


def seed_of(report: Report) -> Seed:
    """Return how to ask about a report: by its PMID, else by what Europe PMC calls it, else not at all."""
    pmid = next((record.pmid for record in report.records if record.pmid), "")
    if pmid:
        return Seed(f"PMID {pmid}", pmid, f"MED/{pmid}")
    place = next((place for record in report.records if (place := _place(record))), "")
    return Seed(place or report.record.citation, "", place)


@dataclass(slots=True)
class Chase:
    """What came of one direction.

    Parameters
    ----------
    name
        The direction, for people.
    linked
        What was named for each study that was answered for.
    unanswered
        Studies that nobody gave an answer for, each with the reason; to be asked again.
    ways
        Names of studies by who answered.
    """

    name: str
    linked: dict[Seed, Linked] = field(default_factory=dict)
    unanswered: dict[Seed, SourceError] = field(default_factory=dict)
    ways: dict[str, list[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def by_elink(
        self, seeds: Sequence[Seed], ask: Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]]
    ) -> None:
        """Ask ELink about all studies that have a PMID."""
        asked = {seed.pmid: seed for seed in seeds if seed.pmid}
        try:
            answer = ask(tuple(asked)) if asked else {}
        except SourceError as error:
            self.failures.append(str(error))
            self.unanswered.update(dict.fromkeys(asked.values(), error))
            return
        for pmid, seed in asked.items():
            if found := answer.get(pmid, ()):
                self._answered(seed, "ELink", Linked(tuple(map(_bare, found))))

    def by_europe_pmc(self, seeds: Sequence[Seed], ask: Callable[[str], Linked]) -> None:
        """Ask Europe PMC about studies that are not answered for, up to its first failure to answer."""
        failure: SourceError | None = None
        for seed in seeds:
            if seed in self.linked or not seed.place:
                continue
            if failure is None:
                failure = self._by_europe_pmc(seed, ask)
            else:
                self.unanswered[seed] = failure

    def _by_europe_pmc(self, seed: Seed, ask: Callable[[str], Linked]) -> SourceError | None:
        try:
            linked = ask(seed.place)
        except NotKnown:
            self._unknown(seed)
            return None
        except SourceError as error:
            self.failures.append(str(error))
            self.unanswered[seed] = error
            # A refusal is about this study; the next one may be answered.
            return None if isinstance(error, RefusedQuery) else error
        if linked.records or linked.blanks:
            self._answered(seed, "Europe PMC", linked)
        else:
            self._unknown(seed)
        return None

    def close(self, seeds: Sequence[Seed]) -> None:
        """Count studies that were asked about without an answer of any kind as having no known links."""
        for seed in seeds:
            if seed.place and seed not in self.linked and seed not in self.unanswered:
                self._unknown(seed)

    def _answered(self, seed: Seed, way: str, linked: Linked) -> None:
        self.linked[seed] = linked
        self.unanswered.pop(seed, None)
        self.ways.setdefault(way, []).append(seed.name)

    def _unknown(self, seed: Seed) -> None:
        if seed not in self.unanswered:
            self._answered(seed, "no links known", Linked(()))

    def messages(self) -> tuple[str, ...]:
        """Say which way answered for which study, and what failed."""
        ways = "; ".join(f"{way}: {', '.join(names)}" for way, names in self.ways.items())
        blanks = sum(linked.blanks for linked in self.linked.values())
        return (
            *((f"citations {self.name} ({ways})",) if ways else ()),
            *self.failures,
            *((f"{blanks} citations {self.name} have neither an identifier nor a title",) if blanks else ()),
        )


def _place(record: Record) -> str:
    if record.source == "europepmc":
        return record.accession
    return f"PMC/{record.pmcid}" if record.pmcid else ""


def _bare(pmid: str) -> Record:
    return Record(source="citations", accession=pmid, pmid=pmid, title="")
