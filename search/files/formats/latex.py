r"""LaTeX as it stands in BibTeX: accents and symbols to characters, and characters back to what it allows.

A command that is not known stays as it is: pylatexenc, which bibtexparser brings along, drops those it does
not know in silence, ``\textless`` of Zotero's exports among them.
"""

import re
import unicodedata

__all__ = ["plain", "protected"]

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    '"': "\u0308",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}
_SYMBOLS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textunderscore": "_",
    "textquotesingle": "'",
    "textquotedbl": '"',
    "textdegree": "°",
    "textpm": "±",
    "textendash": "–",
    "textemdash": "—",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textmu": "µ",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textregistered": "®",
    "texttrademark": "™",
    "copyright": "©",
    "textcopyright": "©",
    "dots": "…",
    "ldots": "…",
    "textellipsis": "…",
    "S": "§",
    "pm": "±",
    "times": "×",
    "div": "÷",
    "cdot": "·",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "neq": "≠",
    "ne": "≠",
    "approx": "≈",
    "sim": "∼",
    "infty": "∞",
    "rightarrow": "→",
    "to": "→",
    "leftarrow": "←",
    "degree": "°",
    "circ": "°",
    "ll": "≪",
    "gg": "≫",
    "varepsilon": "ε",
    "P": "¶",
}
_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi "
    "chi psi omega"
)
_CAPITAL = "gamma delta theta lambda xi pi sigma upsilon phi psi omega"
# Unicode spells one of them its own way.
_UNICODE = {"lambda": "lamda"}
_SYMBOLS |= {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {_UNICODE.get(name, name)}") for name in _SMALL.split()
}
_SYMBOLS |= {
    name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {_UNICODE.get(name, name)}")
    for name in _CAPITAL.split()
}
_DRESS = frozenset(
    [
        "textit",
        "textbf",
        "emph",
        "textsc",
        "textrm",
        "textsf",
        "texttt",
        "text",
        "textup",
        "textmd",
        "textnormal",
        "textsuperscript",
        "mathrm",
        "mathbf",
        "mathit",
        "mathsf",
        "textsubscript",
        "ensuremath",
        "it",
        "bf",
        "em",
        "sc",
        "rm",
        "url",
        "mbox",
        "hbox",
        "uppercase",
        "protect",
        "relax",
    ]
)
"""Commands that only dress what follows them."""

_CHARACTERS = {**{each: each for each in "%&$#_{}"}, **dict.fromkeys(" ,;:\n\\", " "), "-": "", "/": ""}
_TOKEN = re.compile(
    r"""
    \\(?P<accent>[`'^"~=.]|[uvHckrdb](?=\s+\w|\s*\{))\s*
       (?:\{\s*(?:\\(?P<dotless>[ij])(?![a-zA-Z])\s*|(?P<letter>\w))\}
         |\\(?P<bare_dotless>[ij])(?![a-zA-Z])\s?|(?P<bare_letter>[^\W\d_]))
  | \\(?P<command>[a-zA-Z]+)(?:\{\}|[ \t\n]+)?
  | \\(?P<character>[^a-zA-Z])
  | \$(?P<math>[^$]*)\$
  | (?P<ligature>---|--|``|''|~|[{}])
    """,
    re.VERBOSE,
)
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "{": "", "}": ""}
_MATHS = re.compile(r"[\\^_<>=]")
_MINDED = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "`": r"{\textasciigrave}",
    "'": r"{\textquotesingle}",
    "-": "-{}",
    **{each: f"\\{each}" for each in "%&$#_"},
}
# A dash or apostrophe is minded only beside another, where LaTeX would join the two.
_MIND = re.compile(r"[\\{}~^`%&$#_]|'(?=')|(?<=')'|-(?=-)")


def plain(text: str) -> str:
    """Return `text` as characters: accents and known commands resolved, braces and dress taken off."""
    return _TOKEN.sub(_resolved, text)


def protected(text: str) -> str:
    """Return `text` so that LaTeX takes every character for itself, and `plain` gives `text` back."""
    return _MIND.sub(lambda match: _MINDED[match[0]], text)


def _resolved(match: re.Match[str]) -> str:
    if match["accent"]:
        letter = match["letter"] or match["bare_letter"] or match["dotless"] or match["bare_dotless"]
        return unicodedata.normalize("NFC", letter + _COMBINING[match["accent"]])
    if match["command"]:
        return _command(match)
    if match["character"]:
        return _CHARACTERS.get(match["character"], match[0])
    if match["math"] is not None:
        return plain(match["math"]) if _MATHS.search(match["math"]) else f"${plain(match['math'])}$"
    return _LIGATURES[match["ligature"]]


def _command(match: re.Match[str]) -> str:
    name = match["command"]
    if name in _DRESS:
        return ""
    return _SYMBOLS.get(name, match[0])
