"""Says single PubMed terms and ranges in Europe PMC's syntax, with what that does to the records found."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from search.query.dates import first_day, last_day
from search.query.tree import DateRange, Term
from search.words import folded_stems, folded_words

__all__ = ["Effect", "Told", "say_range", "say_term"]


class Effect(StrEnum):
    """What a translation does to the records found, beside an exact counterpart."""

    WIDENED = "widened"
    NARROWED = "narrowed"
    SHIFTED = "shifted"
    """Some records come, others go."""


@dataclass(frozen=True, slots=True)
class Told:
    """A translated term with what it does; without a query, the one text says why there is none."""

    query: str | None
    effects: tuple[tuple[Effect, str], ...] = ()


_Saying = Callable[[Term], Told]

_FULL_TEXT = (Effect.WIDENED, "searched in all of Europe PMC's text, full texts included")
_ONLY_WIDER = Told(None, ((Effect.WIDENED, "Europe PMC could only be asked for more than this"),))
_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")


def say_term(term: Term, *, exactly: bool) -> Told:
    """Translate a term; `exactly` asks for nothing wider, because a NOT takes its records out."""
    if term.refused:
        return Told(None, ((Effect.NARROWED, "PubMed refuses the truncation"),))
    if term.field is None:
        return Told(_words(("TITLE_ABS",), term)) if exactly else _say_untagged(term)
    tag = term.field.tag
    say = (_EXACTLY if exactly else _LOOSELY).get(tag) or _SPECIAL.get(tag)
    if say is not None:
        return say(term)
    if tag in _PLAIN:
        return Told(_plain(_PLAIN[tag], _clean(term.text)))
    return Told(None, ((Effect.NARROWED, f"Europe PMC has no field for [{tag}]"),))


def say_range(span: DateRange, *, exactly: bool) -> Told:
    """Translate a range of days."""
    days = f"[{first_day(span.low)} TO {last_day(span.high)}]"
    if span.field.tag == "dp":
        first = f"FIRST_PDATE:{days}"
        return Told(first if exactly else f"({first} OR P_PDATE:{days})")
    name, meaning = {"lr": ("UPDATE_DATE", "changed")}.get(span.field.tag, ("CREATION_DATE", "made"))
    return Told(f"{name}:{days}", ((Effect.SHIFTED, f"the day on which Europe PMC {meaning} its entry"),))


def _say_untagged(term: Term) -> Told:
    if term.unknown:
        effect = (Effect.WIDENED, f"PubMed has no tag [{term.unknown}] and drops it; no field is named here")
    else:
        effect = (Effect.SHIFTED, "PubMed maps untagged terms to headings, Europe PMC to its own synonyms")
    return Told(_words(("",), term, whole=term.quoted), (effect, _FULL_TEXT))


def _say_text(term: Term) -> Told:
    fields = _WIDE[term.field.tag if term.field else "all"]
    effects: list[tuple[Effect, str]] = [_FULL_TEXT] if fields == ("",) else []
    if "KW" in fields:
        effects.append((Effect.WIDENED, "Europe PMC's keywords hold MeSH headings too"))
    if _is_scattered(term):
        effects.append((Effect.WIDENED, "no truncation in phrases there: each word anywhere in the field"))
    if term.within is not None:
        effects.append((Effect.WIDENED, "Europe PMC counts the moves that bring the words together"))
    return Told(_words(fields, term), tuple(effects))


def _say_text_exactly(term: Term) -> Told:
    fields = _NARROW[term.field.tag if term.field else "all"]
    return _ONLY_WIDER if not fields or _is_scattered(term) else Told(_words(fields, term, moves=0))


def _is_scattered(term: Term) -> bool:
    return "*" in term.text and len(folded_words(term.text)) > 1


def _say_heading(term: Term) -> Told:
    name, slash, _ = term.text.partition("/")
    major = term.field is not None and term.field.tag == "majr"
    effects = [
        (
            Effect.WIDENED,
            "also as words of title and abstract, since preprints and new records have no headings",
        ),
        *([(Effect.WIDENED, "major topic or not")] if major else []),
        *([(Effect.WIDENED, "with any subheading")] if slash else []),
        *([] if term.noexp else [_NOT_EXPLODED]),
    ]
    return Told(_words(("KW", "TITLE_ABS"), Term(text=name, quoted=True)), tuple(effects))


def _say_heading_exactly(term: Term) -> Told:
    if "/" in term.text or "*" in term.text:
        return _ONLY_WIDER
    return Told(_plain("MESH", _clean(term.text)), () if term.noexp else (_NOT_EXPLODED,))


_NOT_EXPLODED = (Effect.NARROWED, "narrower headings are not added")


def _say_type(term: Term) -> Told:
    effect = (Effect.NARROWED, "narrower types are not added, and preprints bear no type of study")
    return Told(_plain("PUB_TYPE", _clean(term.text)), (effect,))


def _say_pmid(term: Term) -> Told:
    if not term.text.isdecimal():
        return Told(None, ((Effect.NARROWED, "Europe PMC has no ranges of PMIDs"),))
    return Told(f"(EXT_ID:{int(term.text)} AND SRC:MED)")


def _say_author(term: Term) -> Told:
    name = {"1au": "AUTH_FIRST", "lastau": "AUTH_LAST"}.get(term.field.tag if term.field else "", "AUTH")
    begun = " " in term.text and not term.quoted
    effects = ((Effect.NARROWED, "further initials are not added"),) if begun else ()
    return Told(_plain(name, _clean(term.text.replace("*", " "))), effects)


def _say_author_id(term: Term) -> Told:
    return Told(_plain("AUTHORID", _clean(term.text.lower().removeprefix("orcid")).upper()))


def _say_journal(term: Term) -> Told:
    return Told(_plain("ISSN" if _ISSN.fullmatch(term.text) else "JOURNAL", _clean(term.text)))


def _say_language(term: Term) -> Told:
    name = "".join(folded_words(term.text))
    return Told(_plain("LANG", "jpn" if name == "japanese" else name[:3]))


def _say_identifier(term: Term) -> Told:
    text = _clean(term.text)
    if text.startswith("10."):
        return Told(_plain("DOI", text))
    if re.fullmatch(r"PMC\d+", text, re.IGNORECASE):
        return Told(f"PMCID:{text.upper()}")
    return _say_anywhere(term)


def _say_anywhere(term: Term) -> Told:
    return Told(_plain("", _clean(term.text.rsplit("/", 1)[-1] or term.text)), (_FULL_TEXT,))


def _say_identifier_exactly(term: Term) -> Told:
    told = _say_identifier(term)
    return _ONLY_WIDER if told.effects else told


def _say_grant(term: Term) -> Told:
    text = _clean(term.text)
    return Told(f"({_plain('GRANT_ID', text)} OR {_plain('GRANT_AGENCY', text)})")


_LOOSELY: dict[str, _Saying] = {
    **dict.fromkeys(("ti", "ab", "tiab", "ot", "tw", "all"), _say_text),
    **dict.fromkeys(("mh", "majr"), _say_heading),
    **dict.fromkeys(("aid", "lid"), _say_identifier),
    "si": _say_anywhere,
}
_EXACTLY: dict[str, _Saying] = {
    **dict.fromkeys(("ti", "ab", "tiab", "ot", "tw", "all"), _say_text_exactly),
    **dict.fromkeys(("aid", "lid"), _say_identifier_exactly),
    "mh": _say_heading_exactly,
    "majr": lambda _: _ONLY_WIDER,
    "si": lambda _: _ONLY_WIDER,
}
_SPECIAL: dict[str, _Saying] = {
    **dict.fromkeys(("au", "1au", "lastau", "fau"), _say_author),
    **dict.fromkeys(("ta", "is"), _say_journal),
    "pt": _say_type,
    "uid": _say_pmid,
    "auid": _say_author_id,
    "la": _say_language,
    "gr": _say_grant,
}
_PLAIN = {
    "vi": "VOLUME",
    "ip": "ISSUE",
    "pg": "PAGE_INFO",
    "ad": "AFF",
    "cn": "AUTH_COLLECTIVE_LIST",
    "ir": "INVESTIGATOR",
    "isbn": "ISBN",
    "ed": "ED",
    "pubn": "PUBLISHER",
    "nm": "CHEM",
}
# What to ask in order to miss nothing, and what to ask in order to find nothing else.
_WIDE = {
    "ti": ("TITLE",),
    "ab": ("ABSTRACT",),
    "tiab": ("TITLE_ABS", "KW"),
    "ot": ("KW",),
    "tw": ("",),
    "all": ("",),
}
_NARROW: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("tiab", "tw", "all"), ("TITLE_ABS",)),
    "ti": ("TITLE",),
    "ab": ("ABSTRACT",),
    "ot": (),
}


def _words(fields: tuple[str, ...], term: Term, *, whole: bool = True, moves: int = 2) -> str:
    """Ask for a term in one of several fields: as a phrase, near one another, or each word by itself."""
    asked = [_in_field(field, term, whole=whole, moves=moves) for field in fields]
    return asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})"


def _in_field(field: str, term: Term, *, whole: bool, moves: int) -> str:
    words = folded_stems(term.text)
    if whole and "*" not in term.text:
        asked = _plain(field, _clean(term.text))
        if term.within is None or len(words) < 2:
            return asked
        # Words in another order are further apart by two moves each.
        return f"{asked}~{term.within + moves * (len(words) - 1)}"
    prefix = f"{field}:" if field else ""
    each = [f"{prefix}{word}" if "*" in word else _plain(field, word) for word in words if word.strip("*")]
    return each[0] if len(each) == 1 else f"({' AND '.join(each)})"


def _plain(field: str, text: str) -> str:
    return f'{field}:"{text}"' if field else f'"{text}"'


def _clean(text: str) -> str:
    r"""Take out what would end a quoted phrase in Europe PMC: quotes and backslashes."""
    return " ".join(re.sub(r'["\\]', " ", text).split())
