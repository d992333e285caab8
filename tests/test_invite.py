"""The invitation."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.errors import BadSetting, MissingSetting
from bot.invite import PERMISSIONS, invite_link
from bot.settings import load

TOKEN = base64.b64encode(b"123456789012345678").decode().rstrip("=") + ".abc.def"


def test_the_link_names_the_application_and_its_permissions() -> None:
    """
    The id comes from the token; the permissions are those Discord's library calls by the same names.
    """
    link = invite_link(load({"discord_token": TOKEN}))

    query = parse_qs(urlsplit(link).query)
    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    assert (["123456789012345678"], [str(wanted.value)]) == (
        query["client_id"],
        query["permissions"],
    )
    assert "abc" not in link


@pytest.mark.parametrize(("token", "error"), [(None, MissingSetting), ("nonsense", BadSetting)])
def test_without_a_usable_token_there_is_no_link(token: str | None, error: type[Exception]) -> None:
    """
    A missing or mangled token is said, and not shown.
    """
    with pytest.raises(error) as caught:
        invite_link(load({"discord_token": token}))

    assert "nonsense" not in str(caught.value)
