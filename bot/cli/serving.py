"""`run`, `work` and what is done before them: `doctor`, `sync`, `invite`."""

from __future__ import annotations

import asyncio

import click

from bot.cli.terminal import go, read_settings, sentences


@click.command("run")
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
    from bot.app.chat import Part
    from bot.app.running import run_chat
    from bot.chat.shards import Shards

    try:
        mine = Shards.written(shards) if shards else None
    except ValueError:
        raise click.UsageError(f"--shards is like 0-3/16 or 0/2, not {shards!r}.") from None
    asyncio.run(run_chat(read_settings(), Part(mine, not no_work, at_once)))


@click.command()
@click.option(
    "--at-once", type=click.IntRange(1, 1000), default=16, help="Orders worked on at once."
)
def work(at_once: int) -> None:
    """Fulfil what is asked of `chorus run` on other machines (needs DISCORD_TOKEN and PostgreSQL)."""
    from bot.app.chat import Part
    from bot.app.running import run_chat
    from bot.chat.shards import NONE

    asyncio.run(run_chat(read_settings(), Part(NONE, at_once=at_once)))


@click.command()
def doctor() -> None:
    """Check token, intents, model, database and tokenizer; say how to mend what is wrong."""
    from bot.doctor import examine

    healthy = True
    words = sentences()

    def show(good: bool | None, line: str) -> None:
        nonlocal healthy
        healthy = healthy and good is not False
        click.echo(f"{'–' if good is None else '✓' if good else '✗'} {line}")

    go(examine(read_settings(), words, show))
    if not healthy:
        raise click.exceptions.Exit(78)  # click hands it to `run` as the command's value


@click.command()
def sync() -> None:
    """Register the slash commands with Discord now."""
    from bot.app.running import sync_commands

    click.echo(sentences().say("{n} commands registered.", n=go(sync_commands(read_settings()))))


@click.command()
def invite() -> None:
    """Print the link that invites the bot, with the permissions it needs."""
    from bot.invite import invite_link

    click.echo(invite_link(read_settings()))
