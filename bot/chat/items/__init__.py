"""Everything that can be pressed, registered with the client at start: buttons of earlier runs work."""

from __future__ import annotations

from bot.chat.items.card import AllPositions, InLanguage, Language, OpenLead, Refresh, TurnPage
from bot.chat.items.pressed import Pressed

ITEMS: tuple[type[Pressed], ...] = (
    AllPositions,
    TurnPage,
    Refresh,
    Language,
    InLanguage,
    OpenLead,
)
