"""The places of one page's comments: what is one discussion, which list stands for it, and what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.gaps import Gap, GapCode
from bot.core.models import Cid, Comment, Discussion
from bot.sources.places import settled

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NONE = Gap(GapCode.COMMENTS_NONE)


def missing(n: int) -> Gap:
    return Gap(GapCode.COMMENTS_MISSING, count=n)


def elsewhere(name: str) -> Gap:
    return Gap(GapCode.COMMENTS_ELSEWHERE, name)


def refusal(n: int | None = None) -> Gap:
    return Gap(GapCode.COMMENTS_UNREADABLE, "blog.example", n)


def comment(place: str, n: int, text: str = "", **facts: Any) -> Comment:
    words = text or f"These are the words of comment {n}, and nobody else's."
    return Comment(Cid(f"{place}:{n}"), None, facts.pop("author", "Ann"), words, **facts)


def place(
    name: str, *numbers: int, declared: int | None = None, gaps: tuple[Gap, ...] = (), **facts: Any
) -> Discussion:
    comments = tuple(comment(name, n, **facts) for n in numbers)
    return Discussion(name, f"https://{name}.example/", None, declared, comments, gaps)


def refused(name: str = "wordpress") -> Discussion:
    return place(name, gaps=(refusal(),))


def shown(places: tuple[Discussion, ...]) -> list[tuple[str, int, int | None, tuple[Gap, ...]]]:
    return [(one.platform, len(one.comments), one.declared, one.gaps) for one in places]


class TestTwins:
    def test_of_two_lists_of_one_discussion_the_longer_stands(self) -> None:
        """
        The page shows its first comments, the API all.
        """
        own = place("page", 1, 2, declared=5, gaps=(missing(3),))
        rest = place("wordpress", 1, 2, 3, 4, 5, declared=5)

        assert [("wordpress", 5, 5, ())] == shown(settled([own], [rest]))

    def test_of_equals_the_one_with_better_fields_stands(self) -> None:
        """
        Complete where it has as many as either states: themes count pingbacks too.
        """
        own = place("page", 1, 2, declared=3, gaps=(missing(1),))
        rest = place("wordpress", 1, 2, declared=2)

        assert [("wordpress", 2, 2, ())] == shown(settled([own], [rest]))

    def test_the_apis_gap_goes_where_the_page_is_complete(self) -> None:
        """
        The API counts one more than it hands out; the page shows all that it states.
        """
        own = place("page", 1, 2, declared=2)
        rest = place("wordpress", 1, 2, declared=3, gaps=(missing(1),))

        assert [("wordpress", 2, 2, ())] == shown(settled([own], [rest]))

    def test_a_longer_page_takes_the_fields_of_its_twin(self) -> None:
        """
        Author, time, votes and link, by the words or by the link; the ids and the tree stay the page's.
        """
        own = Discussion(
            "page",
            "https://x.example/",
            None,
            None,
            (
                comment("page", 1, author=None, score=4),
                comment("page", 2, "Yes! Reply", url="https://x.example/a/#comment-2"),
                comment("page", 3),
            ),
        )
        link = "http://www.x.example/a/comment-page-1/#comment-2"
        twin = (
            comment("wordpress", 1, posted_at=AT, url="https://x.example/a/#comment-1"),
            comment("wordpress", 2, "Yes!", author="Ben", posted_at=AT, url=link),
        )
        rest = Discussion("wordpress", None, None, 3, twin, (refusal(1),))

        (one,) = settled([own], [rest])

        assert ("page", 3, ()) == (one.platform, one.declared, one.gaps)
        first, second, third = one.comments
        assert ("page:1", "Ann", AT, 4, "https://x.example/a/#comment-1") == (
            first.id,
            first.author,
            first.posted_at,
            first.score,
            first.url,
        )
        assert ("page:2", "Ben", "Yes! Reply", AT) == (
            second.id,
            second.author,
            second.text,
            second.posted_at,
        )
        assert own.comments[2] == third

    def test_what_the_api_counts_and_nobody_shows_is_missing(self) -> None:
        """
        The page does not say how many it has; the API does, and failed after the first.
        """
        own = place("page", 1, 2)
        rest = place("wordpress", 1, declared=5, gaps=(refusal(4),))

        assert [("page", 2, 5, (missing(3),))] == shown(settled([own], [rest]))

    def test_lists_that_share_less_than_half_are_two(self) -> None:
        """
        Each with its own number and gaps.
        """
        own = place("page", 1, 2, 3, declared=3)
        forum = place("discourse", 3, 4, 5, declared=9, gaps=(refusal(6),))

        assert [("page", 3, 3, ()), ("discourse", 3, 9, (refusal(6),))] == shown(
            settled([own], [forum])
        )

    def test_what_many_say_makes_no_twins(self) -> None:
        """
        "Thank you!" by somebody else is another comment.
        """
        one, other = (place(name, 1, text="Thank you!", author=name) for name in ("page", "disqus"))
        again = place("disqus", 1, text="Thank you!", author="page")

        assert 2 == len(settled([one], [other]))
        assert 1 == len(settled([one], [again]))

    def test_three_doors_to_one_room_are_one_place(self) -> None:
        """
        A plug-in copies the thread into the site's own database: page, API and Disqus say the same.
        """
        own, rest = place("page", 1), place("wordpress", 1, 2, declared=2)
        thread = place("disqus", 1, 2, 3, declared=3)

        assert [("disqus", 3, 3, ())] == shown(settled([own], [rest, thread]))

    def test_several_places_are_several_discussions(self) -> None:
        """
        The page's own, its topic and its thread.
        """
        own, topic, thread = place("page", 1, 2), place("discourse", 3), place("disqus", 4, 5)

        assert [("page", 2), ("discourse", 1), ("disqus", 2)] == [
            (one.platform, len(one.comments)) for one in settled([own], [topic, thread])
        ]


class TestFailures:
    def test_a_complete_page_needs_no_api(self) -> None:
        """
        The site closed its API; the page shows all that it states, or says of nothing missing.
        """
        for own in (
            place("page", 1, 2, declared=2),
            place("page", 1, 2),
            place("page", declared=0),
        ):
            assert shown((own,)) == shown(settled([own], [], [refused()]))

    def test_a_page_that_shows_a_part_does(self) -> None:
        """
        The failure says why the rest is missing.
        """
        own = place("page", 1, 2, declared=9, gaps=(missing(7),))

        assert [("page", 2, 9, (missing(7),)), ("wordpress", 0, None, (refusal(),))] == shown(
            settled([own], [], [refused()])
        )

    def test_a_page_that_shows_none_does(self) -> None:
        """
        The number it states goes with the failure.
        """
        silent = place("page", gaps=(NONE,))
        stating = place("page", declared=9, gaps=(missing(9),))

        assert [("wordpress", 0, None, (refusal(),))] == shown(settled([silent], [], [refused()]))
        assert [("wordpress", 0, 9, (refusal(9),))] == shown(settled([stating], [], [refused()]))

    def test_a_page_that_could_not_be_read_does(self) -> None:
        """
        Behind a wall: what its own comments are is not known.
        """
        topic = place("discourse", 1)

        assert 2 == len(settled([], [topic], [refused()]))

    def test_a_thread_that_fails_is_told_in_place_of_the_pages_gap(self) -> None:
        """
        Loaded by Disqus, and Disqus failed: once is enough. Old comments of the site are shown beside it.
        """
        own = place("page", gaps=(elsewhere("Disqus"),))
        rest = place("wordpress", 1, declared=1)

        assert [("wordpress", 1, 1, ()), ("disqus", 0, None, (refusal(),))] == shown(
            settled([own], [rest], [refused("disqus")])
        )

    def test_the_api_is_not_missed_where_the_widget_was_read(self) -> None:
        """
        The page's comments are at Disqus, and there they were read.
        """
        own = place("page", gaps=(elsewhere("Disqus"),))

        assert [("disqus", 2, None, ())] == shown(
            settled([own], [place("disqus", 1, 2)], [refused()])
        )


class TestSilence:
    def test_the_gap_of_a_widget_goes_where_it_was_read(self) -> None:
        """
        Whatever the page's own words for it.
        """
        own = place("page", declared=2, gaps=(elsewhere("Disqus"),))

        assert [("disqus", 2, 2, ())] == shown(settled([own], [place("disqus", 1, 2, declared=2)]))

    def test_the_gap_of_a_widget_stays_where_another_was_read(self) -> None:
        """
        The site's API gives old comments; those of Facebook are still not read.
        """
        own = place("page", gaps=(elsewhere("Facebook"),))
        rest = place("wordpress", 1, declared=1)

        assert [("page", 0, None, (elsewhere("Facebook"),)), ("wordpress", 1, 1, ())] == shown(
            settled([own], [rest])
        )

    @pytest.mark.parametrize("gap", [elsewhere("Facebook"), missing(12)])
    def test_an_empty_list_says_nothing_against_the_page(self, gap: Gap) -> None:
        """
        The API of a site whose comments lie elsewhere is empty.
        """
        own = place("page", declared=12, gaps=(gap,))
        rest = place("wordpress", declared=0, gaps=(NONE,))

        assert [("page", 0, 12, (gap,))] == shown(settled([own], [rest]))

    def test_an_empty_list_says_nothing_against_comments(self) -> None:
        """
        Neither the API's nor the page's.
        """
        full, empty = place("page", 1, 2), place("wordpress", declared=0, gaps=(NONE,))
        assert [("page", 2, None, ())] == shown(settled([full], [empty]))

        none, rest = place("page", gaps=(NONE,)), place("wordpress", 1, declared=1)
        assert [("wordpress", 1, 1, ())] == shown(settled([none], [rest]))

    def test_an_empty_thread_under_a_stated_number_is_missing_comments(self) -> None:
        """
        The thread goes by a name that the page does not tell.
        """
        own = place("page", declared=12, gaps=(elsewhere("Disqus"),))
        thread = place("disqus", declared=0, gaps=(NONE,))

        assert [("page", 0, 12, (missing(12),))] == shown(settled([own], [thread]))

    def test_no_comments_anywhere_is_said_once(self) -> None:
        """
        By the page.
        """
        own = place("page", gaps=(NONE,))
        rest, thread = (place(name, declared=0, gaps=(NONE,)) for name in ("wordpress", "disqus"))

        assert [("page", 0, None, (NONE,))] == shown(settled([own], [rest, thread]))
        assert [("wordpress", 0, 0, (NONE,))] == shown(settled([], [rest]))

    def test_a_topic_that_lost_its_posts_is_told(self) -> None:
        """
        Its first post was all it handed out.
        """
        own = place("page", 1)
        topic = place("discourse", declared=4, gaps=(refusal(4),))

        assert [("page", 1, None, ()), ("discourse", 0, 4, (refusal(4),))] == shown(
            settled([own], [topic])
        )
