"""Runs one fuzz target under atheris for a while; says so and stops where atheris is not installed."""

import importlib
import os
import sys
from collections.abc import Callable, Sequence

__all__ = ["run"]

_SECONDS = "60"
_LIMITS = ("-timeout=20", "-rss_limit_mb=2048")


def run(name: str, modules: Sequence[str], target: Callable[[bytes], None], longest: int = 4096) -> None:
    """Feed `target` until an error that it does not declare escapes, or the time is over.

    Parameters
    ----------
    modules
        What is instrumented, by the names of modules; `target` imports them only when it is called.
    target
        Takes bytes and lets nothing but undeclared errors escape.
    longest
        Bytes of an input.

    Notes
    -----
    ``FUZZ_SECONDS`` sets the time; what stands behind the program's name goes to libFuzzer.
    """
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print(f"{name}: skipped: atheris is not installed; install it with: pip install -e '.[fuzz]'")
        return
    with atheris.instrument_imports(include=["search", "review"]):
        for module in modules:
            importlib.import_module(module)
    seconds = os.environ.get("FUZZ_SECONDS", _SECONDS)
    print(f"{name}: {seconds} seconds")
    options = (f"-max_total_time={seconds}", f"-max_len={longest}", "-len_control=0", *_LIMITS)
    atheris.Setup([sys.argv[0], *options, *sys.argv[1:]], target)
    atheris.Fuzz()
