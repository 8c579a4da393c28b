"""What agrees with R, to how many digits: run the comparisons and write them into the page.

Run as ``python validation/agreement.py``; with ``--write`` it writes docs/reference/agreement.md anew. Where
the development data are missing it says so and leaves the page alone, which is of all data.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from comparisons import Kind, run  # noqa: E402 - the comparisons import our tests from the path above

from benchmarks.page import write_section  # noqa: E402 - as above
from tests.synthesis import oracle  # noqa: E402 - as above
from tests.synthesis.published.answers import Result, results  # noqa: E402 - as above

PAGE = ROOT / "docs/reference/agreement.md"

# What R's functions are, in the order of the table.
NAMES = {
    "effects": "effect sizes (escalc)",
    "rma.uni": "pools: all estimators, z, Hartung-Knapp, ad hoc",
    "confint": "intervals of tau2 and I2",
    "leave1out": "leave one out",
    "cumul": "cumulative pools",
    "blup": "best linear unbiased predictions",
    "influence": "influence diagnostics",
    "rstandard": "standardised residuals",
    "subgroup": "subgroups and the test between",
    "rma.uni.mods": "meta-regression",
    "rma.mh": "Mantel-Haenszel",
    "rma.mh.leave1out": "Mantel-Haenszel, leave one out",
    "rma.peto": "Peto",
    "rma.peto.leave1out": "Peto, leave one out",
    "rma.glmm": "generalised mixed models",
    "rma.mv": "multilevel and multivariate models",
    "robust": "cluster-robust tests (clubSandwich)",
    "regtest": "Egger's test, all forms",
    "ranktest": "rank test",
    "trimfill": "trim and fill",
    "fsn": "fail-safe N",
    "tes": "excess significance",
    "henmi.copas": "Henmi and Copas's interval",
    "selmodel": "selection models",
    "meta.pool": "meta: metabin and metacont",
    "meta.metabias": "meta: metabias",
    "meta.nnt": "meta: numbers needed to treat",
    "meta.limitmeta": "metasens: limit meta-analysis",
    "convert.mean_sd": "meta, estmeansd: means and SDs from quantiles",
    "convert.nnt_furukawa": "numbers needed to treat from an SMD",
    "tsa.boundaries": "RTSA: boundaries",
    "bayes": "bayesmeta: posteriors",
}
# What is no result: the call itself, and what it was given.
INPUT = frozenset(
    {"measure", "columns", "options", "call", "slab", "names", "design", "error", "tau2_default_tolerance"}
)
MOST_DIGITS = 15


def main() -> None:
    """Compare, print, and write if asked."""
    if not oracle.FOLDER.is_dir():
        print(f"{oracle.FOLDER} is not here: the page of agreement is of all data, and is left as it is")
        return
    kinds, ended = run(map(str, modules()))
    if ended:
        sys.exit("Comparisons failed: the page of agreement is left as it is")
    for name, text in sections(kinds).items():
        print(f"\n{text}")
        if "--write" in sys.argv:
            write_section(name, text, PAGE)


def modules() -> list[Path]:
    """Return the test modules that compare with R."""
    return sorted(
        path
        for path in (ROOT / "tests/synthesis").rglob("test_*.py")
        if "parametrised(" in path.read_text("utf-8")
    )


def sections(kinds: Mapping[str, Kind]) -> dict[str, str]:
    """Return the page's generated sections, by name."""
    known = list(results())
    return {
        "software": software(),
        "kinds": table_of_kinds(kinds),
        "published": table_of_publications(known),
        "printed otherwise": printed_otherwise(known),
        "left out": left_out(known),
        "not compared": not_compared(kinds),
    }


def software() -> str:
    """Return how many results there are of which versions."""
    counted: Counter[str] = Counter()
    for name, content in oracle.files().items():
        versions = content.get("software", {})
        text = ", ".join(f"{one} {versions[one]}" for one in sorted(versions, key=str.lower))
        home = "`tests/reference`" if name.startswith("ref.") else "the development data"
        counted[f"{home}: {text or 'a formula'}"] += len(content["cases"])
    return "\n".join(f"- {count:,} results in {where}" for where, count in sorted(counted.items()))


def table_of_kinds(kinds: Mapping[str, Kind]) -> str:
    """Return a row for each kind that is compared."""
    head = [
        "| R's function | what | cases | numbers | absolute | digits, half | digits, worst | tolerance |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    return "\n".join(head + [_row(name, what, kinds[name]) for name, what in NAMES.items() if name in kinds])


def _row(name: str, what: str, kind: Kind) -> str:
    apart = np.array(kind.differences)
    half, worst = _digits(float(np.median(apart))), _digits(float(apart.max()))
    cells = (f"{len(kind.cases):,}", f"{len(apart):,}", f"{kind.floored:,}", str(half), str(worst))
    return f"| `{name}` | {what} | {' | '.join(cells)} | {_span(kind)} |"


def _digits(apart: float) -> int:
    return MOST_DIGITS if apart == 0 else min(MOST_DIGITS, int(np.floor(-np.log10(apart))))


def _span(kind: Kind) -> str:
    asked, loose = kind.tolerances, [one for one in kind.absolute if one]
    parts = [" to ".join(map(_power, dict.fromkeys((min(asked), max(asked)))))] if asked else []
    parts += [f"{_power(max(loose))} absolute"] if loose else []
    return "; ".join(parts) or "exact"


def _power(tolerance: float) -> str:
    return f"{tolerance:.0e}".replace("e-0", "e-")


def table_of_publications(known: Iterable[Result]) -> str:
    """Return a row for each published analysis."""
    rows = ["| analysis | results | numbers | where |", "|---|---:|---:|---|"]
    for found in _by_analysis(known):
        compared = [one for one in found if not (one.left_out or one.unbuilt)]
        places = "; ".join(dict.fromkeys(one.where.split(",")[0] for one in compared))
        numbers = sum(_count(one) for one in compared)
        link = f"[{found[0].citation}]({found[0].seen.split(' ')[0]})"
        rows.append(f"| {link} | {len(compared)} | {numbers} | {places} |")
    return "\n".join(rows)


def _by_analysis(known: Iterable[Result]) -> list[list[Result]]:
    grouped: dict[str, list[Result]] = defaultdict(list)
    for one in known:
        grouped[one.analysis].append(one)
    return list(grouped.values())


def _count(result: Result) -> int:
    return sum(1 if isinstance(text, str) else len(text) for text in result.printed.values())


def printed_otherwise(known: Iterable[Result]) -> str:
    """Return the numbers that an article prints otherwise than its recomputation."""
    return "\n".join(
        f"- {one.id}: {name} {_text(text)} in the article, {_text(one.printed[name])} recomputed"
        for one in known
        for name, text in one.article.items()
    )


def _text(printed: str | list[str]) -> str:
    return printed if isinstance(printed, str) else ", ".join(printed)


def left_out(known: Iterable[Result]) -> str:
    """Return what no comparison sees, each with its reason."""
    cases = [f"- `{case}`: {why}" for found in oracle.LEFT_OUT.values() for case, why in found.items()]
    kinds = [
        f"- `{kind}`, {oracle.PINNED[kind] + oracle.PINNED_HERE.get(kind, 0)} cases: {why}"
        for kind, why in oracle.UNSUPPORTED.items()
    ]
    reasons: dict[str, list[str]] = defaultdict(list)
    for measure, why in oracle.OTHER_MEASURES.items():
        reasons[why].append(f"`{measure}`")
    measures = [f"- the measures {', '.join(names)}: {why}" for why, names in reasons.items()]
    printed = [f"- {one.id}: {one.left_out or one.unbuilt}" for one in known if one.left_out or one.unbuilt]
    return "\n".join(kinds + cases + measures + printed)


def not_compared(kinds: Mapping[str, Kind]) -> str:
    """Return the fields of R's results that no test looks at."""
    lines = []
    for name in (one for one in NAMES if one in kinds):
        unread = {
            field: len(found) for field, found in kinds[name].fields.items() if field not in kinds[name].read
        }
        fields = [f"`{field}` ({count})" for field, count in unread.items() if field not in INPUT]
        lines += [f"- `{name}`: {', '.join(fields)}"] if fields else []
    return "\n".join(lines)


if __name__ == "__main__":
    main()
