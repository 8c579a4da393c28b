"""How the text of an element is read, whatever markup stands in it."""

from xml.etree.ElementTree import Element

__all__ = ["child", "plain", "text", "texts"]

_NOTHING = Element("nothing")


def child(parent: Element, tag: str) -> Element:
    """Return the first child with this tag; one without anything in it where there is none."""
    found = parent.find(tag)
    return _NOTHING if found is None else found


def plain(element: Element) -> str:
    """Return the text, with that of inline markup (``<sub>``) in its place and every run of blanks as one."""
    written = "".join(element.itertext()) if len(element) else element.text
    return " ".join(written.split()) if written else ""


def text(parent: Element, tag: str) -> str:
    """Return the text of the first child with this tag; empty where there is none."""
    found = parent.find(tag)
    return "" if found is None else plain(found)


def texts(parent: Element, tag: str) -> tuple[str, ...]:
    """Return the texts of all children with this tag that have one."""
    return tuple([said for element in parent.findall(tag) if (said := plain(element))])
