"""
HTML → lxml's trees, whatever it is made of.

lxml itself stops at 256 levels (`huge_tree` stays off); the deepest of 1,400 real pages has 51. What it does not mind
is attributes: libxml2 compares each of a tag with all before it, and 80,000 took a minute. The most on a
real page: 151.
"""

from __future__ import annotations

import re

from lxml import etree, html
from lxml.html import HtmlElement

from bot.errors import EmptyPage

MOST_ATTRIBUTES = 1_000

# as browsers take a tag apart (html.spec.whatwg.org/#tag-open-state), without going back: 13 ns a character
_ATTRIBUTE = (
    r"""[\s/]*+ =?+[^\s/>=]++ (?: \s*+ =\s*+ (?: "[^"]*+" | '[^']*+' | (?!["'])[^\s>]*+ ) )?+"""
)
_TAG = re.compile(
    rf"(<[a-z][^\s/>]*+ (?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+) (?:{_ATTRIBUTE})*+",
    re.IGNORECASE | re.VERBOSE,
)

# a page without such a tag, in one match: writing every tag anew takes three times as long
_FEW = re.compile(
    rf"(?: [^<]++ | <(?![a-zA-Z]) | <[a-zA-Z][^\s/>]*+ (?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+ (?!{_ATTRIBUTE}) )*+",
    re.VERBOSE,
)

# lxml reads control characters and will not write them: one of them in an article lost all of it
_CONTROLS = bytes({*range(32)} - set(b"\t\n\r"))
_NO_LETTERS = ("\ufffe", "\uffff")
# spelled in both cases: ignoring case takes twenty times as long
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9])"
    r"|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[efEF])(?![0-9a-fA-F]));?"
)


def page_tree(page: str) -> HtmlElement:
    """Return the tree of a page, without comments; raises `EmptyPage` where there are no elements."""
    # an encoding declared inside the text is wrong by now, and lxml refuses str that declares one
    data = _writable(page).encode("utf-8", "replace").translate(None, _CONTROLS)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html's own parser asks a Python function for every element's class
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        return html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):
        raise EmptyPage from None


def fragment_tree(fragment: str) -> HtmlElement | None:
    """Return a `div` around a fragment; None where it has neither elements nor text."""
    try:
        return html.fragment_fromstring(_writable(fragment), create_parent="div")
    except (
        etree.LxmlError,
        ValueError,
        AssertionError,
    ):  # only comments, or `<html>` and nothing in it
        return None


def trimmed(text: str) -> str:
    """Return HTML without the attributes of a tag that come after its thousandth."""
    if len(text) <= 2 * MOST_ATTRIBUTES or _FEW.fullmatch(text):
        return text
    return _TAG.sub(lambda tag: tag[1], text)


def _writable(text: str) -> str:
    text = trimmed(text)
    for sign in _NO_LETTERS:
        text = text.replace(sign, "")
    return _CONTROL_REFERENCE.sub("", text)
