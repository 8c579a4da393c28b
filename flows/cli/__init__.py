"""The command line: one command for each thing people do with a living review."""

from flows.cli.app import main

__all__ = ["main"]
