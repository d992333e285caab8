"""
The command line: parses, calls, prints. Everything heavy is imported by the command that needs it.

Results go to stdout, progress to stderr when it is a terminal, an error is one line on stderr and an exit code.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.errors import BadFile, ChorusError, Unexpected

if TYPE_CHECKING:
    from bot.app import Engine
    from bot.chat.sentences import Sentences
    from bot.core.models import Brief, Reading
    from bot.core.ports import Report
    from bot.settings import Settings

MOST_FILE_BYTES = 5_000_000

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
        return _fail(_sentences().error(error), error.exit_code)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("unexpected error %s", reference)
        return _fail(_sentences().error(Unexpected(reference=reference)), 1)
    return code if isinstance(code, int) else 0


def _fail(sentence: str, code: int) -> int:
    click.echo(f"chorus: {sentence}", err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="chorus", message="%(version)s")
def cli() -> None:
    """Read an article and its readers' comments: who holds what view, how many, in whose words."""


_format = click.option(
    "--format", "shape", type=click.Choice(["text", "markdown", "json"]), default="text"
)
_url = click.option("--url", help="The address a saved file came from.")


@cli.command()
@click.argument("link_or_file")
@click.option("--language", default="", help="Code of a language, e.g. fr; else the article's.")
@click.option("--length", type=click.Choice(["short", "standard", "detailed"]), default="standard")
@_format
@click.option(
    "--engine",
    type=click.Choice(["auto", "llm", "extractive"]),
    default="auto",
    help="llm: fail rather than fall back to extracts; extractive: never ask a model.",
)
@_url
@click.option("--refresh", is_flag=True, help="Read and digest again, past what is kept.")
def digest(
    link_or_file: str,
    language: str,
    length: str,
    shape: str,
    engine: str,
    url: str | None,
    refresh: bool,
) -> None:
    """Print the digest of a link, a saved page (.html), a copied page (.txt), or - for stdin."""
    from bot.core.languages import language_code
    from bot.core.models import Brief, Engine, Length

    brief = Brief(language_code(language), Length(length), Engine(engine))
    _go(_digest(link_or_file, brief, shape, url, refresh))


@cli.command()
@click.argument("link_or_file")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
@_url
def read(link_or_file: str, shape: str, url: str | None) -> None:
    """Print what was read, undigested: article, every comment, what was missed."""
    _go(_read(link_or_file, shape, url))


@cli.command()
@click.argument("link_or_file")
@click.argument("question")
@click.option("--language", default="", help="Code of a language, e.g. fr; else the terminal's.")
@_format
@_url
def ask(link_or_file: str, question: str, language: str, shape: str, url: str | None) -> None:
    """Answer a question from an article and its comments, with citations."""
    from bot.core.languages import language_code

    _go(_ask(link_or_file, question, language_code(language), shape, url))


@cli.command("eval")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", "models", multiple=True, help="May be repeated; else OPENAI_MODEL.")
@click.option("--base-url", help="Where the models are; else OPENAI_BASE_URL.")
@click.option(
    "--prompts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of prompts to try instead of those of Chorus.",
)
@click.option("--language", default="", help="Code of a language, e.g. fr; else each article's.")
@click.option(
    "--cached",
    is_flag=True,
    help="Take replies from the database and keep new ones there; else every question is asked.",
)
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def evaluate(
    folder: Path,
    models: tuple[str, ...],
    base_url: str | None,
    prompts: Path | None,
    language: str,
    cached: bool,
    shape: str,
) -> None:
    """
    Compare models, or prompts, on a FOLDER of readings.

    A reading is a .json as `chorus read --format json` prints it, a saved page (.html) or a copied text (.txt). Where
    NAME.gold.json lies beside NAME.*, digests are held against the positions people found:
    {"positions": [{"core": [1, 4], "also_ok": [7], "stance_to_deal": "for"}]}, comments numbered from 1.

    Each reading is digested three times, its comments in another order each time.
    """
    from bot.core.languages import language_code

    settings = _settings()
    if base_url:
        settings = settings.model_copy(update={"openai_base_url": base_url})
    names = tuple(dict.fromkeys(models)) or (settings.openai_model,)
    _go(_evaluate(settings, folder, names, prompts, language_code(language), cached, shape))


@cli.command("run")
@click.option(
    "--shards", default="", help="Those to listen on, of how many: 0-3/16. Else all of them."
)
@click.option(
    "--no-work", is_flag=True, help="Only take orders; `chorus work` elsewhere fulfils them."
)
@click.option(
    "--at-once", type=click.IntRange(1, 1000), default=16, help="Orders worked on at once."
)
def run_bot(shards: str, no_work: bool, at_once: int) -> None:
    """
    Start the Discord bot (needs DISCORD_TOKEN).

    Over PostgreSQL several of it may run, each on its shards.
    """
    from bot.app import Part, run_chat
    from bot.chat.shards import Shards

    try:
        mine = Shards.written(shards) if shards else None
    except ValueError:
        raise click.UsageError(f"--shards is like 0-3/16 or 0/2, not {shards!r}.") from None
    asyncio.run(run_chat(_settings(), Part(mine, not no_work, at_once)))


@cli.command()
@click.option(
    "--at-once", type=click.IntRange(1, 1000), default=16, help="Orders worked on at once."
)
def work(at_once: int) -> None:
    """Fulfil what is asked of `chorus run` on other machines (needs DISCORD_TOKEN and PostgreSQL)."""
    from bot.app import Part, run_chat
    from bot.chat.shards import NONE

    asyncio.run(run_chat(_settings(), Part(NONE, at_once=at_once)))


@cli.command()
def doctor() -> None:
    """Check token, intents, model, database and tokenizer; say how to mend what is wrong."""
    from bot.doctor import examine

    healthy = True
    words = _sentences()

    def show(good: bool | None, line: str) -> None:
        nonlocal healthy
        healthy = healthy and good is not False
        click.echo(f"{'–' if good is None else '✓' if good else '✗'} {line}")

    _go(examine(_settings(), words, show))
    if not healthy:
        raise click.exceptions.Exit(78)  # click hands it to `run` as the command's value


@cli.command()
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def usage(shape: str) -> None:
    """Print what was spent on the model: today, this month, by server, model, site and day."""
    _go(_usage(shape))


@cli.command("move-data")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="[TO]", default="")
def move_data(source: str, target: str) -> None:
    """
    Copy all that is kept from one database to another, empty one.

    FROM and TO are addresses like DATABASE_URL's; a FROM without :// is a file of SQLite. TO is DATABASE_URL where left
    out, so that no password need be typed. Stop the bot before. FROM stays as it is.
    """
    _go(_move_data(source, target))


@cli.group()
def cache() -> None:
    """Look after what is kept: how much there is, what is deleted for good."""


@cache.command()
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def stats(shape: str) -> None:
    """Print how much is kept of what, how old, and how big it is."""
    _go(_stats(shape))


@cache.command()
@click.option("--days", type=click.IntRange(1, 36_500), help="Else RETENTION_DAYS.")
def prune(days: int | None) -> None:
    """Delete for good what is older than so many days. The running bot does it every day."""
    _go(_prune(days))


@cache.command()
@click.argument("link_or_file", required=False)
@_url
@click.option("--server", type=click.IntRange(1), help="Id of a Discord server: all kept for it.")
@click.option("--person", type=click.IntRange(1), help="Id of a Discord user: all kept about them.")
def forget(
    link_or_file: str | None, url: str | None, server: int | None, person: int | None
) -> None:
    """Delete for good all that is kept of a link or a file, for everybody: what was read, made of it and asked."""
    if (link_or_file, server, person).count(None) != 2:
        raise click.UsageError("Give a link, a file, --server or --person.")
    _go(_forget(link_or_file, url, server, person))


@cache.command()
@click.argument("name")
@click.option("--at", "site", required=True, help="Where: reddit, discord, … or a site's address.")
@click.option("--undo", is_flag=True, help="Let their words be read again.")
def withhold(name: str, site: str, undo: bool) -> None:
    """Leave the words of an author out of every digest, and delete for good what holds some. The name is not kept."""
    _go(_withhold(name, site, undo))


@cli.command()
def sync() -> None:
    """Register the slash commands with Discord now."""
    from bot.app import sync_commands

    click.echo(_sentences().say("{n} commands registered.", n=_go(sync_commands(_settings()))))


@cli.command()
def invite() -> None:
    """Print the link that invites the bot, with the permissions it needs."""
    from bot.invite import invite_link

    click.echo(invite_link(_settings()))


def _go(work: Coroutine[Any, Any, Any]) -> Any:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    return asyncio.run(work)


def _settings() -> Any:
    from bot.settings import load

    return load()


def _sentences(language: str = "") -> Sentences:
    from bot.chat.sentences import Sentences
    from bot.settings import terminal_language

    return Sentences.of(language or terminal_language())


async def _digest(target: str, brief: Brief, shape: str, url: str | None, refresh: bool) -> None:
    from bot.app import open_engine
    from bot.core.digesting import Request
    from bot.core.export import digest_json
    from bot.core.models import LOCAL
    from bot.core.money import OPERATOR, fullest

    async with open_engine(_settings()) as engine:
        with _Progress() as report:
            data = _file(target)
            if data is None:
                link = _link(target)
            else:
                link = await engine.digesting.paste(data, Path(target).name, LOCAL, url)
            request = Request(link, LOCAL, brief, refresh and data is None)
            begun = engine.clock.now()
            digested = await engine.digesting.digest(request, report)
        if shape == "json":
            _print_json(digest_json(digested))
        else:
            from bot.chat.writing import digest_text

            words = _sentences(digested.digest.brief.language)
            paid = digested.digest.made.at >= begun
            near = fullest(await engine.till.standings(OPERATOR))
            markdown = shape == "markdown"
            click.echo(digest_text(digested, words, markdown=markdown, paid=paid, near=near))


async def _read(target: str, shape: str, url: str | None) -> None:
    from bot.app import open_engine
    from bot.core.export import reading_json

    async with open_engine(_settings()) as engine:
        with _Progress() as report:
            reading = await _reading(engine, target, url, report)
        if shape == "json":
            _print_json(reading_json(reading))
        else:
            from bot.chat.writing import reading_text

            click.echo(reading_text(reading, _sentences()))


async def _ask(target: str, question: str, language: str, shape: str, url: str | None) -> None:
    from bot.app import open_engine
    from bot.core.export import answer_json

    words = _sentences(language)
    async with open_engine(_settings()) as engine:
        with _Progress() as report:
            reading = await _reading(engine, target, url, report, kept=True)
            answer = await engine.answering.answer(reading, question, words.language, report)
        if shape == "json":
            _print_json(answer_json(answer, reading))
        else:
            from bot.chat.answer_text import answer_text

            click.echo(answer_text(answer, reading, words, markdown=shape == "markdown"))


async def _evaluate(
    settings: Settings,
    folder: Path,
    models: Sequence[str],
    prompts: Path | None,
    language: str,
    cached: bool,
    shape: str,
) -> None:
    from bot.app import open_bench
    from bot.evaluation import compare, print_results, results_json
    from bot.saved import cases

    async with open_bench(settings, models, prompts, cached=cached) as bench:
        with _Progress() as report:
            some = await cases(folder, bench.reader)
            if not some:
                raise click.UsageError(f"There is no .json, .html or .txt in {folder}.")
            at_once = settings.llm_concurrency
            results = await compare(bench, some, language=language, at_once=at_once, report=report)
    words = _sentences()
    if shape == "json":
        _print_json(results_json(results, bench.prompts, words.error))
    else:
        print_results(results, words.error)
    if all(result.figures is None for result in results):
        error = next(filter(None, (result.error for result in results)))
        raise click.exceptions.Exit(error.exit_code)


async def _usage(shape: str) -> None:
    from bot.app import open_engine
    from bot.core.export import usage_json
    from bot.core.usage import usage as added_up

    async with open_engine(_settings()) as engine:
        today = engine.clock.now().date()
        found = await added_up(engine.ledger, today, "guild", "model", "site")
    if shape == "json":
        _print_json(usage_json(found))
    else:
        from bot.chat.usage_text import usage_text

        click.echo(usage_text(found, _sentences()))


async def _move_data(source: str, target: str) -> None:
    from bot.app import move_data as move

    if "://" not in source:
        source = f"sqlite:///{source}"
    counts = await move(source, target or _settings().database_url)
    words = _sentences()
    for name, rows in counts.items():
        click.echo(f"{name:<12} {words.number(rows):>12}")
    total = sum(counts.values())
    click.echo(words.count("{n} row moved.", "{n} rows moved; every table was counted.", total))


async def _stats(shape: str) -> None:
    from bot.app import open_keeping
    from bot.core.export import stock_json

    async with open_keeping(_settings()) as keeping:
        stock = await keeping.stock.count()
    if shape == "json":
        _print_json(stock_json(stock))
    else:
        from bot.chat.stock_text import stock_text

        click.echo(stock_text(stock, _sentences()))


async def _prune(days: int | None) -> None:
    from bot.app import open_keeping

    settings = _settings()
    async with open_keeping(settings) as keeping:
        gone = await keeping.retention.prune(keeping.clock.now(), days or settings.retention_days)
    _say_gone(gone)


async def _forget(
    target: str | None, url: str | None, server: int | None, person: int | None
) -> None:
    from bot.app import open_keeping
    from bot.core.digesting import paste_target

    async with open_keeping(_settings()) as keeping:
        if target is not None:
            data = _file(target)
            link = _link(target) if data is None else paste_target(data, url)
            gone = await keeping.shelf.forget(link, None)
        elif server is not None:
            gone = await keeping.purging.guild(server)
        else:
            gone = await keeping.purging.person(person or 0)
    _say_gone(gone)


async def _withhold(name: str, site: str, undo: bool) -> None:
    from bot.app import open_keeping
    from bot.core.withholding import author_at

    words, author = _sentences(), author_at(site, name)
    async with open_keeping(_settings()) as keeping:
        if undo:
            known = await keeping.withheld.allow(author)
            said = (
                words.say("Their words are read again.")
                if known
                else words.say("Their words were not left out.")
            )
            click.echo(said)
            return
        gone = await keeping.withheld.withhold(author)
    click.echo(words.say("Their words are left out from now on."))
    _say_gone(gone)


def _say_gone(gone: int) -> None:
    words = _sentences()
    click.echo(words.count("{n} thing deleted for good.", "{n} things deleted for good.", gone))


async def _reading(
    engine: Engine, target: str, url: str | None, report: Report, *, kept: bool = False
) -> Reading:
    from bot.core.models import LOCAL

    data = _file(target)
    if data is None:
        link = _link(target)
    else:
        link = await engine.digesting.paste(data, Path(target).name, LOCAL, url)
    if kept:
        return await engine.digesting.current(link, LOCAL, report)
    return await engine.digesting.read(link, LOCAL, report)


def _link(target: str) -> str:
    from bot.core.links import canonical

    return canonical(target)


def _file(target: str) -> bytes | None:
    """Return the file's bytes, or None if *target* is a link; raises `BadFile`."""
    if target == "-":
        data = sys.stdin.buffer.read(MOST_FILE_BYTES + 1)
    else:
        path = Path(target)
        try:
            if not path.exists():
                looks_like_file = path.suffix.lower() in {".html", ".htm", ".txt"}
                if "://" not in target and looks_like_file:
                    raise BadFile(name=target, reason="missing")
                return None
            if path.is_dir():
                raise BadFile(name=target, reason="folder")
            with path.open("rb") as file:
                data = file.read(MOST_FILE_BYTES + 1)
        except (OSError, ValueError):
            if "://" in target:
                return None  # too long for a file's name, and a link anyway
            raise BadFile(name=target[:200], reason="unreadable") from None
    if len(data) > MOST_FILE_BYTES:
        raise BadFile(name=target, reason="large")
    return data


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class _Progress:
    """Shows progress on stderr while something runs, if that is a terminal."""

    def __enter__(self) -> Report:
        from bot.core.ports import Progress

        if not sys.stderr.isatty():
            return lambda _: None
        from rich.console import Console

        words = _sentences()
        self._status = Console(stderr=True).status("…")
        self._status.start()

        def report(progress: Progress) -> None:
            self._status.update(words.progress(progress))

        return report

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_status"):
            self._status.stop()
