"""Readers of the foreign world: web pages, copied text, and one file per comment platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sources.platform import Keys, Platform


def platforms(keys: Keys) -> tuple[Platform, ...]:
    """Return every platform, the more particular first. A new one is one file, and a line here."""
    from bot.sources.bluesky import Bluesky
    from bot.sources.discourse import Discourse
    from bot.sources.disqus import Disqus
    from bot.sources.github import GitHub
    from bot.sources.hackernews import HackerNews
    from bot.sources.lemmy import Lemmy
    from bot.sources.mastodon import Mastodon
    from bot.sources.reddit import Reddit
    from bot.sources.stackexchange import StackExchange
    from bot.sources.wordpress import WordPress

    return (
        HackerNews(),
        Reddit(keys.reddit_id, keys.reddit_secret),
        Bluesky(),
        StackExchange(keys.stackexchange),
        GitHub(keys.github),
        Lemmy(),
        Mastodon(),
        Disqus(),
        WordPress(),
        Discourse(),
    )
