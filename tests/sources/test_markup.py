"""HTML fragments of comment APIs become what a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.markup import plain


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        (None, ""),
        ("  ", ""),
        ("<!-- -->", ""),
        ("just words", "just words"),
        ("it&#x27;s &lt;b&gt; &amp; &quot;so&quot;", 'it\'s <b> & "so"'),
        ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
        ("a<br>b", "a\nb"),
        ("<i>really</i> <b>good</b>.", "really good."),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<pre><code>if x:\n    y()\n</code></pre>after", "if x:\n    y()\n\nafter"),
        (
            '<a href="https://example.org/a/long/path">https://example.org/a/lo...</a>',
            "https://example.org/a/long/path",
        ),
        ('<a href="https://example.org/">a word</a>', "a word"),
        ('fine <img class="emoji" alt=":+1:"> <img alt="chart">', "fine :+1:"),
        ("<script>alert(1)</script>seen<style>x{}</style>", "seen"),
        ('<p style="display: none">to machines</p><p hidden>too</p>seen', "seen"),
        ("<form>a form is no reason to hide</form>", "a form is no reason to hide"),
    ],
)
def test_a_fragment_is_what_a_reader_sees(fragment: str | None, text: str) -> None:
    """
    Paragraphs, lines, code, links in full, emoji; nothing hidden.
    """
    assert text == plain(fragment)


def test_what_is_to_be_skipped_is_left_out_and_the_words_after_it_kept() -> None:
    """
    The tail of an element is not its own.
    """
    fragment = "<aside class='quote'>theirs</aside>mine"

    assert "mine" == plain(fragment, lambda node: node.get("class") == "quote")


def test_endless_nesting_is_survived() -> None:
    """
    Deeper than any comment, and than Python's stack.
    """
    assert "seen" in plain("<p>seen</p>" + "<div>" * 20_000 + "deep")


def test_a_fragment_of_nothing_but_its_frame_is_empty() -> None:
    """
    lxml asserts there instead of raising.
    """
    assert "" == plain("<html>")


def test_spaces_before_nothing_are_read_once() -> None:
    """
    A comment of nothing else: 200,000 of them took 40 seconds, looked for a line's end from each.
    """
    assert "x" == plain(f"<pre>{' ' * 2_000_000}x")


@given(st.text())
def test_any_text_is_read(fragment: str) -> None:
    """
    No fragment fails.
    """
    assert isinstance(plain(fragment), str)
