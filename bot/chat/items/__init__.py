"""Everything that can be pressed, registered with the client at start: what earlier runs put out works."""

from __future__ import annotations

from bot.chat.items.card import AskAbout, OpenLead, Refresh
from bot.chat.items.language import InLanguage, Publish
from bot.chat.items.more import Export, More, Remove
from bot.chat.items.opened import Open, OpenAll, OpenInstead, TurnPage, TurnPositions, Wrong
from bot.chat.items.pins import PinItem
from bot.chat.items.pressed import Pressed
from bot.chat.items.stop import Stop

ITEMS: tuple[type[Pressed], ...] = (
    AskAbout,
    Export,
    InLanguage,
    More,
    Open,
    OpenAll,
    OpenInstead,
    OpenLead,
    PinItem,
    Publish,
    Refresh,
    Remove,
    Stop,
    TurnPage,
    TurnPositions,
    Wrong,
)
