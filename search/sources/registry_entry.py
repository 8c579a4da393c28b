"""One entry of ClinicalTrials.gov as a record: its fields by the registry's study data structure.

The structure: https://clinicaltrials.gov/data-api/about-api/study-data-structure.
"""

from collections.abc import Iterator
from itertools import chain

from review.record import Correction, Record
from search.files.citation_fields import year_in
from search.registrations import find_registrations
from search.sources.fields import Fields
from search.sources.paging import Item
from search.sources.shelving import UNTITLED

__all__ = ["MODULES", "record_of"]

MODULES = (
    "IdentificationModule",
    "StatusModule",
    "SponsorCollaboratorsModule",
    "DescriptionModule",
    "ConditionsModule",
    "DesignModule",
    "ArmsInterventionsModule",
    "ReferencesModule",
    "OverallOfficial",
    "HasResults",
)
"""What is asked for of each entry: no places, eligibility or results, which are long and say nothing here."""

_REGISTRIES = frozenset({"REGISTRY", "EUDRACT_NUMBER", "CTIS"})
_TELLING = frozenset({"RESULT", "DERIVED"})
"""References of type BACKGROUND are other people's work."""


def record_of(item: Item) -> Record:
    """Return the record of an entry.

    Reports that the registry ties to the trial (its references of type RESULT and DERIVED) are `corrections`
    of the kinds ``ReferenceResult`` and ``ReferenceDerived``, with their PMID.

    Raises
    ------
    BadReply
        When a field has a type that it cannot have.
    """
    study = Fields(item.identifier, item.fields.given)
    identification, status, design = "identificationModule", "statusModule", "designModule"
    title = _text(study, identification, "officialTitle") or _text(study, identification, "briefTitle")
    return Record(
        source="clinicaltrials",
        accession=item.identifier,
        title=title or UNTITLED,
        abstract="\n".join(filter(None, _descriptions(study))),
        authors=tuple(dict.fromkeys(_people(study))),
        journal="ClinicalTrials.gov",
        year=year_in(_text(study, status, "startDateStruct", "date")),
        publication_types=("Clinical Trial Registration", *_words(study, design)),
        keywords=tuple(dict.fromkeys(_keywords(study))),
        registrations=tuple(dict.fromkeys(chain((item.identifier,), _registrations(study)))),
        entered=study.day("protocolSection", status, "studyFirstPostDateStruct", "date"),
        revised=study.day("protocolSection", status, "lastUpdatePostDateStruct", "date"),
        published=_text(study, status, "studyFirstPostDateStruct", "date"),
        status=_text(study, status, "overallStatus"),
        corrections=tuple(_references(study)),
        notes=tuple(_notes(study)),
    )


def _text(study: Fields, *path: str) -> str:
    return study.text("protocolSection", *path)


def _descriptions(study: Fields) -> Iterator[str]:
    yield from (_text(study, "descriptionModule", name) for name in ("briefSummary", "detailedDescription"))


def _people(study: Fields) -> Iterator[str]:
    """Give investigators, then the sponsor, as the registry writes them."""
    officials = study.items("protocolSection", "contactsLocationsModule", "overallOfficials")
    module = "sponsorCollaboratorsModule"
    names = (
        _text(study, module, "responsibleParty", "investigatorFullName"),
        *(official.text("name") for official in officials),
        _text(study, module, "leadSponsor", "name"),
    )
    return (name for name in names if name)


def _words(study: Fields, design: str) -> Iterator[str]:
    """Give the type of study and the allocation in words: ``Interventional``, ``Randomized``."""
    said = (_text(study, design, "studyType"), _text(study, design, "designInfo", "allocation"))
    return (word.replace("_", " ").capitalize() for word in said if word not in {"", "NA"})


def _keywords(study: Fields) -> Iterator[str]:
    yield from study.texts("protocolSection", "conditionsModule", "conditions")
    yield from study.texts("protocolSection", "conditionsModule", "keywords")
    for intervention in study.items("protocolSection", "armsInterventionsModule", "interventions"):
        yield from filter(None, (intervention.text("name"), *intervention.texts("otherNames")))


def _registrations(study: Fields) -> Iterator[str]:
    """Give the trial's other numbers: former NCT numbers, and those of other registries in any spelling."""
    module = "identificationModule"
    yield from study.texts("protocolSection", module, "nctIdAliases")
    yield from find_registrations(_text(study, module, "orgStudyIdInfo", "id"))
    for other in study.items("protocolSection", module, "secondaryIdInfos"):
        number = other.text("id")
        known = find_registrations(number) or find_registrations(f"{other.text('domain')} {number}")
        yield from known
        if number and not known and other.text("type") in _REGISTRIES:
            yield number


def _references(study: Fields) -> Iterator[Correction]:
    for reference in study.items("protocolSection", "referencesModule", "references"):
        if (kind := reference.text("type")) in _TELLING:
            yield Correction(
                kind=f"Reference{kind.capitalize()}",
                pmid=reference.text("pmid"),
                citation=reference.text("citation"),
            )


def _notes(study: Fields) -> Iterator[str]:
    if stopped := _text(study, "statusModule", "whyStopped"):
        yield f"Stopped: {stopped}"
    if not any(_text(study, "identificationModule", name) for name in ("officialTitle", "briefTitle")):
        yield "The registry gives no title."
    if study.given.get("hasResults") is True:
        yield "Results are posted in the registry."
