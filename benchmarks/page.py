"""The page of figures: each benchmark writes its own table between two marks."""

from pathlib import Path

__all__ = ["write_section"]

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/performance.md"


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put `text` between ``<!-- name -->`` and ``<!-- end of name -->``.

    Raises
    ------
    ValueError
        If the page lacks one of the marks.
    """
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    whole = page.read_text(encoding="utf-8")
    before, found, rest = whole.partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page}: found no section between {start} and {end}; add both marks first")
    page.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")
