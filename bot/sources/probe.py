"""The first question to a place that only looks like a platform's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.links import host_of
from bot.errors import AccessDenied, BrokenAnswer, SiteFailed
from bot.sources.contents import json_value
from bot.sources.values import mapping
from bot.sources.web import JSON, Job, Web


async def probe(link: str, web: Web, job: Job) -> Mapping[str, Any]:
    """
    Return the JSON object at *link*; raises what `Web.get` raises, but `BrokenAnswer` where it is not there.

    Sites of any kind have paths like `/post/7`, and refuse or fail in their own ways when they are asked for an API
    they have not: their links lead to pages then, to be read as such.
    """
    try:
        answer = await web.get(link, job=job, accept=JSON)
    except (AccessDenied, SiteFailed) as error:
        if error.facts["status"] is None:  # the operator's own list
            raise
        raise BrokenAnswer(host=host_of(link)) from error
    return mapping(json_value(answer, host_of(link)))
