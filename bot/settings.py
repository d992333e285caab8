"""Typed settings, from the environment or `.env`. The only file that reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSetting

OPENAI = "https://api.openai.com/v1"
Network = IPv4Network | IPv6Network
Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000)]


def default_database() -> str:
    """Return the SQLite URL in the user's data folder: the cache does not depend on where one stands."""
    return f"sqlite+aiosqlite:///{platformdirs.user_data_path('chorus') / 'chorus.sqlite3'}"


class Settings(BaseSettings):
    """Every setting of Chorus. The field's name in capitals is the variable's name; `.env.example` lists them all."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    discord_token: SecretStr | None = None
    discord_message_content: bool = False
    discord_dev_guild: int | None = None

    openai_api_key: SecretStr | None = None
    openai_base_url: str = OPENAI
    openai_model: str = "gpt-5-mini"
    llm_structured: Literal["schema", "object", "prompt"] = "schema"
    llm_context_tokens: int = Field(default=128_000, ge=2_000)
    llm_budget_tokens: int = Field(default=1_000_000, ge=1_000)
    llm_concurrency: int = Field(default=8, ge=1, le=256)
    llm_timeout_seconds: int = Field(default=180, ge=1, le=780)
    llm_price_in: Dollars | None = None
    llm_price_out: Dollars | None = None

    asks_per_hour: int = Field(default=30, ge=1, le=1_000_000)
    budget_day_usd: Dollars | None = None
    budget_month_usd: Dollars | None = None
    budget_guild_day_usd: Dollars | None = None
    budget_guild_month_usd: Dollars | None = None
    budget_person_day_usd: Dollars | None = None
    budget_person_month_usd: Dollars | None = None

    database_url: str = Field(default_factory=default_database, repr=False)  # may hold a password
    retention_days: int = Field(default=30, ge=1, le=36_500)

    metrics_port: int | None = Field(default=None, ge=1, le=65_535)
    metrics_host: str = "127.0.0.1"
    log_format: Literal["text", "json"] = "text"

    web_user_agent: str = (
        "Chorus/0.1 (+https://github.com/chorus-bot/chorus; reads pages people ask it to read)"
    )
    web_allowed_networks: Annotated[tuple[Network, ...], NoDecode] = ()
    web_allowed_guilds: Annotated[tuple[int, ...], NoDecode] = ()
    web_refused_hosts: Annotated[tuple[str, ...], NoDecode] = ("lobste.rs",)

    reddit_client_id: str | None = None
    reddit_client_secret: SecretStr | None = None
    github_token: SecretStr | None = None
    stackexchange_key: SecretStr | None = None

    @field_validator("web_allowed_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return (
            tuple(ip_network(part) for part in _parts(value)) if isinstance(value, str) else value
        )

    @field_validator("web_allowed_guilds", "web_refused_hosts", mode="before")
    @classmethod
    def _list(cls, value: object) -> object:
        return tuple(_parts(value)) if isinstance(value, str) else value

    @property
    def has_model(self) -> bool:
        """Whether a model can be asked: a key, or another base URL (local servers need no key)."""
        return (
            self.openai_api_key is not None
            or self.openai_base_url != Settings.model_fields["openai_base_url"].default
        )

    @property
    def secrets(self) -> list[str]:
        """Every value that must be shown nowhere."""
        values = (getattr(self, name) for name in type(self).model_fields)
        hidden = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        password = urlsplit(self.database_url).password
        return [*hidden, *filter(None, (password, unquote(password or "")))]


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def load(
    environ: Mapping[str, object] | None = None, env_file: Path | str | None = ".env"
) -> Settings:
    """
    Return the settings of the environment; raises `BadSetting`.

    *environ* (lower-case names), where given, is used instead of environment and file: for tests.
    """
    try:
        return (
            Settings.model_validate(environ)
            if environ is not None
            else Settings(_env_file=env_file)
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][:1]).upper()
        value = "***" if re.search("token|key|secret", name.lower()) else str(first.get("input"))
        raise BadSetting(name=name, value=value, expected=first["msg"]) from None


def terminal_language() -> str:
    """Return the language of the person at the terminal (LC_ALL, LC_MESSAGES, LANG), "en" where unsaid."""
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = said.partition(".")[0].partition("_")[0].lower()
    return language if language.isalpha() and language not in {"c", "posix"} else "en"
