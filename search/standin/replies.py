"""EInfo, EPost, EFetch and ESummary of the stand-in."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from review.record import Record
from search.query.fields import FIELDS, Field, Kind
from search.standin.articles import article_set
from search.standin.medline import medline
from search.standin.reply import Form, Reply, child, error_reply, text_reply, xml_reply
from search.standin.shelf import History, Shelf, pmid_of

__all__ = ["efetch", "einfo", "epost", "esummary"]

_MOST_FETCHED = 10_000
_NO_IDS = "ID list is empty! Possibly it has no correct IDs."


def einfo(form: Form, shelf: Shelf) -> Reply:
    """Describe the database: its build, how many records it has, and its fields."""
    root = Element("eInfoResult")
    if not form.get("db"):
        child(child(root, "DbList"), "DbName", "pubmed")
        return xml_reply(root)
    info = child(root, "DbInfo")
    child(info, "DbName", "pubmed")
    child(info, "MenuName", "PubMed")
    child(info, "Description", "Stand-in for PubMed, serving a catalogue file")
    child(info, "DbBuild", f"Build-{shelf.today:%Y.%m.%d}.00.00")
    child(info, "Count", str(len(shelf)))
    child(info, "LastUpdate", f"{shelf.today:%Y/%m/%d} 00:00")
    fields = child(info, "FieldList")
    for field in FIELDS:
        _field(child(fields, "Field"), field)
    return xml_reply(root)


def epost(form: Form, history: History) -> Reply:
    """Keep a list of identifiers for later calls; whether they exist is not looked at."""
    wanted = _split(form.get("id", ""))
    pmids = tuple(filter(str.isdecimal, wanted))
    if not pmids:
        return error_reply("ePostResult", "Empty ID list; Nothing to store")
    web_env, key = history.keep(pmids, form.get("WebEnv", ""))
    root = Element("ePostResult")
    if len(pmids) < len(wanted):
        child(child(root, "InvalidIdList"), "Id", ",".join(pmid for pmid in wanted if pmid not in pmids))
    child(root, "QueryKey", key)
    child(root, "WebEnv", web_env)
    return xml_reply(root)


def efetch(form: Form, shelf: Shelf, history: History) -> Reply:
    """Give records in full: XML, or MEDLINE text. Identifiers nobody knows are left out without a word."""
    asked = _asked(form, history, _MOST_FETCHED)
    if asked is None:
        return text_reply("Unable to obtain query #1", 400)
    records = tuple(filter(None, map(shelf.get, asked)))
    if not records:
        return text_reply(_NO_IDS, 400)
    retmode, rettype = form.get("retmode") or "xml", form.get("rettype", "")
    if retmode == "xml":
        return xml_reply(article_set(records))
    if retmode == "text" and rettype == "medline":
        return text_reply(medline(records))
    return text_reply(
        f"rettype {rettype or 'none'} with retmode {retmode} is not offered by this stand-in", 400
    )


def esummary(form: Form, shelf: Shelf, history: History) -> Reply:
    """Give records in short; an identifier nobody knows is an ERROR among the others."""
    asked = _asked(form, history, _MOST_FETCHED)
    if not asked:
        return error_reply("eSummaryResult", "Empty id list - nothing todo")
    root = Element("eSummaryResult")
    for pmid in asked:
        if record := shelf.get(pmid):
            _document(child(root, "DocSum"), record)
        else:
            child(root, "ERROR", f"UID={pmid}: cannot get document summary")
    return xml_reply(root)


def _asked(form: Form, history: History, most: int) -> tuple[str, ...] | None:
    """Give the identifiers asked for, by list or by history; None for a history that is not there."""
    if form.get("id"):
        return tuple(dict.fromkeys(_split(form["id"])))
    if not form.get("WebEnv"):
        return ()
    kept = history.get(form["WebEnv"], form.get("query_key", ""))
    start, size = (_whole(form.get(key, ""), default) for key, default in (("retstart", 0), ("retmax", most)))
    return None if kept is None else kept[start : start + min(size, most)]


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


def _field(parent: Element, field: Field) -> None:
    child(parent, "Name", field.tag.upper())
    child(parent, "FullName", field.name)
    child(parent, "Description", field.kind.value)
    child(parent, "IsDate", "Y" if field.kind is Kind.DATE else "N")


def _document(parent: Element, record: Record) -> None:
    child(parent, "Id", pmid_of(record))
    for name, value in _items(record):
        if isinstance(value, str):
            child(parent, "Item", value, Name=name, Type="String")
        else:
            _list(parent, name, value)


def _items(record: Record) -> Iterator[tuple[str, str | list[tuple[str, str]]]]:
    yield "PubDate", str(record.year or "")
    yield "Source", record.journal
    yield "AuthorList", [("Author", author) for author in record.authors]
    yield "LastAuthor", record.authors[-1] if record.authors else ""
    yield "Title", record.title
    yield "Volume", record.volume
    yield "Issue", record.issue
    yield "Pages", record.pages
    yield "LangList", [("Lang", record.language)] if record.language else []
    yield "PubTypeList", [("PubType", kind) for kind in record.publication_types]
    identifiers = (("pubmed", pmid_of(record)), ("doi", record.doi), ("pmc", record.pmcid))
    yield "ArticleIds", [(kind, value) for kind, value in identifiers if value]
    yield "DOI", record.doi
    yield "History", [("entrez", f"{record.entered:%Y/%m/%d} 00:00")] if record.entered else []
    yield "HasAbstract", str(int(bool(record.abstract)))
    yield "FullJournalName", record.journal


def _list(parent: Element, name: str, entries: list[tuple[str, str]]) -> None:
    container = child(parent, "Item", Name=name, Type="List")
    for entry, text in entries:
        child(container, "Item", text, Name=entry, Type="Date" if name == "History" else "String")
