"""Files as NLM publishes them, of synthetic records."""

import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import SubElement, tostring

from review.record import Record
from search.standin.articles import article_set

__all__ = ["write"]


def write(folder: Path, number: int, records: Iterable[Record], *, deleted=(), md5=True) -> Path:
    """Write one numbered file of 2026, and its checksum beside it."""
    root = article_set(records)
    if deleted:
        gone = SubElement(root, "DeleteCitation")
        for pmid in deleted:
            SubElement(gone, "PMID", Version="1").text = pmid
    path = folder / f"pubmed26n{number:04d}.xml.gz"
    path.write_bytes(gzip.compress(b'<?xml version="1.0"?>\n' + tostring(root, encoding="utf-8"), mtime=0))
    if md5:
        digest = hashlib.md5(path.read_bytes()).hexdigest()
        path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {digest}\n")
    return path
