"""What Discord takes of a view or a form before it is sent: `tests.discord.checks` over what they serialise to."""

from __future__ import annotations

from typing import Any

from discord import ui

from tests.chat.fake_discord import COMPONENTS_V2, FORM
from tests.discord import checks

Json = dict[str, Any]


def components_of(view: ui.LayoutView) -> list[Json]:
    found: list[Json] = view.to_components()  # type: ignore[no-untyped-call]
    return found


def faults(view: ui.LayoutView, *, described: bool = True) -> list[str]:
    """Return what Discord would not take of *view*; without *described*, by the limits alone."""
    message = {"flags": COMPONENTS_V2, "components": components_of(view)}
    return checks.faults(checks.POST, message) if described else checks.message_faults(message)


def form_faults(form: ui.Modal) -> list[str]:
    """Return what Discord would not take of *form*."""
    return checks.faults(checks.CALLBACK, {"type": FORM, "data": form.to_dict()})
