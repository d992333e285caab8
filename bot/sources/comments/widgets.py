"""Comment systems that load elsewhere: recognised and named, so that nobody takes their silence for "no comments"."""

from __future__ import annotations

_WIDGETS = (
    ("Disqus", ("disqus_thread", ".disqus.com/embed.js", "disqus_shortname", "disqusshortname")),
    ("OpenWeb", ("spot.im/launcher", "data-spot-im", "spotim", "openweb.com", "spot-im-")),
    ("Viafoura", ("viafoura",)),
    ("Coral", ("coral.createstreamembed", "coral_talk", "coraltalk", "coral-stream")),
    ("Facebook", ("fb-comments", "fb:comments")),
    ("Gigya", ("gigya.comments", "gigya-comments")),
    ("Hyvor Talk", ("hyvor-talk", "talk.hyvor.com")),
    ("giscus", ("giscus.app/client",)),
    ("utterances", ("utteranc.es/client",)),
    ("Vuukle", ("vuukle",)),
    ("Livefyre", ("livefyre",)),
    ("IntenseDebate", ("intensedebate",)),
    ("Remark42", ("remark_config", "remark42")),
    ("Isso", ("isso-thread", "data-isso")),
    ("Commento", ("commento.js", "commento.io", 'id="commento"')),
    ("HyperComments", ("hypercomments",)),
    ("Insticator", ("insticator",)),
    ("Cusdis", ("cusdis",)),
    ("Graphcomment", ("graphcomment",)),
    ("Discourse", ("discourse-comments", "discourseembed")),
)


def widget(html: str) -> str | None:
    """Return the name of the comment system that *html* embeds, None for none that is known."""
    page = html.lower()
    return next((name for name, marks in _WIDGETS if any(mark in page for mark in marks)), None)
