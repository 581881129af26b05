"""The app, and how a verb ends: with exit code 0, or with a message of one line and exit code 2.

It knows no verb: ``research.cli`` lists them.
"""

from __future__ import annotations

import warnings

import typer

from research.cli.terminal import print_in_any_encoding
from research.errors import InputError, message_of

_EXIT_WRONG_INPUT = 2
_EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count.

app = typer.Typer(
    help=(
        "Text classification and topic modelling of Chinese newspapers: "
        "page → article → section → theme."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; what is wrong in the input is one line on stderr and exit code 2."""
    print_in_any_encoding()
    warnings.showwarning = _print_warning
    try:
        app()
    except InputError as error:
        _fail(str(error))
    except OSError as error:
        _fail(message_of(error))
    except KeyboardInterrupt:
        typer.echo("stopped; nothing half-written was left", err=True)
        raise SystemExit(_EXIT_INTERRUPTED) from None


def _print_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one line, without the place in the code that gave it."""
    typer.echo(f"note: {message}", err=True)


def _fail(message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"error: {line}", err=True)
    raise SystemExit(_EXIT_WRONG_INPUT) from None
