"""Checks XML against a DTD's content models and attribute lists, as far as PubMed's DTD needs it."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element


class Dtd:
    """Element and attribute declarations of a DTD file; external entities are left open."""

    def __init__(self, path: Path) -> None:
        text = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
        for name, value in re.findall(r'<!ENTITY\s+%\s+(\S+)\s+"([^"]*)"', text):
            text = text.replace(f"%{name};", value)
        self.models = dict(re.findall(r"<!ELEMENT\s+(\S+)\s+(\(.*?)>", text, re.DOTALL))
        self.attributes = {
            name: _attributes(rest) for name, rest in re.findall(r"<!ATTLIST\s+(\S+)([^>]*)>", text)
        }

    def faults(self, element: Element) -> list[str]:
        """Give what is wrong with an element and all within it."""
        own = [*self._order(element), *self._attributes(element)]
        return own + [fault for inner in element for fault in self.faults(inner)]

    def _order(self, element: Element) -> list[str]:
        model = self.models.get(element.tag)
        if model is None:
            return [f"{element.tag} is not declared"]
        inside = "".join(f"<{inner.tag}>" for inner in element)
        text = (element.text or "").strip()
        if "#PCDATA" not in model and text:
            return [f"{element.tag} holds the text {text!r}"]
        return [] if re.fullmatch(_pattern(model), inside) else [f"{element.tag} holds {inside}, not {model}"]

    def _attributes(self, element: Element) -> list[str]:
        declared = self.attributes.get(element.tag, {})
        unknown = [f"{element.tag} has {name}" for name in element.attrib if name not in declared]
        for name, (values, needed) in declared.items():
            given = element.get(name)
            if given is None and needed:
                unknown.append(f"{element.tag} lacks {name}")
            elif given is not None and values and given not in values:
                unknown.append(f"{element.tag} has {name}={given}, not one of {values}")
        return unknown


def _pattern(model: str) -> str:
    names = re.sub(r"#?[A-Za-z][\w:.-]*", lambda match: _one(match.group()), model)
    return re.sub(r"[\s,]", "", names)


def _one(name: str) -> str:
    return "(?:)" if name.startswith("#") else f"(?:<{name}>)"


def _attributes(text: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    found = re.findall(
        r"(\w+)\s+(CDATA|IDREF|ID|\([^)]*\))\s+(#REQUIRED|#IMPLIED|#FIXED\s+\"[^\"]*\"|\"[^\"]*\")", text
    )
    return {
        name: (tuple(re.findall(r"[\w-]+", kind)) if kind.startswith("(") else (), need == "#REQUIRED")
        for name, kind, need in found
    }
