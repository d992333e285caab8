"""`usage`, `move-data` and `cache`: what is spent and what is kept."""

from __future__ import annotations

import click

from bot.cli.terminal import file_at, go, link_of, print_json, read_settings, sentences, url_option


@click.command()
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def usage(shape: str) -> None:
    """Print what was spent on the model: today, this month, by server, model, site and day."""
    go(_usage(shape))


@click.command("move-data")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="[TO]", default="")
def move_data(source: str, target: str) -> None:
    """
    Copy all that is kept from one database to another, empty one.

    FROM and TO are addresses like DATABASE_URL's; a FROM without :// is a file of SQLite. TO is DATABASE_URL where left
    out, so that no password need be typed. Stop the bot before. FROM stays as it is.
    """
    go(_move_data(source, target))


@click.group()
def cache() -> None:
    """Look after what is kept: how much there is, what is deleted for good."""


@cache.command()
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def stats(shape: str) -> None:
    """Print how much is kept of what, how old, and how big it is."""
    go(_stats(shape))


@cache.command()
@click.option("--days", type=click.IntRange(1, 36_500), help="Else RETENTION_DAYS.")
def prune(days: int | None) -> None:
    """Delete for good what is older than so many days. The running bot does it every day."""
    go(_prune(days))


@cache.command()
@click.argument("link_or_file", required=False)
@url_option
@click.option("--server", type=click.IntRange(1), help="Id of a Discord server: all kept for it.")
@click.option("--person", type=click.IntRange(1), help="Id of a Discord user: all kept about them.")
def forget(
    link_or_file: str | None, url: str | None, server: int | None, person: int | None
) -> None:
    """Delete for good all that is kept of a link or a file, for everybody: what was read, made of it and asked."""
    if (link_or_file, server, person).count(None) != 2:
        raise click.UsageError("Give a link, a file, --server or --person.")
    go(_forget(link_or_file, url, server, person))


@cache.command()
@click.argument("name")
@click.option("--at", "site", required=True, help="Where: reddit, discord, … or a site's address.")
@click.option("--undo", is_flag=True, help="Let their words be read again.")
def withhold(name: str, site: str, undo: bool) -> None:
    """Leave the words of an author out of every digest, and delete for good what holds some. The name is not kept."""
    go(_withhold(name, site, undo))


async def _usage(shape: str) -> None:
    from bot.app.engine import open_engine
    from bot.core.export import usage_json
    from bot.core.usage import usage as added_up

    async with open_engine(read_settings()) as engine:
        today = engine.clock.now().date()
        found = await added_up(engine.ledger, today, "guild", "model", "site")
    if shape == "json":
        print_json(usage_json(found))
    else:
        from bot.chat.usage_text import usage_text

        click.echo(usage_text(found, sentences()))


async def _move_data(source: str, target: str) -> None:
    from bot.app.keeping import move_data as move

    if "://" not in source:
        source = f"sqlite:///{source}"
    counts = await move(source, target or read_settings().database_url)
    words = sentences()
    for name, rows in counts.items():
        click.echo(f"{name:<12} {words.number(rows):>12}")
    total = sum(counts.values())
    click.echo(words.count("{n} row moved.", "{n} rows moved; every table was counted.", total))


async def _stats(shape: str) -> None:
    from bot.app.keeping import open_keeping
    from bot.core.export import stock_json

    async with open_keeping(read_settings()) as keeping:
        stock = await keeping.stock.count()
    if shape == "json":
        print_json(stock_json(stock))
    else:
        from bot.chat.stock_text import stock_text

        click.echo(stock_text(stock, sentences()))


async def _prune(days: int | None) -> None:
    from bot.app.keeping import open_keeping

    settings = read_settings()
    async with open_keeping(settings) as keeping:
        gone = await keeping.retention.prune(keeping.clock.now(), days or settings.retention_days)
    _say_gone(gone)


async def _forget(
    target: str | None, url: str | None, server: int | None, person: int | None
) -> None:
    from bot.app.keeping import open_keeping
    from bot.core.digesting import paste_target

    async with open_keeping(read_settings()) as keeping:
        if target is not None:
            data = file_at(target)
            link = link_of(target) if data is None else paste_target(data, url)
            gone = await keeping.shelf.forget(link, None)
        elif server is not None:
            gone = await keeping.purging.guild(server)
        else:
            gone = await keeping.purging.person(person or 0)
    _say_gone(gone)


async def _withhold(name: str, site: str, undo: bool) -> None:
    from bot.app.keeping import open_keeping
    from bot.core.withholding import author_at

    words, author = sentences(), author_at(site, name)
    async with open_keeping(read_settings()) as keeping:
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
    words = sentences()
    click.echo(words.count("{n} thing deleted for good.", "{n} things deleted for good.", gone))
