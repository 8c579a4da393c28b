"""Records that are not written the way PubMed writes them, brought into that way.

A comment, character data, single quotes, an element of next year: a parser understands them, and what it
understood is written down again, part by part, with nothing in it that has no place.
"""

from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from search.articles.parts import Kind, Part

__all__ = ["canonical", "tree"]

# The document type, which is not read, declares these prefixes for formulas.
_OPEN = (
    b'<record xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_CLOSE = b"</record>"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def canonical(record: bytes, shape: Part) -> str:
    """Return a record as its pattern expects it.

    Raises
    ------
    ParseError
        Where it is not well-formed.
    """
    return _written(tree(record), shape)


def tree(record: bytes) -> ET.Element:
    """Return the root of a record.

    Raises
    ------
    ParseError
        Where it is not well-formed.
    """
    parser = ET.XMLParser()  # noqa: S314 - a document type cannot stand inside a record
    parser.feed(b"".join((_OPEN, record, _CLOSE)))
    root: ET.Element = parser.close()
    return root[0]


def _written(element: Element, part: Part) -> str:
    attributes = "".join(_attributes(element, part))
    return f"<{part.tag}{attributes}>{_inside(element, part)}</{part.tag}>"


def _attributes(element: Element, part: Part) -> Iterator[str]:
    for name, _ in part.attributes:
        if name in element.attrib:
            yield f' {name}="{_escaped(element.attrib[name])}"'


def _inside(element: Element, part: Part) -> str:
    if part.kind is Kind.PARTS:
        return _in_their_order(element, part)
    if part.kind is Kind.MIXED:
        known = {one.tag: one for one in part.parts}
        return "".join([_written(child, known[child.tag]) for child in element if child.tag in known])
    return _escaped("".join(element.itertext()))


def _in_their_order(element: Element, part: Part) -> str:
    children: dict[str, list[Element]] = {}
    for child in element:
        children.setdefault(child.tag, []).append(child)
    most = [(one, None if one.several else 1) for one in part.parts]
    return "".join([_written(child, one) for one, end in most for child in children.get(one.tag, [])[:end]])


def _escaped(text: str) -> str:
    for sign, reference in _ESCAPES.items():
        text = text.replace(sign, reference)
    return text
