"""What only a server can do to us."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import pytest

from bot.errors import DatabaseFull, DatabaseUnavailable
from bot.store.database import open_database
from bot.store.kept import SqlNotes
from tests.postgres import GUARDED, PASSWORD, Server

TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = '{}' AND pid <> pg_backend_pid()"
)


@pytest.fixture
def name(postgres: Server) -> Iterator[str]:
    """
    A database of the test's own, which it may spoil.
    """
    made = postgres.create()
    yield made
    postgres.drop(made)


async def reason(url: str) -> object:
    """Return why the database cannot be opened; nothing that is said of it shows a password."""
    with pytest.raises(DatabaseUnavailable) as caught:
        async with open_database(url):
            pass
    said = "".join(traceback.format_exception(caught.value))

    assert "sesame" not in said
    return caught.value.facts["reason"]


async def test_a_server_that_is_not_there_is_said(postgres: Server) -> None:
    """
    Nobody listens.
    """
    url = f"postgresql://chorus:sesame@/chorus?host={postgres.folder}&port=1"

    assert "unreachable" == await reason(url)


async def test_a_wrong_password_is_said(postgres: Server, name: str) -> None:
    """
    The server is there and refuses; with the right one it opens.
    """
    postgres.run(f"CREATE ROLE {GUARDED} LOGIN SUPERUSER PASSWORD '{PASSWORD}'")
    try:
        assert "refused" == await reason(postgres.url(name, user=GUARDED, password="sesame-no"))
        assert "refused" == await reason(postgres.url(name, user=GUARDED))
        async with open_database(postgres.url(name, user=GUARDED, password=PASSWORD)) as database:
            assert PASSWORD not in database.place
    finally:
        postgres.run(f"REASSIGN OWNED BY {GUARDED} TO chorus", name)
        postgres.run(f"DROP ROLE {GUARDED}")


async def test_a_database_that_does_not_exist_is_said(postgres: Server) -> None:
    """
    It is not taken for an empty one.
    """
    assert "absent" == await reason(postgres.url("nowhere"))


async def test_a_full_server_is_busy(postgres: Server, name: str) -> None:
    """
    A database that takes no more connections.
    """
    postgres.run(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    postgres.run("CREATE ROLE guest LOGIN")
    try:
        assert "busy" == await reason(postgres.url(name, user="guest"))
    finally:
        postgres.run("DROP ROLE guest")


async def test_rights_that_lack_are_said(postgres: Server, name: str) -> None:
    """
    Who may not create tables is told so.
    """
    postgres.run("CREATE ROLE guest LOGIN")
    try:
        assert "forbidden" == await reason(postgres.url(name, user="guest"))
    finally:
        postgres.run("DROP ROLE guest")


async def test_a_database_that_cannot_be_written_to_is_said(postgres: Server, name: str) -> None:
    """
    A replica, or what an operator has closed: what is kept can be read.
    """
    url = postgres.url(name)
    async with open_database(url) as database:
        await SqlNotes(database).put("a", "b")
    postgres.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with open_database(url) as database:
        assert "b" == await SqlNotes(database).get("a")
        with pytest.raises(DatabaseUnavailable) as caught:
            await SqlNotes(database).put("a", "c")

    assert "read-only" == caught.value.facts["reason"]


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("disk_full", None),
        ("deadlock_detected", "locked"),
        ("lock_not_available", "locked"),
        ("admin_shutdown", "unreachable"),
        ("data_corrupted", "corrupt"),
    ],
)
async def test_what_a_server_says_of_itself(
    postgres: Server, condition: str, reason: str | None
) -> None:
    """
    Told by its states, which are the same in every language.
    """
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'voilà' USING ERRCODE = '{condition}'; END $$"
    async with open_database(postgres.url(postgres.emptied())) as database:
        expected = DatabaseFull if reason is None else DatabaseUnavailable
        with pytest.raises(expected) as caught:
            async with database.write() as connection:
                await connection.exec_driver_sql(raising)

    assert reason == caught.value.facts.get("reason")


async def test_a_server_that_went_away_is_found_again(postgres: Server, name: str) -> None:
    """
    After a restart the first who asks gets an answer; who was in the middle hears of it, and keeps nothing.
    """
    async with open_database(postgres.url(name)) as database:
        notes = SqlNotes(database)
        await notes.put("a", "b")
        postgres.run(TERMINATE.format(name))

        assert "b" == await notes.get("a")
        with pytest.raises(DatabaseUnavailable) as caught:
            async with database.write() as connection:
                await connection.exec_driver_sql("UPDATE notes SET value = 'c'")
                postgres.run(TERMINATE.format(name))
                await connection.exec_driver_sql("UPDATE notes SET value = 'd'")
        assert "unreachable" == caught.value.facts["reason"]
        assert "b" == await notes.get("a")
