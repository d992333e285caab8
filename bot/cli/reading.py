"""`digest`, `read` and `ask`: what a person wants to know of one link or file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.terminal import (
    Status,
    file_at,
    go,
    link_of,
    print_json,
    read_settings,
    sentences,
    shape_option,
    url_option,
)

if TYPE_CHECKING:
    from bot.app.engine import Engine
    from bot.core.models import Brief, Reading
    from bot.core.ports import Report


@click.command()
@click.argument("link_or_file")
@click.option("--language", default="", help="Code of a language, e.g. fr; else the article's.")
@click.option("--length", type=click.Choice(["short", "standard", "detailed"]), default="standard")
@shape_option
@click.option(
    "--engine",
    type=click.Choice(["auto", "llm", "extractive"]),
    default="auto",
    help="llm: fail rather than fall back to extracts; extractive: never ask a model.",
)
@url_option
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
    go(_digest(link_or_file, brief, shape, url, refresh))


@click.command()
@click.argument("link_or_file")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
@url_option
def read(link_or_file: str, shape: str, url: str | None) -> None:
    """Print what was read, undigested: article, every comment, what was missed."""
    go(_read(link_or_file, shape, url))


@click.command()
@click.argument("link_or_file")
@click.argument("question")
@click.option("--language", default="", help="Code of a language, e.g. fr; else the terminal's.")
@shape_option
@url_option
def ask(link_or_file: str, question: str, language: str, shape: str, url: str | None) -> None:
    """Answer a question from an article and its comments, with citations."""
    from bot.core.languages import language_code

    go(_ask(link_or_file, question, language_code(language), shape, url))


async def _digest(target: str, brief: Brief, shape: str, url: str | None, refresh: bool) -> None:
    from bot.app.engine import open_engine
    from bot.core.digesting import Request
    from bot.core.export import digest_json
    from bot.core.models import LOCAL
    from bot.core.money import OPERATOR, fullest

    async with open_engine(read_settings()) as engine:
        with Status() as report:
            data = file_at(target)
            if data is None:
                link = link_of(target)
            else:
                link = await engine.digesting.paste(data, Path(target).name, LOCAL, url)
            request = Request(link, LOCAL, brief, refresh and data is None)
            begun = engine.clock.now()
            digested = await engine.digesting.digest(request, report)
        if shape == "json":
            print_json(digest_json(digested))
        else:
            from bot.chat.writing import digest_text

            words = sentences(digested.digest.brief.language)
            paid = digested.digest.made.at >= begun
            near = fullest(await engine.till.standings(OPERATOR))
            markdown = shape == "markdown"
            click.echo(digest_text(digested, words, markdown=markdown, paid=paid, near=near))


async def _read(target: str, shape: str, url: str | None) -> None:
    from bot.app.engine import open_engine
    from bot.core.export import reading_json

    async with open_engine(read_settings()) as engine:
        with Status() as report:
            reading = await _reading(engine, target, url, report)
        if shape == "json":
            print_json(reading_json(reading))
        else:
            from bot.chat.writing import reading_text

            click.echo(reading_text(reading, sentences()))


async def _ask(target: str, question: str, language: str, shape: str, url: str | None) -> None:
    from bot.app.engine import open_engine
    from bot.core.export import answer_json

    words = sentences(language)
    async with open_engine(read_settings()) as engine:
        with Status() as report:
            reading = await _reading(engine, target, url, report, kept=True)
            answer = await engine.answering.answer(reading, question, words.language, report)
        if shape == "json":
            print_json(answer_json(answer, reading))
        else:
            from bot.chat.answer_text import answer_text

            click.echo(answer_text(answer, reading, words, markdown=shape == "markdown"))


async def _reading(
    engine: Engine, target: str, url: str | None, report: Report, *, kept: bool = False
) -> Reading:
    from bot.core.models import LOCAL

    data = file_at(target)
    if data is None:
        link = link_of(target)
    else:
        link = await engine.digesting.paste(data, Path(target).name, LOCAL, url)
    if kept:
        return await engine.digesting.current(link, LOCAL, report)
    return await engine.digesting.read(link, LOCAL, report)
