"""Answers over sockets: every way to ask, each acknowledged in time and ending in exactly one message."""

from __future__ import annotations

from tests.core.scripted import ScriptedModel
from tests.discord.bot import running
from tests.discord.checks import POST
from tests.discord.commands import File
from tests.discord.conftest import LABEL, Town
from tests.discord.interactions import CHANGE, SAY, THINK, THINK_QUIETLY
from tests.discord.state import BOT
from tests.llm.provider import Answer
from tests.test_end_to_end import _said


async def test_first_use(town: Town) -> None:
    """
    An unknown link: acknowledged at once, page and model are asked once, the card takes the place of "thinking".
    """
    town.think_at_once()
    async with running(town.settings, town.discord):
        asked = await town.ann.slash("summarize", link=town.lane)
        card = await town.discord.shows(LABEL)

    assert THINK == asked.how
    assert asked.shown is card
    assert not card.private
    assert "Read 5 of 5 comments" in card.text
    assert (["/lane"], 1) == (town.pages.paths, len(town.provider.history))


async def test_a_kept_digest_is_the_first_response(town: Town) -> None:
    """
    The second asker gets the card, or is led to the one that stands there, as the acknowledgement itself.
    """
    town.think_at_once()
    bob = town.discord.someone("bob")
    async with running(town.settings, town.discord) as bot:
        await town.ann.slash("summarize", link=town.lane)
        card = await town.discord.shows(LABEL)
        await bot.desk.settle()  # it is noted where it stands
        alone = await bob.slash("summarize", link=town.lane, private=True)
        again = await bob.slash("summarize", link=town.lane)

    assert [SAY, SAY] == [alone.how, again.how]
    assert LABEL in alone.shown.text
    assert f"/{town.discord.marlow.id}/{card.channel}/{card.id}" in again.shown.text
    assert bob.id == again.shown.to
    assert 1 == len(town.provider.history)


async def test_every_button_of_a_card(town: Town) -> None:
    """
    Positions and languages open privately for the one who presses; a refresh reads again and edits the card in place.
    """
    discord, bob = town.discord, town.discord.someone("bob", locale="fr")
    town.provider.script = ScriptedModel(("Nobody asked",)).over_http
    async with running(town.settings, discord) as bot:
        asked = await town.ann.slash("summarize", link=town.lane)
        await discord.shows("They say Nobody asked")
        every = await bob.select(asked.shown, "chorus:open", "all")
        more = await bob.click(asked.shown, "chorus:more")
        chosen = await bob.select(more.shown, "chorus:in", "fr")
        await discord.shows("(They say Nobody asked.)")
        before = len(asked.shown.before)
        fresh = await bob.click(asked.shown, "chorus:fresh")
        await discord.until(lambda: len(asked.shown.before) > before)
        await bot.desk.settle()

    assert (SAY, bob.id) == (every.how, every.shown.to)
    assert "Nobody asked the bakery either." in every.shown.text
    assert (CHANGE, more.shown, bob.id) == (chosen.how, chosen.shown, chosen.shown.to)
    assert (THINK_QUIETLY, asked.shown) == (fresh.how, fresh.shown)
    assert ["/lane"] * 2 == town.pages.paths
    assert "They say Nobody asked" in asked.shown.text
    assert asked.shown.to is None


async def test_a_refresh_by_someone_of_another_language(town: Town) -> None:
    """
    The card is everybody's: it keeps the language it is in, whoever refreshes it.
    """
    discord = town.discord
    town.think_at_once()
    async with running(town.settings, discord) as bot:
        await town.ann.slash("summarize", link=town.lane)
        card = await discord.shows(LABEL)
        before = len(card.before)
        await discord.someone("bob", locale="fr").click(card, "chorus:fresh")
        await discord.until(lambda: len(card.before) > before)
        await bot.desk.settle()

    assert "Read 5 of 5 comments" in card.text
    assert "commentaires" not in card.text


async def test_a_language_half_typed(town: Town) -> None:
    """
    Languages are offered by name in the language of the one who types.
    """
    bob = town.discord.someone("bob", locale="fr")
    async with running(town.settings, town.discord):
        offered = await bob.autocomplete("summarize", "language", "alle", link=town.lane)

    assert {"allemand": "de"} == offered.choices


async def test_the_menu_of_a_message(town: Town) -> None:
    """
    The link in somebody's message, though the bot may not read it otherwise.
    """
    town.think_at_once()
    post = town.discord.someone("bob").say(f"have you seen {town.lane} ?")
    async with running(town.settings, town.discord):
        asked = await town.ann.context_menu("Summarize link", post)
        card = await town.discord.shows(LABEL)

    assert asked.shown is card


async def test_a_mention(town: Town) -> None:
    """
    A link in a mention is answered by a reply that pings nobody, after the bot was seen to type.
    """
    town.think_at_once()
    discord = town.discord
    async with running(town.settings, discord):
        post = town.ann.say(f"<@{BOT}> {town.lane}")
        card = await discord.shows(LABEL)

    assert [discord.news] == discord.routes.typing
    assert str(post.id) == card.payload["message_reference"]["message_id"]
    (sent,) = discord.rest.of(POST)
    assert ([], False) == (
        sent.body["allowed_mentions"]["parse"],
        sent.body["allowed_mentions"]["replied_user"],
    )


async def test_direct_messages(town: Town) -> None:
    """
    A command, and a link without a mention, in private; the link there is of the public web only.
    """
    town.think_at_once()
    ann = town.ann.in_private()
    async with running(town.settings, town.discord):
        await ann.slash("help")
        ann.say(town.lane)
        refused = await town.discord.shows("private network")

    assert ann.channel == refused.channel


async def test_a_file(town: Town) -> None:
    """
    A copied page is fetched from Discord's file server and answered; a link beside it is where it came from.
    """
    text = "A lane\n\n" + "The lane opens in May, says the council. " * 20
    comments = "\n\n2 comments\n\nann\n2 May 2025\nI like it.\n\nbob\n3 May 2025\nI do not."
    async with running(town.settings, town.discord):
        town.think_at_once()
        town.provider.enqueue(Answer.json({"tldr": "A lane opens.", "points": []}))
        asked = await town.ann.slash("summarize", file=File("page.txt", (text + comments).encode()))
        card = await town.discord.shows("A lane opens.")

    assert asked.shown is card


async def test_a_thread_of_discord(town: Town) -> None:
    """
    `/summarize` in a thread reads what was said there, with the privileged intent on both sides.
    """
    town.think_at_once()
    discord, marlow, ann = town.discord, town.discord.marlow, town.ann
    discord.state.message_content = True
    town.environ["discord_message_content"] = "true"
    opener = ann.say("Shall we have a lane?")
    thread = discord.state.thread(marlow, discord.news, "A lane", ann.id, opener)
    for n, words in enumerate(_said(5)):
        discord.someone(f"reader{n}").at(thread).say(words)
    async with running(town.settings, discord) as bot:
        await bot.client.wait_until_ready()
        asked = await ann.at(thread).slash("summarize")
        card = await discord.shows(LABEL)

    assert asked.shown is card
    assert thread == card.channel
    assert "5 of 5" in card.text
