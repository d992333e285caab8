"""The loopback itself, asked through the real library: it refuses what Discord refuses, and tells what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.chat.server import PRIVATE_THREAD
from tests.discord.bot import listening, signed_in
from tests.discord.checks import POST, faults
from tests.discord.commands import File, NotOffered
from tests.discord.interactions import CHOICES, COMMAND, OPEN_FORM, SAY
from tests.discord.posts import Post
from tests.discord.refused import Refused
from tests.discord.server import Loopback
from tests.discord.state import BOT

Do = Callable[[], Awaitable[Any]]


class Plain(discord.Client):
    """A bot of the library alone: a command of each kind, and a form."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, messages=True), max_messages=None)
        self._connection.guild_ready_timeout = 0.05
        self.tree = app_commands.CommandTree(self)
        self.got: list[Any] = []

        @self.tree.command()
        async def note(
            interaction: discord.Interaction,
            words: app_commands.Range[str, 2, 5],
            who: discord.Member | None = None,
            where: discord.TextChannel | None = None,
            file: discord.Attachment | None = None,
        ) -> None:
            self.got += [words, who, where, await file.read() if file else None]
            await interaction.response.send_message("noted", ephemeral=True)

        @self.tree.command()
        @app_commands.default_permissions(manage_guild=True)
        async def form(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(Form())

        @note.autocomplete("words")
        async def offer(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}…", value=typed * 2)]

        @self.tree.context_menu(name="Count")
        async def count(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(str(len(message.content)))

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Form(ui.Modal, title="A form"):
    place = ui.Label[Any](text="Where", component=ui.TextInput(custom_id="place", max_length=9))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.place.component, ui.TextInput)
        await interaction.response.send_message(f"to {self.place.component.value}")


@pytest.fixture
async def loopback() -> AsyncIterator[Loopback]:
    async with Loopback() as one:
        yield one


@pytest.fixture
async def client(loopback: Loopback) -> AsyncIterator[Plain]:
    plain = Plain()
    async with signed_in(plain, loopback), listening(plain, loopback):
        await plain.wait_until_ready()
        yield plain


async def refused(doing: Awaitable[Any]) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as caught:
        await doing
    return caught.value.status, caught.value.code


def news(client: Plain, loopback: Loopback) -> discord.TextChannel:
    found = client.get_channel(loopback.news)
    assert isinstance(found, discord.TextChannel)
    return found


async def test_messages_that_are_not_there(client: Plain, loopback: Loopback) -> None:
    """
    A deleted message cannot be edited, an unknown channel not written to, another's message not edited.
    """
    message = await news(client, loopback).send("one")
    await message.delete()
    theirs = loopback.someone().say("mine")

    assert (404, 10008) == await refused(message.edit(content="two"))
    assert (404, 10003) == await refused(client.get_partial_messageable(1).send("x"))
    partial = news(client, loopback).get_partial_message(theirs.id)
    assert (403, 50005) == await refused(partial.edit(content="two"))


async def test_rights(client: Plain, loopback: Loopback) -> None:
    """
    What the bot may not do it cannot: see a channel, write, pin, delete what others said; its owner may all.
    """
    marlow, ann = loopback.marlow, loopback.someone()
    staff = marlow.role("staff", discord.Permissions(manage_messages=True))
    office, post = marlow.channel("office", only=staff), ann.say("hello")
    marlow.overwrite(loopback.news, BOT, discord.Permissions(send_messages=True), deny=True)
    channel = news(client, loopback)

    assert (403, 50001) == await refused(client.get_partial_messageable(office).send("x"))
    assert (403, 50013) == await refused(channel.send("x"))
    assert (403, 50013) == await refused(channel.get_partial_message(post.id).pin())
    assert (403, 50013) == await refused(channel.get_partial_message(post.id).delete())
    assert marlow.rights(loopback.owner, office).administrator
    secret = marlow.thread("secret", loopback.news, loopback.owner, PRIVATE_THREAD)
    assert (403, 50001) == await refused(client.fetch_channel(secret))


async def test_what_others_wrote(client: Plain, loopback: Loopback) -> None:
    """
    Without the privileged intent the words of others come empty, but for mentions; history pages; its right is needed.
    """
    ann, channel = loopback.someone(), news(client, loopback)
    for n in range(3):
        ann.say(f"word {n}")
    ann.say(f"<@{BOT}> look")
    read = [message.content async for message in channel.history(limit=None)]
    oldest = [m.id async for m in channel.history(limit=2, oldest_first=True)]
    loopback.marlow.overwrite(
        loopback.news, BOT, discord.Permissions(read_message_history=True), deny=True
    )

    assert [f"<@{BOT}> look", "", "", ""] == read
    assert [post.id for post in loopback.state.posts.there()[:2]] == oldest
    assert [] == [message async for message in channel.history()]


async def test_pins(client: Plain, loopback: Loopback) -> None:
    """
    250 pins a channel; pinning is told, and pins are listed newest first.
    """
    state = loopback.state
    everyone = loopback.marlow.id
    loopback.marlow.overwrite(
        loopback.news, everyone, discord.Permissions(pin_messages=True), deny=False
    )
    channel = news(client, loopback)
    for _ in range(249):
        state.posts.pin(state.posts.add(loopback.news, state.bot, {"content": "x"}))
    told = asyncio.ensure_future(client.wait_for("guild_channel_pins_update"))
    last = await channel.send("last")
    await last.pin()
    where, _ = await told
    newest = [message async for message in channel.pins(limit=1)]

    assert (channel, [last]) == (where, newest)
    assert (400, 30003) == await refused((await channel.send("too many")).pin())
    await last.unpin()
    assert 249 == len(state.posts.pins(loopback.news))


async def test_old_messages(client: Plain, loopback: Loopback) -> None:
    """
    A message older than an hour is edited only so often, where a test says so.
    """
    message = await news(client, loopback).send("one")
    loopback.state.posts.one(message.id).old_edits = 1
    await message.edit(content="two")
    loopback.state.clock.move(minutes=61)
    await message.edit(content="three")

    assert (429, 30046) == await refused(message.edit(content="four"))


async def test_a_nonce_stands_for_one_message(client: Plain, loopback: Loopback) -> None:
    """
    The same nonce within minutes is the same message, later another one.
    """
    channel = news(client, loopback)
    first = await channel.send("x", nonce="n1")
    again = await channel.send("x", nonce="n1")
    loopback.state.clock.move(minutes=6)
    later = await channel.send("x", nonce="n1")

    assert first.id == again.id != later.id


async def test_a_person_who_takes_no_messages(client: Plain, loopback: Loopback) -> None:
    """
    Direct messages to someone who has closed them are refused, to others they arrive.
    """
    ann, bob = loopback.someone("ann"), loopback.someone("bob")
    loopback.state.shut.add(bob.id)
    sent = await (await client.fetch_user(ann.id)).send("hello")

    assert ann.in_private().channel == sent.channel.id
    assert (403, 50007) == await refused((await client.fetch_user(bob.id)).send("hello"))


async def test_what_is_told(client: Plain, loopback: Loopback) -> None:
    """
    Deleted messages and channels, threads, servers that go and come: the library understands each event.
    """
    state, marlow = loopback.state, loopback.marlow
    post, channel = loopback.someone().say("hello"), marlow.channel("later")
    other = state.guild("Other", loopback.owner)
    thread = marlow.thread("below", loopback.news, loopback.owner)
    happenings: list[tuple[str, Callable[[], object]]] = [
        ("raw_message_delete", lambda: state.delete(post)),
        ("thread_create", lambda: state.thread(marlow, loopback.news, "new", BOT, None)),
        ("raw_thread_update", lambda: state.archive(marlow, thread)),
        ("raw_thread_delete", lambda: state.remove(thread)),
        ("guild_unavailable", lambda: state.outage(marlow)),
        ("guild_available", lambda: state.outage(marlow, over=True)),
        ("guild_channel_delete", lambda: state.remove(channel)),
        ("guild_join", lambda: state.join(other)),
        ("guild_remove", lambda: state.leave(other)),
    ]
    for event, happen in happenings:
        told = asyncio.ensure_future(client.wait_for(event, timeout=5))
        await asyncio.sleep(0)  # until it listens
        happen()

        assert await told is not None


async def test_threads(client: Plain, loopback: Loopback) -> None:
    """
    A thread below a message has its id; who is in it can be asked.
    """
    marlow, ann = loopback.marlow, loopback.someone()
    may = discord.Permissions(create_public_threads=True)
    marlow.overwrite(loopback.news, marlow.id, may, deny=False)
    message = await news(client, loopback).send("about this")
    thread = await message.create_thread(name="About this")
    marlow.joined[thread.id].add(ann.id)
    await thread.send("first")

    assert message.id == thread.id
    assert ann.id == (await thread.fetch_member(ann.id)).id
    assert 1 == marlow.threads[thread.id]["message_count"]
    assert (400, 160004) == await refused(message.create_thread(name="Again"))


async def test_commands_as_people_see_them(client: Plain, loopback: Loopback) -> None:
    """
    Options arrive as what they are; what the app would not let a person do is not offered to them here either.
    """
    ann = loopback.someone()
    done = await ann.slash(
        "note", words="four", who=ann.id, where=loopback.news, file=File("a.txt", b"abc")
    )
    offered = await ann.autocomplete("note", "words", "ab")
    words, who, where, data = client.got

    assert (SAY, "noted", True) == (done.how, done.shown.text, done.shown.private)
    assert ("four", ann.id, loopback.news, b"abc") == (words, who.id, where.id, data)
    assert (CHOICES, {"ab…": "abab"}) == (offered.how, offered.choices)
    for wrong in ({"words": "x"}, {"words": 4}, {}, {"words": "four", "nope": 1}):
        with pytest.raises(NotOffered):
            await ann.slash("note", **wrong)
    with pytest.raises(NotOffered):
        await ann.slash("form")
    menu = await ann.context_menu("Count", ann.say("seven12"))
    assert "7" == menu.shown.text


async def test_a_form(client: Plain, loopback: Loopback) -> None:
    """
    A form is opened, filled in and sent off.
    """
    boss = loopback.someone(
        "boss", loopback.marlow.role("r", discord.Permissions(manage_guild=True))
    )
    opened = await boss.slash("form")
    sent = await boss.submit(opened, place="Marlow")

    assert OPEN_FORM == opened.how
    assert "to Marlow" == sent.shown.text
    with pytest.raises(NotOffered):
        await boss.submit(opened, place="far too long")


async def test_an_acknowledgement_that_comes_late(client: Plain, loopback: Loopback) -> None:
    """
    After three seconds it is refused, and so is a token after fifteen minutes.
    """
    ann = loopback.someone()
    early = await ann.slash("note", words="abc")
    loopback.state.clock.move(minutes=16)
    hook = client.http._HTTPClient__session  # type: ignore[attr-defined]
    webhook = discord.Webhook.partial(BOT, early.token, session=hook)
    assert (401, 50027) == await refused(webhook.send("too late"))

    asked = loopback.interactions.ask(2, ann.id, ann.channel, {"id": "1"}, locale="fr")
    loopback.state.clock.move(seconds=4)
    with pytest.raises(Exception, match="Unknown interaction"):
        loopback.interactions.acknowledge(asked.id, asked.token, {"type": SAY, "data": {}})


BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "a"}


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ({"components": [{"type": 10, "content": "x" * 4001}]}, "4001 characters"),
        ({"components": [{"type": 10, "content": "x"}] * 41}, "41 components"),
        ({"components": [{"type": 10, "content": ""}]}, "without words"),
        ({"components": [{"type": 1, "components": [BUTTON, BUTTON]}]}, "stands twice"),
        ({"components": [{"type": 1, "components": [{**BUTTON, "label": "x" * 81}]}]}, "label"),
        ({"components": [{"type": 1, "components": [{**BUTTON, "custom_id": "x" * 101}]}]}, "101"),
        ({"components": [{"type": 10, "content": "x"}], "content": "y"}, "beside layout"),
        ({"components": [{"type": 10, "content": "x"}], "flags": 0}, "without their flag"),
    ],
)
def test_a_malformed_message(message: dict[str, Any], fault: str) -> None:
    """
    Each limit of Discord's is one of the loopback's.
    """
    found = faults(POST, {"flags": 1 << 15, **message})

    assert any(fault in one for one in found)


async def test_a_malformed_request_is_refused_and_noted(client: Plain, loopback: Loopback) -> None:
    """
    The library lets a text of 4,001 characters pass; Discord does not.
    """
    view = ui.LayoutView().add_item(ui.TextDisplay("x" * 4001))
    assert (400, 50035) == await refused(news(client, loopback).send(view=view))

    assert loopback.rest.faults
    assert [] == loopback.state.posts.there()


async def test_a_private_answer_is_seen_by_one(client: Plain, loopback: Loopback) -> None:
    """
    It is not in the channel's history, and others cannot use it.
    """
    ann, bob = loopback.someone("ann"), loopback.someone("bob")
    shown: Post = (await ann.slash("note", words="abc")).shown

    assert [] == [message async for message in news(client, loopback).history()]
    assert (True, False) == (ann.sees(shown), bob.sees(shown))


async def test_where_only_a_person_has_installed_the_bot(loopback: Loopback) -> None:
    """
    The interaction says whose it is, the bot sees nothing of the place, and may follow up five times.
    """
    state = loopback.state
    ann = state.user("ann")
    place = state.group(ann, state.user("bob"))
    asked = loopback.interactions.ask(COMMAND, ann, place, {}, locale="en-US")
    loopback.interactions.acknowledge(asked.id, asked.token, {"type": SAY, "data": {}})
    for _ in range(5):
        loopback.interactions.follow(asked.token, {"content": "more"})
    with pytest.raises(Refused) as refused:
        loopback.interactions.follow(asked.token, {"content": "too much"})
    with pytest.raises(Refused) as hidden:
        state.post(place, {"content": "here"})

    owners = {"1": str(ann)}
    assert (owners, 2) == (
        asked.payload["authorizing_integration_owners"],
        asked.payload["context"],
    )
    assert (40094, 50001) == (refused.value.body["code"], hidden.value.body["code"])
