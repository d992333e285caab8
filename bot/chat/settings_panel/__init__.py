"""The panel behind /settings: what is set now, and what changes it. Its whole state is in the custom ids."""

from __future__ import annotations

from bot.chat.items.pressed import Pressed
from bot.chat.settings_panel.forms import PANEL_FORMS
from bot.chat.settings_panel.items import Choose, OpenBudget, OpenSites, Turn
from bot.chat.settings_panel.panel import panel_of
from bot.chat.settings_panel.views import overview

PANEL_ITEMS: tuple[type[Pressed], ...] = (Choose, OpenBudget, OpenSites, Turn)

__all__ = ["PANEL_FORMS", "PANEL_ITEMS", "overview", "panel_of"]
