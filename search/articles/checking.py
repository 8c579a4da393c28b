"""Whether characters and references are such as XML allows wherever there is text."""

import re

__all__ = ["sound"]

_FORBIDDEN = bytes(set(range(32)) - set(b"\t\n\r"))
_OTHER_REFERENCE = re.compile(
    r"&(?!amp;|lt;|gt;|quot;|apos;|#3[2-9];|#[4-9][0-9];|#[1-9][0-9]{2,3};"
    r"|#x(?:[2-9a-fA-F][0-9a-fA-F]|[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-cA-CeE][0-9a-fA-F]{3});)"
)


def sound(record: bytes, text: str) -> bool:
    """Return whether a record, as bytes and as text, has nothing but usual characters and references in it.

    What is usual is allowed by XML 1.0 (sections 2.2, 2.4 and 4.1); of what is not, some is allowed too.
    """
    return (
        len(record) == len(record.translate(None, _FORBIDDEN))
        and not ("]" in text and "]]" in text)
        and "\ufffe" not in text
        and "\uffff" not in text
        and not _OTHER_REFERENCE.search(text)
    )
