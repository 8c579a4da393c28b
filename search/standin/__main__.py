"""``python -m search.standin CATALOGUE --port N``: serves a catalogue until interrupted."""

import argparse
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from search.catalogue import CatalogueError, read
from search.standin.server import StandIn

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 where the catalogue cannot be read or the port cannot be had."""
    wanted = _parser().parse_args(arguments)
    try:
        with StandIn(read(wanted.catalogue), today=wanted.today, port=wanted.port) as standin:
            sys.stdout.write(f"{standin.url}\n")
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    except (CatalogueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m search.standin",
        description="Serve a catalogue as PubMed's E-utilities would, on loopback.",
    )
    parser.add_argument("catalogue", type=Path, help="JSON lines, as search.catalogue writes them")
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="YYYY-MM-DD; the newest entry's day by default"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
