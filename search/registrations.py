"""Numbers of trial registrations: found in text, and brought to the spelling of their registry.

The registries are the primary ones of the WHO's ICTRP (https://www.who.int/clinical-trials-registry-platform),
with its Universal Trial Number. Reviews (PROSPERO) are no trials and stay out.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["find_registrations", "normal_registration"]

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63"), "-")
_GAP = r"(?:[-:#.\s]|no|number|identifier|id){0,8}"


@dataclass(frozen=True, slots=True)
class _Registry:
    """How one registry numbers its trials.

    Parameters
    ----------
    marker
        How every match of `pattern` begins, in lower case: it is looked for first, which is quick.
    pattern
        The number as people write it, its telling parts in groups.
    form
        The registry's own spelling, with a place for each group.
    """

    marker: str
    pattern: re.Pattern[str]
    form: str
    upper: bool = True

    def found(self, text: str, lowered: str) -> Iterator[tuple[int, str]]:
        at = lowered.find(self.marker)
        while at >= 0:
            if match := self.pattern.match(text, at):
                yield at, self.form.format(*(part.upper() if self.upper else part for part in match.groups()))
            at = lowered.find(self.marker, at + 1)


def find_registrations(text: str) -> tuple[str, ...]:
    """Return each registration number in `text` once, spelled as its registry does, in order of appearance.

    Spaces, colons and dashes of any kind between letters and digits are seen through. A EudraCT number is
    given as ``EUCTR2012-000127-42`` without its country, a number of the newer EU system as
    ``CTIS2022-500014-26`` without its submission: what is left names the trial. A Dutch number is known by
    ``NTR`` or ``NL-OMON`` only; ``NL`` with a few digits may be anything.
    """
    plain = _plain(text)
    lowered = plain.lower()
    found = (hit for registry in _REGISTRIES for hit in registry.found(plain, lowered))
    return tuple(dict.fromkeys(number for _, number in sorted(found)))


def normal_registration(text: str) -> str:
    """Return the one number in `text` as `find_registrations` spells it; empty for none or several."""
    found = find_registrations(text)
    return found[0] if len(found) == 1 else ""


def _plain(text: str) -> str:
    # The dotted capital is the one letter that grows when it is lowered.
    return (
        text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_DASHES).replace("İ", "I")
    )


def _compiled(pattern: str, *, exact: bool = False) -> re.Pattern[str]:
    return re.compile(rf"{pattern}(?!\d)", re.ASCII if exact else re.ASCII | re.IGNORECASE)


def _registry(marker: str, pattern: str, form: str, *, upper: bool = True, exact: bool = False) -> _Registry:
    return _Registry(marker, _compiled(rf"(?<![^\W_]){pattern}", exact=exact), form, upper)


def _lettered(letters: str, digits: str) -> _Registry:
    return _registry(letters.lower(), rf"{letters}{_GAP}({digits})", letters + "{}")


# Where a year may begin: after no letter or digit, or right after the name of a European register.
_EU_YEAR = r"20(?:(?<![^\W_]20)|(?<=EUCTR20)|(?<=EudraCT20)|(?<=CTIS20))[0-4]\d"

_REGISTRIES = (
    _lettered("NCT", r"\d{8}"),
    _lettered("ISRCTN", r"\d{8}"),
    # Numbers of the first years are seen with a zero before the 14 digits, provisional ones with a p behind.
    _registry("actrn", rf"ACTRN{_GAP}0?(12\d{{12}})", "ACTRN{}"),
    _lettered("DRKS", r"\d{8}"),
    _lettered("KCT", r"\d{7}"),
    _lettered("PACTR", r"\d{15,16}"),
    _lettered("RPCEC", r"\d{8}"),
    _lettered("TCTR", r"\d{11}"),
    _lettered("LBCTR", r"\d{10}"),
    _lettered("ITMCTR", r"\d{10}"),
    _lettered("SNCTP", r"\d{9}"),
    _registry("irct", rf"IRCT{_GAP}(\d{{8,14}}N\d{{1,3}})", "IRCT{}"),
    _registry("umin", rf"UMIN(?:[-\s]?CTR)?{_GAP}(?:UMIN)?(\d{{9}})", "UMIN{}"),
    _registry("jrct", r"jRCT[-:\s]*(s?\d{9}|\d{10})", "jRCT{}", upper=False),
    _registry("japiccti", r"JapicCTI[-:\s]*(\d{6})", "JapicCTI-{}"),
    _registry("jma-iia", r"JMA-IIA(\d{5})", "JMA-IIA{}"),
    _registry("chictr", r"ChiCTR[-:\s]*([A-Z]{2,5})[-\s]*(\d{8})", "ChiCTR-{}-{}"),
    _registry("chictr", rf"ChiCTR{_GAP}(\d{{10}})", "ChiCTR{}"),
    _registry("ctri", r"CTRI[-:/\s]*(20\d\d)\s*/\s*(\d{2,3})\s*/\s*(\d{6})", "CTRI/{}/{}/{}"),
    _registry("slctr", r"SLCTR[-:/\s]*(20\d\d)\s*/\s*(\d{3})", "SLCTR/{}/{}"),
    # Without more than a dash or colon between: NTR stands for a register of twins as well.
    _registry("ntr", r"NTR[-:]?(?:\s?TC[-:\s]?)?(\d{1,4})", "NTR{}"),
    _registry("nl-omon", r"NL-OMON(\d{1,6})", "NL-OMON{}"),
    _registry("rbr-", r"RBR-([0-9a-z]{5,8})(?![0-9a-z])", "RBR-{}", upper=False),
    _registry("per-", r"PER-(\d{3})-(\d{2})", "PER-{}-{}", exact=True),
    _registry("phrr", r"PHRR[-:\s]*(\d{6})-(\d{6})", "PHRR{}-{}"),
    _registry("u1111-", r"U(1111-\d{4}-\d{4})", "U{}"),
    _Registry("20", _compiled(rf"({_EU_YEAR}-[0-4]\d{{5}}-\d\d)"), "EUCTR{}"),
    _Registry("20", _compiled(rf"({_EU_YEAR}-5\d{{5}}-\d\d)(?:-\d\d)?"), "CTIS{}"),
)
