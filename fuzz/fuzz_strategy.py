"""Feeds the strategy parser: whatever the bytes, a reading that reads back, or a StrategyError."""

from harness import run

_PIECES = (
    *(
        " AND ",
        " OR ",
        " NOT ",
        "(",
        ")",
        '"',
        "[tiab]",
        "[mh:noexp]",
        "[tiab:~2]",
        "[uid]",
        "[dp]",
        "[sh]",
        "*",
    ),
    *(
        " ",
        ":",
        "2014",
        "1:9",
        "pain",
        "ache",
        "a/b",
        "#1",
        "“",
        "\x00",
        "é",
        "\ud800",
        "\n",
        "[x]",
        "[majr]",
        "$",
    ),
)


def one_input(data: bytes) -> None:
    """Read the bytes once as text, and once as a list of pieces of queries."""
    survives(data.decode("utf-8", "surrogateescape"))
    survives("".join(_PIECES[byte % len(_PIECES)] for byte in data[:400]))


def survives(text: str) -> None:
    """Put every question to what is read of a text; only the declared error may be raised."""
    from review.record import Record
    from search.strategy import StrategyError, parse

    try:
        strategy = parse(text)
    except StrategyError:
        return
    record = Record(source="s", accession="1", title="pain 2014", mesh=("*Pain/therapy",), year=2014)
    strategy.lint()
    strategy.offline_limits()
    strategy.matches(record)
    strategy.could_match(record)
    if parse(strategy.to_pubmed()) != strategy:
        raise AssertionError(f"{text!r} does not read back")
    try:
        strategy.to_europepmc()
    except StrategyError:
        return


if __name__ == "__main__":
    run("strategy", ("search.strategy",), one_input)
