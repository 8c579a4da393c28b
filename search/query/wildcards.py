"""Turns words with ``*`` into patterns that take linear time, however many there are."""

import re

__all__ = ["pattern_of"]


def pattern_of(words: list[str], letter: str = "[^ ]") -> str:
    """Give a regular expression for words side by side, in which ``*`` stands for no or more letters.

    Parameters
    ----------
    words
        Folded, with the ``*`` left in (`search.words.folded_stems`).
    letter
        What a ``*`` may stand for, as a pattern.
    """
    return " ".join(_word(word, letter) for word in words)


def _word(word: str, letter: str) -> str:
    first, *others = map(re.escape, word.split("*"))
    if not others:
        return first
    # What is found first is kept (atomic groups): going back never helps, and would take exponential time.
    middle = "".join(f"(?>{letter}*?{piece})" for piece in others[:-1] if piece)
    return f"{first}{middle}{letter}*{others[-1]}"
