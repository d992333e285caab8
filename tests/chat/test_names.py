"""What commands are called: in every language as Discord allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.translator import Translator
from tests.chat.house import House, open_house

# developer documentation, "Application Command Naming"
NAME = re.compile(r"[-_'\w]{1,32}")
COMMANDS = {"summarize", "positions", "ask", "digests", "settings", "digest", "help", "usage"}
MENUS = {"Summarize link", "Summarize discussion"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        await opened.client.tree.set_translator(Translator())
        yield opened


async def payloads(house: House) -> list[dict[str, Any]]:
    tree = house.client.tree
    assert tree.translator is not None
    return [await one.get_translated_payload(tree, tree.translator) for one in tree.get_commands()]


def named(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command and its options: whatever has a name of its own."""
    yield payload
    yield from payload.get("options", [])


async def test_these_are_the_commands(house: House) -> None:
    """
    What people type and choose is a contract.
    """
    found = await payloads(house)

    assert COMMANDS == {one["name"] for one in found if one["type"] == 1}
    assert MENUS == {one["name"] for one in found if one["type"] == 3}


async def test_names_are_what_discord_takes_in_every_language(house: House) -> None:
    """
    Small letters, no spaces, no two alike beside each other; descriptions and choices within a hundred letters.
    """
    found = await payloads(house)
    for payload in found:
        for one in named(payload):
            names = [one["name"], *one.get("name_localizations", {}).values()]
            for name in names if payload["type"] == 1 else ():
                assert NAME.fullmatch(name)
                assert name == name.lower() == unicodedata.normalize("NFC", name)
            said = [one.get("description", ""), *one.get("description_localizations", {}).values()]
            for choice in one.get("choices", []):
                said += [choice["name"], *choice.get("name_localizations", {}).values()]
            assert all(len(text) <= 100 for text in said)
    for locale in ("en-US", "fr"):
        assert len(found) == len({_in(one, locale) for one in found})
        for payload in found:
            options = payload.get("options", [])
            assert len(options) == len({_in(one, locale) for one in options})


async def test_french_people_find_french_names(house: House) -> None:
    """
    Commands, options, choices and menus; a name that is the same in both stays untranslated.
    """
    found = {one["name"]: one for one in await payloads(house)}

    assert "résumer" == found["summarize"]["name_localizations"]["fr"]
    assert "Résumer le lien" == found["Summarize link"]["name_localizations"]["fr"]
    options = {one["name"]: one for one in found["summarize"]["options"]}
    assert ["lien", "fichier", "langue", "longueur", "privé"] == [
        one["name_localizations"]["fr"] for one in options.values()
    ]
    (short, *_) = options["length"]["choices"]
    assert "court" == short["name_localizations"]["fr"]
    assert "fr" not in found["positions"].get("name_localizations", {})


async def test_links_are_offered_wherever_one_is_asked_for(house: House) -> None:
    """
    Every option for a link is completed while it is typed.
    """
    links = [
        option
        for payload in await payloads(house)
        for option in payload.get("options", [])
        if option["name"] == "link"
    ]

    assert 3 == len(links)
    assert all(option["autocomplete"] for option in links)


async def test_commands_work_wherever_discord_allows_but_those_of_servers(house: House) -> None:
    """
    In servers, with the bot and between people, installed by a server or a person.
    """
    for payload in await payloads(house):
        everywhere = ([0, 1, 2], [0, 1])
        here = (payload["contexts"], payload["integration_types"])
        assert here == (([0], [0]) if payload["name"] in {"settings", "digest"} else everywhere)


def _in(payload: dict[str, Any], locale: str) -> str:
    return str(payload.get("name_localizations", {}).get(locale, payload["name"]))
