"""Comment systems that load elsewhere: recognised and named, so that nobody takes their silence for "no comments"."""

from __future__ import annotations

import re

_WIDGETS = (
    ("Disqus", r"disqus_thread|\.disqus\.com/(?:embed|count)\.js|disqus_shortname"),
    ("OpenWeb", r"spot\.im/launcher|data-spot-im|spotim|openweb"),
    ("Viafoura", r"viafoura"),
    ("Coral", r"Coral\.createStreamEmbed|coral_?talk|coral-stream"),
    ("Facebook", r"fb-comments|fb:comments"),
    ("Gigya", r"gigya\.(?:comments|socialize)|gigya-comments"),
    ("Hyvor Talk", r"hyvor-talk|talk\.hyvor\.com"),
    ("giscus", r"giscus\.app/client"),
    ("utterances", r"utteranc\.es/client"),
    ("Vuukle", r"vuukle"),
    ("Livefyre", r"livefyre"),
    ("IntenseDebate", r"intensedebate"),
    ("Remark42", r"remark_config|remark42"),
    ("Isso", r"isso-thread|data-isso"),
    ("Commento", r"commento\.(?:js|io)|id=[\"']commento"),
    ("Hypercomments", r"hypercomments"),
    ("Insticator", r"insticator"),
    ("Discourse", r"discourse-comments|DiscourseEmbed"),
)
_COMPILED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _WIDGETS)


def widget(html: str) -> str | None:
    """Return the name of the comment system that *html* embeds, None for none that is known."""
    return next((name for name, pattern in _COMPILED if pattern.search(html)), None)
