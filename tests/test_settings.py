"""Settings: typed, all documented, never printed."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.errors import BadSetting
from bot.settings import Settings, load, terminal_language

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_the_example_lists_every_setting() -> None:
    """
    `.env.example` names each setting exactly once, and nothing else.
    """
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)

    assert sorted(name.upper() for name in Settings.model_fields) == sorted(named)


def test_the_examples_values_are_the_defaults() -> None:
    """
    Copying the example changes nothing.
    """
    assert load(env_file=EXAMPLE) == load(env_file=None)


def test_lists_are_written_with_commas() -> None:
    """
    Networks and servers are lists with commas.
    """
    settings = load({"web_allowed_networks": "10.0.0.0/8, fd00::/8", "web_allowed_guilds": "1,2"})

    assert (ip_network("10.0.0.0/8"), ip_network("fd00::/8")) == settings.web_allowed_networks
    assert (1, 2) == settings.web_allowed_guilds


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("llm_structured", "xml"),
        ("llm_concurrency", "0"),
        ("web_allowed_networks", "10.0.0.0/99"),
        ("discord_dev_guild", "my server"),
        ("llm_price_in", "cheap"),
        ("llm_price_out", "NaN"),
        ("budget_month_usd", "-1"),
        ("asks_per_hour", "0"),
        ("retention_days", "0"),
    ],
)
def test_a_bad_value_names_the_setting(name: str, value: str) -> None:
    """
    The error names the variable and its value.
    """
    with pytest.raises(BadSetting) as caught:
        load({name: value})

    assert (name.upper(), value) == (caught.value.facts["name"], caught.value.facts["value"])


def test_secrets_do_not_show() -> None:
    """
    Neither printing nor logging settings shows a key, or the database's password.
    """
    settings = load(
        {
            "openai_api_key": "sk-hunter2",
            "discord_token": "tok-hunter2",
            "database_url": "postgresql://chorus:hunter2@db.example/chorus",
        }
    )

    assert "hunter2" not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, False), ({"openai_api_key": "k"}, True), ({"openai_base_url": "http://x/v1"}, True)],
)
def test_a_model_needs_a_key_or_an_address(environ: dict[str, object], expected: bool) -> None:
    """
    A local server needs no key.
    """
    assert expected is load(environ).has_model


@pytest.mark.parametrize(
    ("said", "expected"), [("fr_FR.UTF-8", "fr"), ("C.UTF-8", "en"), ("", "en"), ("de", "de")]
)
def test_the_terminals_language(said: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The person at the terminal is answered in the language of the terminal.
    """
    for name in ("LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", said)

    assert expected == terminal_language()
