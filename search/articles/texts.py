"""How the text of an element is read from the way it is written."""

import re

__all__ = ["plain", "plain_all"]

_MARKUP = re.compile(r"""<[^>"']*+(?:(?:"[^"]*+"|'[^']*+')[^>"']*+)*+>""")
_REFERENCE = re.compile(r"&(\w+|#x?\w+);")
_LONG = 200
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def plain(written: str) -> str:
    """Return the text, with that of inline markup (``<sub>``) in its place and every run of blanks as one."""
    if not written or written.isalnum():
        return written
    if "<" in written:
        written = _MARKUP.sub("", written)
    if "&" in written:
        written = _REFERENCE.sub(_character, written)
    return written.strip() if _tidy(written) else " ".join(written.split())


def plain_all(several: list[str]) -> tuple[str, ...]:
    """Return the texts of all elements that have one."""
    return tuple([said for written in several if (said := plain(written))])


def _tidy(written: str) -> bool:
    """Return whether a long text has single spaces for blanks: to see that is quicker than to split it."""
    return (
        len(written) > _LONG
        and written.isascii()
        and "\n" not in written
        and "\t" not in written
        and "\r" not in written
        and "  " not in written
    )


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    if not name.startswith("#"):
        return _NAMED[name]
    return chr(int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:]))
