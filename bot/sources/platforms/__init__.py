"""Where comments live: one file per platform, and beside it what its answers look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sources.platform import Keys, Platform


def platforms(keys: Keys) -> tuple[Platform, ...]:
    """Return every platform, the more particular first. A new one is one file, and a line here."""
    from bot.sources.platforms.bluesky import Bluesky
    from bot.sources.platforms.discourse import Discourse
    from bot.sources.platforms.disqus import Disqus
    from bot.sources.platforms.github import GitHub
    from bot.sources.platforms.hackernews import HackerNews
    from bot.sources.platforms.lemmy import Lemmy
    from bot.sources.platforms.mastodon import Mastodon
    from bot.sources.platforms.reddit import Reddit
    from bot.sources.platforms.stackexchange import StackExchange
    from bot.sources.platforms.wordpress import WordPress

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
