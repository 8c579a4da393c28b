"""What is public says what it is, and every module says what it exports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("review", "search", "classifier", "synthesis", "store", "triage", "publisher", "flows")
ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _public(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _methods(node)


def _methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    found = (one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"))
    return (
        one for one in found if not any(ast.unparse(mark).endswith(".setter") for mark in one.decorator_list)
    )


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_has_a_docstring_and_an_all(path: Path) -> None:
    """Every module names its topic and lists what it exports, each name once; ruff keeps the order."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exported = re.search(
        r"^__all__(: list\[str\])? = (\[.*?\])", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert ast.get_docstring(tree), "no docstring"
    assert exported, "no __all__"
    names = ast.literal_eval(exported[2])
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    """Every public class, function and method says what it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [node.name for node in _public(tree) if not ast.get_docstring(node)]
    assert silent == []


@pytest.mark.parametrize("path", TESTS, ids=_name)
def test_a_test_carries_one_sentence(path: Path) -> None:
    """Every test states the behaviour that it holds in one sentence."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    assert [test.name for test in tests if not (ast.get_docstring(test) or "").rstrip().endswith(".")] == []
