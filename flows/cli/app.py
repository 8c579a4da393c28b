"""Run a command and turn what went wrong into one sentence and an exit code."""

import sys
from collections.abc import Sequence

import typer

from flows.cli import care, data, evaluating, folders, literature, people, results, serving, watching
from flows.cli.printing import complain, say_json
from flows.cli.refusals import exit_code, sentence, user_mistakes

__all__ = ["app", "main"]

app = typer.Typer(
    name="living-review",
    help="Keeps a systematic review up to date: searches, ranks, asks reviewers, pools again, publishes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (folders, literature, watching, people, results, data, evaluating, serving, care):
    module.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit 0 done, 1 failed, 2 wrong use, 3 partial."""
    try:
        app(args=arguments)
    except Exception as problem:
        if not isinstance(problem, user_mistakes()):
            raise
        complain(sentence(problem))
        if "--json" in (sys.argv[1:] if arguments is None else arguments):
            say_json({"error": sentence(problem)})
        sys.exit(exit_code(problem))
