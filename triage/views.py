"""How nouns read on a page: the template environment and its filters."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from review.effect import AnalysisKey, ArmCounts, ArmMeans, Estimate
from review.protocol import Protocol
from review.record import Record
from review.suggestion import TermWeight
from triage.designs import tag_of
from triage.highlight import Place, highlight, paragraphs, protocol_places
from triage.suggested import BETWEEN_WORDS, index_places, reason_places

__all__ = ["environment", "pubmed_address"]

PLACEHOLDERS = 900_000_000
"""From here up a PMID is a placeholder: PubMed never gave it, so it is shown but never linked."""


def environment(protocol: Protocol, banner: str) -> Environment:
    """Return the templates, escaping everything, with the review's own words at hand."""
    found = Environment(
        loader=PackageLoader("triage"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    eligibility = protocol.eligibility

    def places(text: str) -> Iterable[Place]:
        return protocol_places(text, eligibility.terms_include, eligibility.terms_exclude)

    def marked(title: str, terms: Sequence[TermWeight] = ()) -> Markup:
        return highlight(title, (*places(title), *reason_places(terms, "title")))

    def marked_abstract(record: Record, terms: Sequence[TermWeight]) -> list[Markup]:
        text = record.abstract
        return paragraphs(text, (*places(text), *reason_places(terms, "abstract")))

    def marked_index(record: Record, terms: Sequence[TermWeight]) -> Markup:
        text = BETWEEN_WORDS.join(record.keywords)
        return highlight(text, (*places(text), *index_places(record.keywords, terms)))

    found.globals.update(protocol=protocol, banner=banner)
    found.filters.update(
        address=lambda text: quote(str(text), safe=":"),
        day=day,
        design=tag_of,
        estimate=estimate_text,
        key=lambda key: key_text(key, protocol),
        marked=marked,
        marked_abstract=marked_abstract,
        marked_index=marked_index,
        moment=moment,
        number=number,
        signed=signed,
        pubmed=pubmed_address,
        sentence=sentence,
        doi=doi_address,
    )
    return found


def pubmed_address(record: Record) -> str:
    """Return the record's page in PubMed; empty where the PMID is missing or a placeholder."""
    real = record.pmid.isascii() and record.pmid.isdigit() and 0 < int(record.pmid) < PLACEHOLDERS
    return f"https://pubmed.ncbi.nlm.nih.gov/{int(record.pmid)}/" if real else ""


def doi_address(record: Record) -> str:
    """Return the DOI's address; empty where there is none or it is not one."""
    return f"https://doi.org/{quote(record.doi, safe='/')}" if record.doi.startswith("10.") else ""


def key_text(key: AnalysisKey, protocol: Protocol) -> str:
    """Return an analysis key in the protocol's labels; what it does not declare stays as it is."""
    outcomes = {one.id: one.label for one in protocol.outcome}
    times = {one.id: one.label for one in protocol.timepoint}
    strata = {one.id: one.label or one.id for one in protocol.stratum}
    comparisons = {one.id: one.label for one in protocol.comparison}
    return (
        f"{outcomes.get(key.outcome, key.outcome)}, {times.get(key.timepoint, key.timepoint)}, "
        f"{strata.get(key.stratum, key.stratum)}, {comparisons.get(key.comparison, key.comparison)}"
    )


def estimate_text(estimate: Estimate) -> str:
    """Return a result in one line, on the scale on which it is pooled."""
    arms = estimate.arms
    if isinstance(arms, ArmCounts):
        return f"{estimate.measure} from {arms.ai}/{arms.n1i} against {arms.ci}/{arms.n2i}"
    if isinstance(arms, ArmMeans):
        treated = f"{arms.m1i:g} (SD {arms.sd1i:g}, n {arms.n1i})"
        return f"{estimate.measure} from {treated} against {arms.m2i:g} (SD {arms.sd2i:g}, n {arms.n2i})"
    scale = f"log {estimate.measure}" if estimate.measure in {"RR", "OR"} else estimate.measure
    return f"{scale} {number(estimate.value)} (SE {number(estimate.se)})"


def number(value: float | None, places: int = 3) -> str:
    """Return a number with a true minus sign; a dash for none."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", "−")


def signed(value: float, places: int = 3) -> str:
    """Return a change with its sign."""
    text = number(value, places)
    return text if text.startswith("−") else f"+{text}"


def day(moment_: date | None) -> str:
    """Return the date as ``2 March 2024``; *never* for none."""
    return f"{moment_.day} {moment_:%B %Y}" if moment_ else "never"


def moment(moment_: datetime) -> str:
    """Return date and time to the minute, with the zone."""
    return f"{moment_:%Y-%m-%d %H:%M} {moment_.tzname() or ''}".strip()


def sentence(text: str) -> str:
    """Return a text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]
