"""The tags that PubMed knows, held against NLM's guide and EInfo."""

from xml.etree import ElementTree as ET

import pytest

from search.query.fields import FIELDS, field_of
from search.strategy import parse

# NLM's PubMed User Guide, "Search field tags": the long names with the tags given beside them.
GUIDE = {
    "Affiliation": ("ad",),
    "All Fields": ("all",),
    "Article Identifier": ("aid",),
    "Author": ("au",),
    "Author Identifier": ("auid",),
    "Book": ("book",),
    "Completion Date": ("dcom",),
    "Conflict of Interest Statement": ("cois",),
    "Corporate Author": ("cn",),
    "Create Date": ("crdt",),
    "EC/RN Number": ("rn",),
    "Editor": ("ed",),
    "Entry Date": ("edat",),
    "Filter": ("filter", "sb"),
    "First Author Name": ("1au",),
    "Full Author Name": ("fau",),
    "Full Investigator Name": ("fir",),
    "Grants and Funding": ("gr",),
    "Investigator": ("ir",),
    "ISBN": ("isbn",),
    "Issue": ("ip",),
    "Journal": ("ta",),
    "Language": ("la",),
    "Last Author Name": ("lastau",),
    "Location ID": ("lid",),
    "MeSH Date": ("mhda",),
    "MeSH Major Topic": ("majr", "majr:noexp"),
    "MeSH Subheadings": ("sh", "sh:noexp"),
    "MeSH Terms": ("mh", "mh:noexp"),
    "Modification Date": ("lr",),
    "NLM Unique ID": ("jid",),
    "Other Term": ("ot",),
    "Pagination": ("pg",),
    "Personal Name as Subject": ("ps",),
    "Pharmacological Action": ("pa",),
    "Place of Publication": ("pl",),
    "PMID": ("pmid", "uid"),
    "Publication Date": ("dp", "pdat"),
    "Electronic Publication Date": ("epdat",),
    "Print Publication Date": ("ppdat",),
    "Publication Type": ("pt", "pt:noexp"),
    "Publisher": ("pubn",),
    "Secondary Source ID": ("si",),
    "Subset": ("sb",),
    "Supplementary Concept": ("nm",),
    "Text Words": ("tw",),
    "Title": ("ti", "ti:~3"),
    "Title/Abstract": ("tiab", "tiab:~0"),
    "Transliterated Title": ("tt",),
    "Volume": ("vi",),
}
INTERNAL = {"PID", "AUCL", "EID", "DSO", "P1DAT"}


@pytest.mark.parametrize("name", GUIDE)
def test_tags_of_the_guide_are_known(name):
    """A long name and the tags that NLM's guide gives beside it are one field, in any case."""
    fields = {field_of(tag.partition(":")[0].upper()) for tag in (name, *GUIDE[name])}
    assert (len(fields), None in fields) == (1, False)


@pytest.mark.parametrize("name", GUIDE)
def test_tags_of_the_guide_are_read(name):
    """None of the guide's tags is dropped as unknown."""
    query = " OR ".join(f'"pain relief"[{tag}]' for tag in (name, *GUIDE[name]))
    assert parse(query).unknown_tags == ()


def test_fields_of_einfo_are_known(shared_data):
    """Every field that PubMed itself lists is known by its short and its long name, but internal ones."""
    root = ET.parse(shared_data / "pubmed/eutils/einfo2.xml").getroot()
    names = {(field.findtext("Name"), field.findtext("FullName")) for field in root.iter("Field")}
    assert [name for pair in names for name in pair if pair[0] not in INTERNAL and not field_of(name)] == []


def test_no_two_fields_share_a_tag():
    """A tag, a name or an alias belongs to one field."""
    names = [name for field in FIELDS for name in {field.tag, field.name.lower(), *field.aliases}]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("tag", ["ab", "is", "own"])
def test_tags_that_pubmed_does_not_list_say_what_to_write(tag):
    """A tag that is met in strategies and not in PubMed's lists is known, and comes with its replacement."""
    field = field_of(tag)
    assert field is not None
    assert field.instead
