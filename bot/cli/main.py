"""
The command line: parses, calls, prints. Everything heavy is imported by the command that needs it.

Results go to stdout, progress to stderr when it is a terminal, an error is one line on stderr and an exit code.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence

import click

from bot.cli.evaluating import evaluate
from bot.cli.keeping import cache, move_data, usage
from bot.cli.reading import ask, digest, read
from bot.cli.serving import doctor, invite, run_bot, sync, work
from bot.cli.terminal import sentences
from bot.errors import ChorusError, Unexpected

COMMANDS = (
    digest,
    read,
    ask,
    evaluate,
    run_bot,
    work,
    doctor,
    usage,
    move_data,
    cache,
    sync,
    invite,
)

log = logging.getLogger("chorus")


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code (design §2). Nothing but the result is printed on stdout."""
    try:
        code = cli.main(args=list(arguments), prog_name="chorus", standalone_mode=False)
    except click.ClickException as problem:
        return _fail(f"{problem.format_message()} (chorus --help)", 2)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return 0  # the reader of our output has seen enough
    except ChorusError as error:
        return _fail(sentences().error(error), error.exit_code)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("unexpected error %s", reference)
        return _fail(sentences().error(Unexpected(reference=reference)), 1)
    return code if isinstance(code, int) else 0


def _fail(sentence: str, code: int) -> int:
    click.echo(f"chorus: {sentence}", err=True)
    return code


@click.group(
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="chorus", message="%(version)s")
def cli() -> None:
    """Read an article and its readers' comments: who holds what view, how many, in whose words."""
