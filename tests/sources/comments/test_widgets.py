"""Comments that load elsewhere: the system is named."""

from __future__ import annotations

import pytest

from bot.core.gaps import Gap, GapCode
from bot.sources.webpage import read_page

MORE = "The works begin in March and will take a year, says the mayor, who has not been seen there for a while. "
BODY = "The council has decided to open the old swimming pool again next summer, after ten years of broken tiles. "
WIDGETS = {
    "Disqus": '<div id="disqus_thread"></div>',
    "OpenWeb": '<script src="https://launcher.spot.im/spot/sp_1" data-spotim-module="conversation"></script>',
    "Viafoura": '<vf-conversations id="vf-container"></vf-conversations>',
    "Coral": "<script>Coral.createStreamEmbed({id: 'coral_thread', rootURL: 'https://coral.town.example'})</script>",
    "Facebook": '<div class="fb-comments" data-href="https://town.example/pool" data-numposts="5"></div>',
    "Hyvor Talk": '<hyvor-talk-comments website-id="1" page-id="5"></hyvor-talk-comments>',
    "giscus": '<script src="https://giscus.app/client.js" data-repo="town/pool" async></script>',
    "utterances": '<script src="https://utteranc.es/client.js" repo="town/pool"></script>',
    "Remark42": "<script>var remark_config = {host: 'https://talk.town.example', site_id: 'pool'}</script>",
    "Isso": '<script data-isso="//talk.example/" src="/embed.min.js"></script><section id="isso-thread"></section>',
    "Commento": '<div id="commento"></div><script defer src="https://cdn.commento.io/js/commento.js"></script>',
    "FastComments": '<script src="https://cdn.fastcomments.com/js/embed-v2.min.js"></script>',
    "Vuukle": '<div id="vuukle-comments"></div>',
    "Discourse": '<div id="discourse-comments"></div><script>DiscourseEmbed = {topicId: 5}</script>',
    "IntenseDebate": '<script src="https://www.intensedebate.com/js/genericCommentWrapperV2.js"></script>',
    "Cusdis": '<div id="cusdis_thread" data-app-id="1"></div>',
}


def gaps(extra: str) -> tuple[Gap, ...]:
    html = f"<html><body><article><h1>The pool</h1><p>{BODY}</p><p>{MORE}</p></article>{extra}</body></html>"
    (place,) = read_page(html, "https://town.example/pool").discussions
    return place.gaps


@pytest.mark.parametrize("name", WIDGETS)
def test_a_system_that_loads_elsewhere_is_named(name: str) -> None:
    """
    Silence is not "no comments": the gap says who has them.
    """
    assert (Gap(GapCode.COMMENTS_ELSEWHERE, name),) == gaps(WIDGETS[name])


@pytest.mark.parametrize(
    "words",
    [
        "<p>We moved from Disqus to giscus, and from there to utterances.</p>",
        '<p>See <a href="https://disqus.com/by/ann/">Ann on Disqus</a> and <a href="https://giscus.app">giscus</a>.</p>',
    ],
    ids=["words", "links"],
)
def test_what_people_write_about_systems_is_none(words: str) -> None:
    """
    A name in a text, or a link to it, loads nothing.
    """
    assert (Gap(GapCode.COMMENTS_NONE),) == gaps(words)
