"""/usage: what the asker has spent and has left; what their server spends, for those who manage it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import discord
from discord import app_commands, ui

from bot.chat.asking import hand_over
from bot.chat.cards import COLOUR, still
from bot.chat.escape import outside
from bot.chat.facts import bar, dollars
from bot.chat.problems import REASONS
from bot.chat.sentences import Sentences
from bot.chat.services import Services, roles_of, words_of
from bot.chat.usage_text import Section, divided, latest, totals
from bot.core.money import MILLION, Spender, Standing
from bot.core.usage import usage

_ = app_commands.locale_str

MOST_BUDGETS = 8
MOST_RUNS = 5


def add_usage(tree: app_commands.CommandTree[discord.Client], services: Services) -> None:
    """Add the command to *tree*."""

    @tree.command(name="usage", description=_("What you have spent, and what is left"))
    async def usage_(interaction: discord.Interaction) -> None:
        await show_usage(interaction, services)
        await hand_over(interaction, services)


async def show_usage(interaction: discord.Interaction, services: Services) -> None:
    """Answer privately with what the person may know."""
    person, guild, words = interaction.user, interaction.guild_id, words_of(interaction)
    ledger, today = services.ledger, services.clock.now().date()
    manages = guild is not None and interaction.permissions.manage_guild
    spender = Spender(person.id, guild, interaction.channel_id, roles_of(person))
    sections = [
        totals(
            words.say("What you have spent"),
            await ledger.total(today, person=person.id),
            await ledger.total(today.replace(day=1), person=person.id),
            words,
        ),
        *_budgets(await services.till.standings(spender), words, manages=manages),
        *latest(await ledger.latest(person.id, MOST_RUNS), words),
    ]
    if manages:
        found = await usage(ledger, today, "person", "site", guild=guild)
        head = words.say("What this server has spent")
        sections += [totals(head, found.today, found.month, words), *divided(found, words)]
    note = words.say(
        "What is kept costs nothing and is not counted. Days and months are those of UTC."
    )
    await interaction.response.send_message(view=_view(sections, note), ephemeral=True)


def _budgets(
    standings: Sequence[Standing], words: Sentences, *, manages: bool
) -> Iterator[Section]:
    """Yield how full each budget is: with what is left of one's own, and of the server's for who manages it."""
    lines = []
    for one in sorted(standings, key=lambda one: -one.percent)[:MOST_BUDGETS]:
        said = words.say(
            "{n}% of {budget}",
            n=words.number(one.percent),
            budget=words.say(REASONS[one.budget]),
        )
        rest = words.say("anew on {resets}", resets=words.date(one.resets))
        if one.personal or (manages and one.budget.startswith("guild")):
            amount = dollars(Decimal(max(0, one.limit - one.spent)) / MILLION)
            rest = f"{words.say('{amount} left', amount=amount)} · {rest}"
        lines += [f"{bar(one.percent / 100)} {said}", f"-# {rest}"]
    if lines:
        yield Section(words.say("How much of each budget is spent"), tuple(lines))


def _view(sections: Sequence[Section], note: str) -> ui.LayoutView:
    """Return *sections* as a message, with *note* in small print."""
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOUR)
    for one in sections:
        rows = (f"`{figures}` {_shown(name)}" for figures, name in one.rows)
        chart = f"```\n{one.chart}\n```" if one.chart else ""
        lines = filter(None, (f"**{one.head}**", *one.lines, *rows, chart))
        box.add_item(ui.TextDisplay("\n".join(lines)))
    box.add_item(ui.TextDisplay(f"-# {note}"))
    return still(ui.LayoutView(timeout=None).add_item(box))


def _shown(name: str) -> str:
    # a person is named by Discord; nobody is pinged, because no message of ours may
    return name if re.fullmatch(r"<@\d+>", name) else outside(name, 60)
