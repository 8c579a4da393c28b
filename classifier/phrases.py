"""Phrases in a text: a list that people can read and correct, and a reader quick enough for a whole search.

A phrase is a row of words, lower case. ``*`` at the end of a word stands for any ending, ``~`` between two
words for up to four words between them. Hyphens, punctuation and accents fall away, and ``randomis`` is
read as ``randomiz``, so that British and American spelling are one. No phrase reaches across the end of a
sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from classifier.text import LONGEST

__all__ = ["BORDER", "Found", "Phrasebook", "words"]

BORDER = "|"
"""The word between two sentences, title and abstract, or two keywords: no phrase reaches across it."""

_BETWEEN = 4
_GAP = "~"
_ASCII = "".join(map(chr, range(128)))
_SPACED = str.maketrans({sign: " " for sign in _ASCII if not (sign.isalnum() or sign == BORDER)})

# Words whose phrases are remembered: more than a search of 100,000 records uses twice.
_REMEMBERED = 100_000


# Looking for "to compare" at every "to" would be most of the work: these are passed over for the next word.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a all and are as at be both by care each for from group in is it long no not of on open or our per "
        "single study the these this to treatment trial two was we were what will with",
    )
)


class Found(NamedTuple):
    """A phrase of entry number `entry`, at words `start` to `end`, the last one excluded."""

    entry: int
    start: int
    end: int


def words(parts: Iterable[str]) -> list[str]:
    """Return the words of the parts, lower case and without accents, with a `BORDER` after each part.

    At most `LONGEST` characters of a part are read. Only Latin letters and Arabic digits make words.
    """
    found: list[str] = []
    for part in parts:
        text = _plain(part[:LONGEST]).replace(BORDER, " ").replace(". ", " | ").translate(_SPACED)
        found += text.replace("randomis", "randomiz").split()
        found.append(BORDER)
    return found


def _plain(text: str) -> str:
    lower = text.casefold()
    if lower.isascii():
        return lower
    bare = unicodedata.normalize("NFKD", lower).translate(_UNACCENTED)
    return bare.encode("ascii", "replace").decode("ascii")


class _Unaccented(dict[int, int | None]):
    """Drops the accents that decomposing a letter leaves behind; everything else stays."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.combining(chr(letter)) else letter
        return self[letter]


_UNACCENTED = _Unaccented()


class _Phrase(NamedTuple):
    """A phrase, cut at the word by which it is looked for."""

    entry: int
    before: tuple[str, ...]
    after: tuple[str, ...]


class _Begun(NamedTuple):
    """What a word may begin: alone, before one certain word next or near to it, or with anything looser."""

    alone: list[int]
    by_next: dict[str, list[_Phrase]]
    by_near: dict[str, list[_Phrase]]
    loose: list[_Phrase]


class _Memory(dict[str, _Begun | None]):
    """What each word begins, looked up once; a plain dictionary is four times as quick as a cache."""

    def __init__(self, look_up: Callable[[str], _Begun | None]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> _Begun | None:
        begun = self[word] = self._look_up(word)
        return begun

    def forget(self) -> None:
        """Start anew where too many words are known."""
        if len(self) > _REMEMBERED:
            self.clear()


class Phrasebook:
    """Entries of phrases, and a search for all of them in one walk over the words of a text.

    Parameters
    ----------
    entries
        For each entry its phrases, separated by `` / ``.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self._exact: dict[str, list[_Phrase]] = {}
        self._endings: dict[str, list[_Phrase]] = {}
        for number, phrases in enumerate(entries):
            for phrase in filter(None, (one.split() for one in phrases.split("/"))):
                self._add(number, tuple(phrase))
        self._begun_by = _Memory(self._look_up)

    def _add(self, entry: int, phrase: tuple[str, ...]) -> None:
        at = _anchor(phrase)
        kept = self._endings if phrase[at].endswith("*") else self._exact
        cut = _Phrase(entry, phrase[:at], phrase[at + 1 :])
        kept.setdefault(phrase[at].rstrip("*"), []).append(cut)

    def find(self, text: Sequence[str]) -> list[Found]:
        """Return every place where a phrase stands, once for each beginning.

        Parameters
        ----------
        text
            As `words` gives it.
        """
        found: list[Found] = []
        self._begun_by.forget()
        begun_here = enumerate(map(self._begun_by.__getitem__, text))
        for at, begun in [(at, begun) for at, begun in begun_here if begun]:
            found += _alone(at, begun.alone)
            if text[at + 1] in begun.by_next:
                found += _next(text, at, begun.by_next[text[at + 1]])
            if begun.by_near:
                found += _near(text, at, begun.by_near)
            if begun.loose:
                found += _loose(text, at, begun.loose)
        return found

    def _look_up(self, word: str) -> _Begun | None:
        begun = list(self._exact.get(word, ()))
        for stem, phrases in self._endings.items():
            if word.startswith(stem):
                begun += phrases
        return _sorted(begun) if begun else None


def _sorted(phrases: Iterable[_Phrase]) -> _Begun:
    begun = _Begun([], {}, {}, [])
    for phrase in phrases:
        gap = phrase.after[:1] == (_GAP,)
        following = phrase.after[gap] if phrase.after else ""
        if not (phrase.before or phrase.after):
            begun.alone.append(phrase.entry)
        elif phrase.before or following.endswith("*"):
            begun.loose.append(phrase)
        else:
            (begun.by_near if gap else begun.by_next).setdefault(following, []).append(phrase)
    return begun


def _alone(at: int, entries: list[int]) -> list[Found]:
    return [Found(entry, at, at + 1) for entry in entries] if entries else []


def _next(text: Sequence[str], at: int, phrases: Iterable[_Phrase]) -> Iterator[Found]:
    for phrase in phrases:
        if end := _match(text, at + 2, phrase.after[1:]):
            yield Found(phrase.entry, at, end)


def _loose(text: Sequence[str], at: int, phrases: Iterable[_Phrase]) -> Iterator[Found]:
    for entry, before, after in phrases:
        start = at - len(before)
        if before and (start < 0 or text[at - 1] != before[-1] or tuple(text[start:at]) != before):
            continue
        if end := _match(text, at + 1, after):
            yield Found(entry, start, end)


def _near(text: Sequence[str], at: int, by_near: dict[str, list[_Phrase]]) -> Iterator[Found]:
    for place in range(at + 1, min(at + _BETWEEN + 2, len(text))):
        if text[place] == BORDER:
            return
        for phrase in by_near.get(text[place], ()):
            if end := _match(text, place + 1, phrase.after[2:]):
                yield Found(phrase.entry, at, end)


def _anchor(phrase: Sequence[str]) -> int:
    """Return the place of the first telling word, if nothing but certain words stands before it; else 0."""
    for place, word in enumerate(phrase):
        if word == _GAP:
            break
        if word not in _COMMON:
            return place
        if word.endswith("*"):
            break
    return 0


def _match(text: Sequence[str], at: int, rest: tuple[str, ...]) -> int:
    """Return where the rest of a phrase ends, or 0 where the text goes on otherwise."""
    for place, wanted in enumerate(rest):
        if wanted == _GAP:
            return _after_gap(text, at, rest[place + 1 :])
        if at >= len(text) or not _is(text[at], wanted):
            return 0
        at += 1
    return at


def _after_gap(text: Sequence[str], at: int, rest: tuple[str, ...]) -> int:
    for skipped in range(at, min(at + _BETWEEN + 1, len(text))):
        if end := _match(text, skipped, rest):
            return end
        if text[skipped] == BORDER:
            return 0
    return 0


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
