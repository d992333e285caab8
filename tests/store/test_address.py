"""Addresses of databases, as people write them and as people see them."""

from __future__ import annotations

import pytest

from bot.errors import DatabaseUnavailable
from bot.store.address import Address


@pytest.mark.parametrize(
    ("written", "driver"),
    [
        ("sqlite:///x.sqlite3", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///x.sqlite3", "sqlite+aiosqlite"),
        ("postgres://a@b/c", "postgresql+psycopg"),
        ("postgresql://a@b/c", "postgresql+psycopg"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg"),
        ("postgresql+asyncpg://a@b/c", "postgresql+psycopg"),
    ],
)
def test_the_driver_is_ours(written: str, driver: str) -> None:
    """
    An address as hosts of databases hand it out works as it is.
    """
    assert driver == Address(written).url.drivername


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("sqlite:////var/lib/chorus.sqlite3", "/var/lib/chorus.sqlite3"),
        ("postgresql://a:sesame@b:5433/c", "postgresql://a:***@b:5433/c"),
        ("postgresql://a@b/c?password=sesame", "postgresql://a@b/c"),
        ("postgresql://a@/c?host=/run&sslpassword=sesame", "postgresql://a@/c?host=%2Frun"),
    ],
)
def test_no_password_is_shown(written: str, place: str) -> None:
    """
    Where a database is can be printed, wherever the password was put.
    """
    assert place == Address(written).place


@pytest.mark.parametrize(
    "written",
    ["", "chorus.sqlite3", "mysql://a:sesame@b/c", "postgresql://a:sesame@b:port/c", "://sesame"],
)
def test_what_is_no_address_is_said_without_repeating_it(written: str) -> None:
    """
    Another kind of database, or no address: one sentence, and nothing in it that may be a password.
    """
    with pytest.raises(DatabaseUnavailable) as caught:
        Address(written)

    assert "unknown" == caught.value.facts["reason"]
    assert "sesame" not in str(caught.value)
