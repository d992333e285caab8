"""The panel of /settings: what is set now, in plain words, and everything that changes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.chat.sentences import Sentences
from bot.chat.settings_panel.panel import Panel
from bot.chat.settings_panel.views import overview, page
from bot.core.models import Length
from bot.core.servers import DEFAULTS, MOST_CHOSEN, MOST_SITES, Offer, ServerSettings
from tests.chat.fake_discord import FORM, NOW, Sent, snowflake, walk
from tests.chat.house import House, open_house
from tests.chat.limits import faults
from tests.chat.server import BOT, ID, MAY_TALK, NEWS, OFFICE, OWNER, STAFF, Server
from tests.discord import checks

MANAGES = MAY_TALK | discord.Permissions(manage_guild=True)
PAGES = ("languages", "askers", "answers", "offers", "sites", "budgets")
OLD = "opened too long ago"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, server=Server()) as opened:
        opened.discord.be(OWNER, NEWS, MANAGES)
        yield opened


async def opened(house: House, name: str = "") -> Sent:
    """The panel, on one of its pages."""
    await house.discord.slash("settings")
    if name:
        await choose(house, "chorus:panel", name)
    return house.discord.last


async def choose(house: House, id: str, *values: str) -> Sent:
    """Choose from a list of what was shown last."""
    await house.discord.press(house.discord.last, id, values=list(values))
    return house.discord.last


async def settings(house: House) -> ServerSettings:
    return await house.servers.get(ID)


def ids(sent: Sent) -> list[str]:
    return [str(c["custom_id"]) for c in walk(sent.data["components"]) if "custom_id" in c]


async def test_the_panel_says_what_is_set_to_one_person(house: House) -> None:
    """
    Without any setting every line says what holds all the same.
    """
    shown = await opened(house)

    assert shown.private
    for words in ("language of the one who asks", "Everybody may ask", "In every channel"):
        assert words in shown.text
    for words in ("Everybody in the channel sees", "Left alone", "No site", "of the operator hold"):
        assert words in shown.text
    assert ["chorus:panel"] == ids(shown)


async def test_it_is_for_those_who_manage_the_server_and_in_servers_alone(house: House) -> None:
    """
    Discord's own permissions decide, so that an owner can change them; nothing of it in direct messages.
    """
    command = house.client.tree.get_command("settings")
    assert command is not None
    payload = command.to_dict(house.client.tree)

    assert str(1 << 5) == str(payload["default_member_permissions"])
    assert [0] == payload["contexts"]
    assert [0] == payload["integration_types"]


CHANGES: list[tuple[str, str, list[str], ServerSettings]] = [
    ("languages", "chorus:set:languages:language", ["fr"], replace(DEFAULTS, language="fr")),
    ("languages", "chorus:set:languages:language", ["own"], DEFAULTS),
    ("askers", "chorus:set:askers:roles_allowed", ["11"], replace(DEFAULTS, roles_allowed=(11,))),
    (
        "askers",
        "chorus:set:askers:roles_blocked",
        ["11", "10"],
        replace(DEFAULTS, roles_blocked=(10, 11)),
    ),
    (
        "askers",
        "chorus:set:askers:channels_allowed",
        ["20"],
        replace(DEFAULTS, channels_allowed=(20,)),
    ),
    (
        "askers",
        "chorus:set:askers:channels_blocked",
        ["21"],
        replace(DEFAULTS, channels_blocked=(21,)),
    ),
    ("answers", "chorus:set:answers:private", ["yes"], replace(DEFAULTS, private=True)),
    ("answers", "chorus:set:answers:length", ["short"], replace(DEFAULTS, length=Length.SHORT)),
    ("answers", "chorus:set:answers:names", ["no"], replace(DEFAULTS, names=False)),
    (
        "offers",
        "chorus:set:offers:react",
        ["20", "21"],
        replace(DEFAULTS, offers={20: Offer.REACT, 21: Offer.REACT}),
    ),
    (
        "offers",
        "chorus:set:offers:automatic",
        ["20"],
        replace(DEFAULTS, offers={20: Offer.AUTOMATIC}),
    ),
]


@pytest.mark.parametrize(("name", "id", "values", "wanted"), CHANGES)
async def test_a_choice_changes_its_setting_and_nothing_else(
    house: House, name: str, id: str, values: list[str], wanted: ServerSettings
) -> None:
    """
    The page is edited in place and shows what is chosen; choosing it twice is choosing it once.
    """
    await opened(house, name)
    await choose(house, id, *values)
    shown = await choose(house, id, *values)

    assert wanted == await settings(house)
    assert 7 == shown.payload["type"]
    select = next(c for c in walk(shown.data["components"]) if c.get("custom_id") == id)
    marked = [o["value"] for o in select.get("options", []) if o.get("default")]
    assert sorted(values) == sorted(marked or [str(v["id"]) for v in select["default_values"]])


async def test_an_emptied_list_allows_all_again(house: House) -> None:
    """
    Nothing chosen is no limit.
    """
    await opened(house, "askers")
    await choose(house, "chorus:set:askers:roles_allowed", "11")
    await choose(house, "chorus:set:askers:roles_allowed")

    assert DEFAULTS == await settings(house)


async def test_a_channel_has_a_language_of_its_own(house: House) -> None:
    """
    The channel is chosen first, then its language: another one, the asker's own, or the server's again.
    """
    for chosen, wanted in (("de", {NEWS: "de"}), ("own", {NEWS: ""}), ("server", {})):
        await opened(house, "languages")
        shown = await choose(house, "chorus:panel:language", str(NEWS))
        assert f"<#{NEWS}>" in shown.text
        await choose(house, f"chorus:set:languages:language:{NEWS}", chosen)
        assert wanted == (await settings(house)).languages


async def test_back_leads_to_the_overview_as_it_is_now(house: House) -> None:
    """
    What was changed is said there in words.
    """
    await opened(house, "answers")
    await choose(house, "chorus:set:answers:private", "yes")
    await house.discord.press(house.discord.last, "chorus:panel:home")

    assert "Only the asker sees an answer" in house.discord.last.text


async def test_sites_are_written_into_a_form(house: House) -> None:
    """
    The form holds what is blocked now, a line each; what comes back takes its place.
    """
    await opened(house, "sites")
    await house.discord.press(house.discord.last, "chorus:panel:sites")
    assert 9 == house.discord.last.payload["type"]
    await house.discord.submit("chorus:panel-form:sites", sites="b.example\nhttps://a.example/x")

    assert 7 == house.discord.last.payload["type"]
    assert "a.example, b.example" in house.discord.last.text
    assert ("a.example", "b.example") == (await settings(house)).sites_blocked
    await opened(house, "sites")
    await house.discord.press(house.discord.last, "chorus:panel:sites")
    (label,) = house.discord.last.data["components"]
    assert "a.example\nb.example" == label["component"]["value"]


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        ("sites", {"sites": "a.example\nnonsense"}, "“nonsense” is not the name of a site"),
        ("sites", {"sites": "\n".join(f"s{n}.example" for n in range(101))}, "more than 100"),
        ("server:0", {"day": "much", "month": ""}, "“much” is not an amount"),
    ],
)
async def test_what_cannot_be_is_said_and_changes_nothing(
    house: House, form: str, fields: dict[str, str], words: str
) -> None:
    """
    One sentence to the one who wrote it; the settings stay.
    """
    await opened(house)
    await house.discord.submit(f"chorus:panel-form:{form}", **fields)

    assert words in house.discord.last.text
    assert house.discord.last.private
    assert DEFAULTS == await settings(house)


async def test_budgets_are_written_into_forms(house: House) -> None:
    """
    Of the server a day and a month, of each member a day, of a role a day; nothing written is no budget.
    """
    await opened(house, "budgets")
    budgets = house.discord.last
    await house.discord.press(budgets, "chorus:panel:budget:role", values=[str(STAFF)])
    assert f"chorus:panel-form:role:{STAFF}" == house.discord.last.data["custom_id"]
    await house.discord.submit(f"chorus:panel-form:role:{STAFF}", day="2")
    await house.discord.submit("chorus:panel-form:server:0", day="5", month="50,5")
    await house.discord.submit("chorus:panel-form:person:0", day="0.25")

    wanted = ServerSettings(
        server_day=5_000_000,
        server_month=50_500_000,
        person_day=250_000,
        role_days={STAFF: 2_000_000},
    )
    assert wanted == await settings(house)
    for words in ("$5.00 a day", "$50.50 a month", "$0.25 a day", f"<@&{STAFF}>, together: $2.00"):
        assert words in house.discord.last.text
    for form in (f"role:{STAFF}", "server:0", "person:0"):
        await house.discord.submit(f"chorus:panel-form:{form}", day="", month="")
    assert DEFAULTS == await settings(house)


async def test_a_budget_that_cannot_hold_is_said(house: House) -> None:
    """
    Where the price of the model is not known, nobody is led to believe in a limit.
    """
    house.client.services = replace(house.client.services, priced=False)
    shown = await opened(house, "budgets")

    assert "no budget can hold" in shown.text


async def test_a_panel_of_an_earlier_run_works(house: House) -> None:
    """
    Lists, buttons and forms are all there is; nothing of them is in memory.
    """
    await opened(house, "answers")
    shown = house.discord.last
    await house.desk.close(0)
    house.start()
    house.discord.be(OWNER, NEWS, MANAGES)
    house.discord.ephemeral = True
    await house.discord.press(shown, "chorus:set:answers:names", values=["no"])
    await house.discord.submit("chorus:panel-form:person:0", day="1")

    assert replace(DEFAULTS, names=False, person_day=1_000_000) == await settings(house)


async def test_two_owners_at_once_lose_nothing(house: House) -> None:
    """
    Each changes what they chose, whatever the other's panel still shows.
    """
    await opened(house, "answers")
    first = house.discord.last
    await house.discord.press(first, "chorus:set:answers:private", values=["yes"])
    other = house.discord.press(first, "chorus:set:answers:names", values=["no"])
    await asyncio.gather(
        house.discord.press(first, "chorus:set:answers:length", values=["short"]), other
    )

    assert replace(DEFAULTS, private=True, names=False, length=Length.SHORT) == await settings(
        house
    )


async def test_whoever_no_longer_manages_the_server_changes_nothing(house: House) -> None:
    """
    A panel that stood open too long is closed for those whom only the command's own permissions let in.
    """
    await opened(house, "answers")
    shown = house.discord.last
    for at, words in ((NOW, "Only the asker"), (NOW - timedelta(minutes=16), OLD)):
        await house.servers.forget(ID)
        house.discord.be(OWNER, NEWS, MAY_TALK)
        house.discord.behind = snowflake(at)
        house.discord.ephemeral = True
        await house.discord.press(shown, "chorus:set:answers:private", values=["yes"])
        assert (OLD not in words) is (await settings(house)).private
    assert OLD in house.discord.last.text
    await house.discord.submit("chorus:panel-form:person:0", day="1")
    assert OLD in house.discord.last.text
    assert (await settings(house)).person_day is None


async def test_a_copied_panel_is_none(house: House) -> None:
    """
    A public message with the panel's ids opens nothing, and neither does one outside servers.
    """
    shown = await opened(house, "answers")
    public = replace(shown, payload={"data": {**shown.data, "flags": 0}, "type": 4})
    house.discord.ephemeral = False
    await house.discord.press(public, "chorus:set:answers:private", values=["yes"])
    assert OLD in house.discord.last.text
    house.discord.be(OWNER, None)
    await house.discord.press(shown, "chorus:set:answers:private", private=True, values=["yes"])
    assert OLD in house.discord.last.text
    assert DEFAULTS == await settings(house)


@pytest.mark.parametrize(
    ("id", "values"),
    [
        ("chorus:set:answers:length", ["endless"]),
        ("chorus:set:languages:language", ["not a language"]),
        ("chorus:set:nothing:nothing", ["1"]),
        ("chorus:set:askers:roles_allowed", ["x", "-1", "٣"]),
        ("chorus:panel", ["nowhere"]),
        ("chorus:panel:language", ["x"]),
        ("chorus:panel:budget:role", []),
    ],
)
async def test_what_no_list_offers_changes_nothing(
    house: House, id: str, values: list[str]
) -> None:
    """
    Whatever a changed client sends, the settings stay and somebody is answered.
    """
    shown = await opened(house)
    components = [{"type": 1, "components": [{"type": 3, "custom_id": id}]}]
    forged = replace(shown, payload={"data": {**shown.data, "components": components}, "type": 4})
    await house.discord.press(forged, id, values=values)

    assert DEFAULTS == await settings(house)
    assert house.discord.last.payload["type"] in {4, 7, 9}


async def test_what_offers_lack_is_named_in_the_panel(house: House) -> None:
    """
    The right and the channel; without the intent that links are not seen at all.
    """
    assert house.server is not None
    house.server.channels[OFFICE]["permission_overwrites"] = [
        {"id": str(ID), "type": 0, "allow": "0", "deny": str(1 << 16)},
        {"id": str(BOT), "type": 1, "allow": str(1 << 6), "deny": "0"},
    ]
    house.server.join(house.client)
    await opened(house, "offers")
    shown = await choose(house, "chorus:set:offers:react", str(NEWS), str(OFFICE))

    assert f"In <#{NEWS}> I lack the permission “Add Reactions”." in shown.text
    assert f"In <#{OFFICE}> I lack the permission “Read Message History”." in shown.text
    house.client._connection._intents.message_content = False
    shown = await opened(house)
    assert "not switched on the message content intent" in shown.text


async def test_a_server_that_is_left_leaves_no_settings(house: House) -> None:
    """
    An outage is no leaving.
    """
    await house.servers.change(ID, lambda now: replace(now, private=True))
    gone: Any = {"id": str(ID), "unavailable": True}
    house.client._connection.parse_guild_delete(gone)
    await house.discord._settle()
    assert (await settings(house)).private

    gone["unavailable"] = False
    house.client._connection.parse_guild_delete(gone)
    await house.discord._settle()
    assert DEFAULTS == await settings(house)


FULL = ServerSettings(
    language="fr",
    languages={10**18 + n: "de" for n in range(50)},
    roles_allowed=tuple(10**18 + n for n in range(MOST_CHOSEN)),
    roles_blocked=tuple(10**18 + n for n in range(MOST_CHOSEN)),
    channels_allowed=tuple(10**18 + n for n in range(MOST_CHOSEN)),
    channels_blocked=tuple(10**18 + n for n in range(MOST_CHOSEN)),
    offers={10**18 + n: [Offer.REACT, Offer.AUTOMATIC][n % 2] for n in range(2 * MOST_CHOSEN)},
    sites_blocked=tuple(f"{'*' * 60}.{n}.example" for n in range(MOST_SITES)),
    role_days={10**18 + n: 1 for n in range(MOST_CHOSEN)},
)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("now", [DEFAULTS, FULL], ids=["defaults", "full"])
async def test_every_page_keeps_discords_limits(
    house: House, language: str, now: ServerSettings
) -> None:
    """
    With nothing set and with all that can be, in every language.
    """
    panel = Panel(now, Sentences.of(language), house.client.get_guild(ID), False, False)

    for view in (overview(panel), page(panel, "languages", NEWS), *(page(panel, x) for x in PAGES)):
        assert [] == faults(view)


async def test_forms_keep_discords_limits(house: House) -> None:
    """
    In French too, where words are longer, and with all sites there can be.
    """
    await house.servers.change(ID, lambda _: FULL)
    for locale in ("en-US", "fr"):
        for name, id, values in (
            ("sites", "chorus:panel:sites", []),
            ("budgets", "chorus:panel:budget:server", []),
            ("budgets", "chorus:panel:budget:role", [str(10**18)]),
        ):
            await house.discord.slash("settings", locale=locale)
            await house.discord.press(
                house.discord.last, "chorus:panel", locale=locale, values=[name]
            )
            await house.discord.press(house.discord.last, id, locale=locale, values=values)
            sent = house.discord.last
            assert FORM == sent.payload["type"]
            assert [] == checks.faults(checks.CALLBACK, sent.payload)
