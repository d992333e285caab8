"""The pinned digests of a server as one message, and one of them with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import discord
from discord import ui

from bot.chat.cards import MOST_TEXT, SCALES, Row, boxed, moment, text_length
from bot.chat.escape import label, outside
from bot.chat.facts import dollars
from bot.chat.pinning import sentence, titled
from bot.chat.problems import REASONS
from bot.chat.rows import MOST_LABEL, MOST_OPTION, MOST_OPTIONS
from bot.chat.sentences import Sentences
from bot.core.models import Digested
from bot.core.money import MILLION
from bot.core.pinning import order_of
from bot.core.pins import Pin, PinState
from bot.core.usage import Sum
from bot.errors import OverBudget, revive

WHOLE = 0.5
"""The scale from which on links and reasons are shown; below, of many pins, titles say more than both."""

MOST_NAMED = 12  # of hidden positions
Spent = Mapping[str, Sum]


def list_view(pins: Sequence[Pin], spent: Spent, here: int, words: Sentences) -> ui.LayoutView:
    """Return *pins* as one message, with a list to choose one; *spent* is what each has cost, *here* the channel."""
    alive = [pin for pin in pins if pin.state is not PinState.ENDED]
    for scale in SCALES:
        blocks = ["**" + words.say("Pinned digests") + "**"]
        blocks += [_entry(pin, spent, words, scale, away=pin.channel != here) for pin in pins]
        if not pins:
            blocks.append(words.say("Nothing is pinned yet; /digest pin does it."))
        view = boxed(blocks, [_chooser(alive, words)] if alive else [])
        if text_length(view) <= MOST_TEXT:
            break
    return view


def panel_view(
    pin: Pin, digested: Digested | None, spent: Spent, words: Sentences
) -> ui.LayoutView:
    """Return one pinned digest with what can be done about it; *digested* is what it shows, where that is kept."""
    blocks = [_entry(pin, spent, words, 1.0, away=True)]
    positions = digested.digest.positions if digested else ()
    hidden = [p.label for p in positions if p.key in pin.hidden]
    if hidden:
        named = "; ".join(outside(one, 60) for one in hidden[:MOST_NAMED])
        blocks.append(words.say("Hidden: {labels}", labels=named))
    buttons = Row()
    if pin.message is not None:
        buttons.add_item(_button(words.say("Read again now"), pin, "refresh"))
        if pin.state is PinState.FROZEN:
            buttons.add_item(_button(words.say("Thaw"), pin, "thaw"))
        else:
            buttons.add_item(_button(words.say("Freeze"), pin, "freeze"))
    buttons.add_item(_button(words.say("Unpin"), pin, "unpin"))
    red = discord.ButtonStyle.danger
    buttons.add_item(_button(words.say("Delete for good"), pin, "delete", red))
    rows = [buttons]
    if positions and pin.message is not None:
        rows.append(_positions(pin, digested, words) if digested else buttons)
    back: ui.Button[ui.LayoutView] = ui.Button(
        label=label(words.say("All pinned digests"), MOST_LABEL), custom_id="chorus:pins:list"
    )
    return boxed(blocks, [*rows, Row(back)])


def unpinned_view(pin: Pin, words: Sentences) -> ui.LayoutView:
    """Return the sentence that *pin* is watched no longer."""
    return sentence(
        words.say("No longer pinned, nor kept current: {digest}", digest=titled(pin, words))
    )


def deleted_view(words: Sentences) -> ui.LayoutView:
    """Return the sentence that a pinned digest is deleted."""
    return sentence(words.say("Deleted: the message, and what was read for it alone."))


def state_of(pin: Pin, words: Sentences) -> str:
    """Return how *pin* stands, in a few words without Markdown."""
    if pin.leaving:
        return words.say("being unpinned")
    if pin.message is None:
        return words.say("being made")
    if pin.state is PinState.WATCHING and _waits_for_budget(pin):
        return words.say("waiting for its budget")
    return {
        PinState.WATCHING: words.say("kept current"),
        PinState.ASLEEP: words.say("asleep"),
        PinState.FROZEN: words.say("frozen"),
        PinState.BROKEN: words.say("stopped"),
        PinState.ENDED: words.say("ended"),
    }[pin.state]


def _entry(pin: Pin, spent: Spent, words: Sentences, scale: float, *, away: bool) -> str:
    """Return a pin: its title; state, age, next reading and cost; what is wrong."""
    where = f" <#{pin.channel}>" if away else ""
    parts = [state_of(pin, words)]
    if pin.made_at is not None:
        parts.append(words.say("changed {when}", when=moment(pin.made_at, "R")))
    if pin.state is PinState.WATCHING and pin.due is not None and pin.message is not None:
        parts.append(words.say("read next {when}", when=moment(pin.due, "R")))
    parts += _cost(spent.get(order_of(pin)), words)
    most, whole = max(12, int(120 * scale)), scale >= WHOLE
    lines = [f"**{titled(pin, words, most, linked=whole)}**{where}"]
    lines.append(f"-# {' · '.join(parts)}")
    reason = _reason(pin, words)
    if reason and whole:
        lines.append(f"-# {outside(reason, max(20, int(200 * scale)))}")
    return "\n".join(lines)


def _reason(pin: Pin, words: Sentences) -> str:
    if pin.trouble is None or pin.trouble.error is None:
        return (
            words.say("Nobody has commented for a week; reading it again wakes it.")
            if pin.state is PinState.ASLEEP
            else ""
        )
    error = revive(pin.trouble.error, pin.trouble.facts)
    if isinstance(error, OverBudget):
        # the error's own words offer extracts instead, which a pinned digest never becomes
        budget = words.say(REASONS[str(error.facts["budget"])])
        return words.say("Nothing is left of {budget}.", budget=budget)
    return words.error(error)


def _waits_for_budget(pin: Pin) -> bool:
    return pin.trouble is not None and pin.trouble.error == OverBudget.__name__


def _cost(spent: Sum | None, words: Sentences) -> list[str]:
    if spent is None:
        return []
    if spent.amount is None:
        return [words.say("{n} tokens", n=words.number(spent.tokens))]
    return [dollars(Decimal(spent.amount) / MILLION)]


def _chooser(pins: Sequence[Pin], words: Sentences) -> Row:
    options = [
        discord.SelectOption(
            label=label(pin.title or words.say("Untitled"), MOST_OPTION),
            value=pin.id,
            description=label(state_of(pin, words), MOST_OPTION),
        )
        for pin in pins[:MOST_OPTIONS]
    ]
    placeholder = words.say("What is to be done about…")
    return Row(ui.Select(custom_id="chorus:pins:open", placeholder=placeholder, options=options))


def _positions(pin: Pin, digested: Digested, words: Sentences) -> Row:
    options = []
    for position in digested.digest.positions[:MOST_OPTIONS]:
        said = (
            words.say("Show: {label}", label=position.label)
            if position.key in pin.hidden
            else words.say("Hide: {label}", label=position.label)
        )
        options.append(discord.SelectOption(label=label(said, MOST_OPTION), value=position.key))
    placeholder = words.say("Hide a position, or show it again…")
    chooser: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"chorus:pins:hide:{pin.id}", placeholder=placeholder, options=options
    )
    return Row(chooser)


def _button(
    said: str, pin: Pin, act: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> ui.Button[ui.LayoutView]:
    return ui.Button(
        label=label(said, MOST_LABEL), custom_id=f"chorus:pins:{act}:{pin.id}", style=style
    )
