"""Threads, forum posts and replies become an article and its comments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.client import ChorusClient
from bot.chat.place import Place
from bot.chat.posts import text_of
from bot.chat.threads import ThreadReader
from bot.core.gaps import Gap, GapCode
from bot.core.models import PUBLIC, Audience, Reading
from bot.core.ports import Progress, Stage
from bot.errors import (
    CannotRead,
    ChorusError,
    NeedsMessageContent,
    NotAThread,
    NotForYou,
    NothingSaid,
    SiteFailed,
    Unreachable,
)
from tests.chat.fake_discord import connect
from tests.chat.server import (
    FORUM,
    ID,
    LANE,
    MEMBER,
    NEWS,
    OFFICE,
    POST,
    PUBLIC_THREAD,
    SECRET,
    Server,
    reply,
    said,
    snowflake,
    user,
)
from tests.conftest import SteadyClock
from tests.fakes import nobody

ANN, BOB = user(101, "ann", "Ann"), user(102, "bob")
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class House:
    """A client in one server, and the reader over it."""

    def __init__(self, server: Server, *, intent: bool = True, **limits: int) -> None:
        self.server = server
        self.client = ChorusClient(message_content=intent)
        self.discord = connect(self.client)
        self.discord.server = server
        server.join(self.client)
        self.reader = ThreadReader(self.client, SteadyClock(), **limits)
        self.told: list[Progress] = []

    async def read(self, channel: int, message: int | None = None) -> Reading:
        place = Place(ID, channel, message)
        audience = Audience(guild=ID, channel=channel)
        return await self.reader.read(place.link, audience, self.told.append)


@pytest.fixture
def server() -> Server:
    return Server()


def texts(reading: Reading) -> list[str]:
    return [comment.text for place in reading.discussions for comment in place.comments]


async def test_a_thread_is_its_message_and_what_is_said_below(server: Server) -> None:
    """
    The message it hangs on is the article under the thread's name; each message is a comment with all its facts.
    """
    first, second = snowflake(NOON), snowflake(NOON, 1)
    server.tell(NEWS, said(LANE, "A bike lane opens in May.", BOB))
    server.tell(
        LANE,
        said(1, "", type=21, message_reference={"message_id": str(LANE)}),
        said(
            first,
            "Good for the children.",
            ANN,
            reactions=[
                {"emoji": {"id": None, "name": "👍"}, "count": 3, "me": False},
                {"emoji": {"id": None, "name": "🚲"}, "count": 2, "me": False},
            ],
        ),
        said(second, "And the shops?", BOB, to=first),
    )
    found = await House(server).read(LANE)

    assert found.article is not None
    assert ("Bike lane", "A bike lane opens in May.") == (found.article.title, found.article.text)
    assert (("bob",), "Marlow") == (found.article.authors, found.article.site)
    assert f"https://discord.com/channels/{ID}/{LANE}" == found.target == found.url
    assert Audience(guild=ID, channel=LANE) == found.audience
    (place,) = found.discussions
    assert ("discord", "Bike lane", None, ()) == (
        place.platform,
        place.title,
        place.declared,
        place.gaps,
    )
    one, two = place.comments
    assert (f"discord:{first}", None, "Ann", 5) == (one.id, one.parent, one.author, one.score)
    assert (one.id, "bob", None) == (two.parent, two.author, two.score)
    assert NOON == one.posted_at
    assert f"https://discord.com/channels/{ID}/{LANE}/{first}" == one.url
    assert ["Good for the children.", "And the shops?"] == texts(found)


async def test_a_forum_post_opens_with_its_article(server: Server) -> None:
    """
    The opening message stands in the post itself; it is the article, not a comment, and an answer to it is a root.
    """
    server.tell(POST, said(POST, "Let us plant trees.", ANN), said(41, "Where?", BOB, to=POST))
    found = await House(server).read(POST)

    assert found.article is not None
    assert ("More trees", "Let us plant trees.") == (found.article.title, found.article.text)
    assert [("Where?", None)] == [(c.text, c.parent) for c in found.readable]


@pytest.mark.parametrize("opening", [None, "picture"])
async def test_a_thread_without_opening_words_has_no_article(
    server: Server, opening: str | None
) -> None:
    """
    A deleted opening, or a picture, is no article; the thread keeps its name.
    """
    if opening:
        server.tell(POST, said(POST, "", ANN))
    server.tell(POST, said(41, "Where?", BOB))
    found = await House(server).read(POST)

    assert None is found.article
    assert "More trees" == found.title
    assert ["Where?"] == texts(found)


@pytest.mark.parametrize(
    "message",
    [
        said(50, "I am a bot.", user(9, bot=True)),
        said(50, "From elsewhere.", user(9), webhook_id="9"),
        said(50, "", ANN),
        said(50, " \n ", ANN),
        *(said(50, "u4 did something", ANN, type=kind) for kind in (3, 4, 6, 7, 8, 12, 18, 24, 46)),
    ],
    ids=lambda m: f"{m['type']} {m['content'][:8]}",
)
async def test_what_no_person_said_is_no_comment(server: Server, message: dict[str, Any]) -> None:
    """
    Bots, webhooks, pictures without words, joins, pins, boosts and other words of Discord's own.
    """
    server.tell(LANE, said(40, "Yes.", ANN), message, said(51, "No.", BOB, to=50))
    found = await House(server).read(LANE)

    assert ["Yes.", "No."] == texts(found)
    assert [None, None] == [comment.parent for comment in found.readable]


BIG = 1_000_000_000_000_000


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (f"Ask <@{BIG + 1}> or <@!{BIG + 1}>", "Ask @Ann or @Ann"),
        (f"<@{BIG + 2}> has left", "@unknown has left"),
        (f"to <@&{BIG + 3}> and <@&{BIG + 4}>", "to @helpers and @unknown"),
        (f"see <#{BIG + 5}>, <#{BIG + 6}>, <#{BIG + 7}>", "see #open, #unknown, #unknown"),
        (f"<:lane:{BIG}> <a:go_go:{BIG}>", ":lane: :go_go:"),
        (f"type </summarize:{BIG}>", "type /summarize"),
        ("at <t:1768478400:R>", "at 2026-01-15 12:00 UTC"),
        ("@everyone look at <https://town.example>", "@everyone look at <https://town.example>"),
        ("1 < 2 <b>", "1 < 2 <b>"),
    ],
)
async def test_codes_become_what_people_see(server: Server, content: str, shown: str) -> None:
    """
    Names of people and roles, of channels open to all, names of emoji; a closed channel's name is not told.
    """
    for id, name, closed in ((5, "open", False), (6, "closed", True)):
        server._channel(BIG + id, name, 0, closed=closed)
    house = House(server)
    guild = house.client.get_guild(ID)
    assert guild is not None
    role = server._role(BIG + 3, "helpers", 0)
    guild._add_role(discord.Role(guild=guild, state=house.client._connection, data=role))  # type: ignore[arg-type]
    mentions = [user(BIG + 1, "ann", "Ann")]
    server.tell(LANE, said(40, content, BOB, mentions=mentions))

    assert [shown] == texts(await house.read(LANE))


async def test_forwarded_words_are_marked_as_such(server: Server) -> None:
    """
    What somebody forwards is not their own words; a forwarded message is no reply.
    """
    snapshot = {"message": said(1, f"The mayor resigns. <:o:{BIG}>")}
    reference = {"type": 1, "message_id": "40"}
    server.tell(
        LANE,
        said(40, "Yes.", ANN),
        said(41, "", BOB, message_reference=reference, message_snapshots=[snapshot]),
    )
    found = await House(server).read(LANE)

    assert ["Yes.", "[forwarded] The mayor resigns. :o:"] == texts(found)
    assert None is found.readable[1].parent


async def test_two_of_one_name_are_told_apart(server: Server) -> None:
    """
    People are counted by their names, so two Anns get their user names beside it; one Ann who speaks twice does not.
    """
    other = user(103, "ann_b", "Ann")
    server.tell(LANE, said(40, "Yes.", ANN), said(41, "No.", other), said(42, "Yes!", ANN))
    server.tell(POST, said(43, "Yes.", ANN), said(44, "Yes!", ANN))
    house = House(server)

    names = [[c.author for c in (await house.read(place)).readable] for place in (LANE, POST)]
    assert [["Ann (ann)", "Ann (ann_b)", "Ann (ann)"], ["Ann", "Ann"]] == names


async def test_the_newest_of_a_long_thread_are_read_and_the_rest_is_counted(
    server: Server,
) -> None:
    """
    At most so many messages, the newest; how many were left is a gap, and progress has numbers.
    """
    server.tell(POST, said(POST, "Let us plant trees.", ANN))
    server.tell(POST, *(said(100 + n, f"Tree {n}", BOB) for n in range(350)))
    house = House(server, most_messages=200)
    found = await house.read(POST)

    (place,) = found.discussions
    assert [f"Tree {n}" for n in range(150, 350)] == texts(found)
    assert (Gap(GapCode.REQUEST_LIMIT, "Discord", 150),) == place.gaps
    assert 350 == place.declared
    assert found.article is not None
    assert Progress(Stage.COMMENTS, 100, 350) in house.told


@pytest.mark.parametrize("forum", [False, True])
async def test_a_thread_of_exactly_the_limit_has_no_gap(server: Server, forum: bool) -> None:
    """
    The opening is nobody's comment: where nothing else is older, nothing was left.
    """
    channel = POST if forum else LANE
    opening = said(POST, "Trees.", ANN) if forum else said(31, "", ANN, type=21)
    server.tell(channel, opening, *(said(100 + n, f"Tree {n}", BOB) for n in range(200)))
    found = await House(server, most_messages=200).read(channel)

    assert 200 == len(found.readable)
    assert ((), None) == (found.discussions[0].gaps, found.discussions[0].declared)


async def test_an_old_threads_number_is_not_believed(server: Server) -> None:
    """
    Threads of before July 2022 stop counting at 50: there is at least one more.
    """
    server.tell(LANE, *(said(100 + n, f"Tree {n}", BOB) for n in range(250)))
    server.threads[LANE]["message_count"] = 50
    found = await House(server, most_messages=200).read(LANE)

    assert (Gap(GapCode.REQUEST_LIMIT, "Discord", 1),) == found.discussions[0].gaps


async def test_replies_around_a_message_are_its_discussion(server: Server) -> None:
    """
    What it answers in the end is the article; the answers to any of it, wherever they stand among the next, comments.
    """
    server.tell(
        NEWS,
        said(100, "Earlier.", ANN),
        said(101, "A lane opens in May.", BOB),
        said(102, "Something else.", ANN),
        said(103, "Good!", ANN, to=101),
        said(104, "Why good?", BOB, to=103),
        said(105, "Another question, to nobody."),
        said(106, "For the children.", ANN, to=104),
        said(107, "Bad!", user(9), to=101),
        said(108, "beep", user(8, bot=True), to=101),
    )
    found = await House(server).read(NEWS, 104)

    assert found.article is not None
    assert "A lane opens in May." == found.article.text
    assert "#news" == found.title
    assert ["Good!", "Why good?", "For the children.", "Bad!"] == texts(found)
    assert [None, "discord:103", "discord:104", None] == [c.parent for c in found.readable]
    assert Audience(guild=ID, channel=NEWS) == found.audience
    assert f"https://discord.com/channels/{ID}/{NEWS}/101" == found.url


async def test_answers_are_searched_from_both_ends_of_a_long_way(server: Server) -> None:
    """
    Where what a message answers is far above, the messages after it are searched too; what lies behind is said.
    """
    server.tell(
        NEWS,
        said(100, "A lane opens.", BOB),
        *(said(200 + n, "Noise.", ANN) for n in range(150)),
        said(400, "Good!", ANN, to=100),
        said(401, "Why?", BOB, to=400),
        *(said(500 + n, "Noise.", ANN) for n in range(150)),
        said(700, "Too late.", BOB, to=400),
    )
    found = await House(server, most_below=100).read(NEWS, 400)

    assert ["Good!", "Why?"] == texts(found)
    assert (Gap(GapCode.ANSWERS_WINDOW, count=100),) == found.discussions[0].gaps


async def test_a_deleted_message_ends_the_way_up(server: Server) -> None:
    """
    The first message of the chain that is still there is the article.
    """
    server.tell(NEWS, said(103, "Good!", ANN, to=101), said(104, "Why good?", BOB, to=103))
    found = await House(server).read(NEWS, 104)

    assert found.article is not None
    assert ("Good!", ["Why good?"]) == (found.article.text, texts(found))


async def test_replies_never_lead_in_circles_or_elsewhere(server: Server) -> None:
    """
    A reference to a later message, or into another channel, is not followed; long ways up end.
    """
    away = {"message_id": "7", "channel_id": str(OFFICE)}
    server.tell(OFFICE, said(7, "Salaries are up."))
    server.tell(
        NEWS,
        said(100, "I heard something.", ANN, type=19, message_reference=away),
        said(101, "Tell!", BOB, to=100),
        said(103, "Circle", BOB, to=104),
        said(104, "Circle", BOB, to=103),
        *(said(n, f"{n}", BOB, to=n - 1) for n in range(105, 200)),
    )
    house = House(server)

    assert ["Tell!"] == texts(await house.read(NEWS, 101))
    assert not any(f"/channels/{OFFICE}" in path for path in server.asked)
    assert ["Circle"] == texts(await house.read(NEWS, 103))[:1]
    assert 25 == len(texts(await house.read(NEWS, 199)))


async def test_nothing_said_is_said(server: Server) -> None:
    """
    An empty thread, and a message that nobody answered, are no discussions; an opening alone can be read.
    """
    server.tell(NEWS, said(100, "Hello?", ANN))
    server.tell(POST, said(POST, "Trees.", ANN))
    house = House(server)

    for place in ((LANE, None), (NEWS, 100)):
        with pytest.raises(NothingSaid):
            await house.read(*place)
    assert ["Trees."] == [(await house.read(POST)).article.text]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "audience",
    [PUBLIC, Audience(guild=ID), Audience(guild=9, channel=LANE), Audience(guild=ID, channel=POST)],
)
async def test_only_the_places_own_audience_is_read_for(server: Server, audience: Audience) -> None:
    """
    Whoever calls, nothing is read to be kept for others than those who may read it; nothing is asked of Discord.
    """
    server.tell(LANE, said(40, "Yes.", ANN))

    with pytest.raises(NotForYou):
        await House(server).reader.read(Place(ID, LANE).link, audience, nobody)
    assert [] == server.asked


async def test_a_channel_of_another_server_is_not_read(server: Server) -> None:
    """
    A link that names one server and a channel of another leads nowhere.
    """
    server.threads[LANE]["guild_id"] = "11"
    with pytest.raises(NotForYou):
        await House(server).read(LANE)


@pytest.mark.parametrize("channel", [NEWS, FORUM])
async def test_a_whole_channel_is_no_discussion(server: Server, channel: int) -> None:
    """
    Neither a channel nor a forum is read as a whole.
    """
    with pytest.raises(NotAThread):
        await House(server).read(channel)


async def test_without_the_intent_nothing_is_read(server: Server) -> None:
    """
    Messages would come empty: an order of before the operator switched it off ends in a sentence.
    """
    with pytest.raises(NeedsMessageContent):
        await House(server, intent=False).read(LANE)
    assert [] == server.asked


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"shut": {LANE}}, CannotRead(permission="View Channel")),
        ({"failing": 503}, SiteFailed(host="discord.com", status=503)),
    ],
)
async def test_discords_refusals_are_ours(
    server: Server, broken: dict[str, Any], error: ChorusError
) -> None:
    """
    What Discord refuses or fails is one of our errors.
    """
    for name, value in broken.items():
        setattr(server, name, value)
    with pytest.raises(type(error)) as raised:
        await House(server).read(LANE)
    assert error.facts == raised.value.facts


async def test_a_lost_connection_is_said(server: Server) -> None:
    """
    No way to Discord is `Unreachable`.
    """
    house = House(server)

    async def lost(*_: object, **__: object) -> None:
        raise ConnectionResetError

    house.client.http.request = lost  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        await house.read(LANE)


async def test_a_deleted_thread_is_not_there(server: Server) -> None:
    """
    A thread that is gone and one that may not be read get the same word.
    """
    house = House(server)
    del server.threads[SECRET]
    with pytest.raises(NotForYou):
        await house.read(SECRET)


async def test_the_servers_language_is_the_articles(server: Server) -> None:
    """
    A server that has chosen a language speaks it; American English is what those have that chose none.
    """
    server.tell(POST, said(POST, "Plantons des arbres.", ANN), said(41, "Où ?", BOB))
    assert None is (await House(server).read(POST)).article.language  # type: ignore[union-attr]
    server.locale = "fr"
    assert "fr" == (await House(server).read(POST)).article.language  # type: ignore[union-attr]


@given(st.text(st.characters(), max_size=80))
async def test_any_words_can_be_read(content: str) -> None:
    """
    Whatever a message holds, it is read.
    """
    server = Server()
    house = House(server)
    message = {**said(40, content), "channel_id": str(LANE)}
    channel = house.client.get_channel(LANE)
    made = discord.Message(state=house.client._connection, channel=channel, data=message)  # type: ignore[arg-type]

    assert isinstance(text_of(made), str)


def test_the_fixture_speaks_as_discord_does() -> None:
    """
    A reply carries its kind and what it answers; a thread is of a thread's kind.
    """
    assert 19 == reply(7)["type"] == said(8, "x", to=7)["type"]
    assert PUBLIC_THREAD == Server().threads[LANE]["type"]
    assert str(MEMBER) == said(8, "x")["author"]["id"]
