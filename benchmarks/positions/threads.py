"""
The threads that are measured: real ones where they lie beside this checkout, and one of our own writing that is always
there.

Real threads of ten thousand comments are rare; theirs is made of a real one by putting halves of its comments together
anew, so that length, words, names and shape of the tree stay what they are and no two comments are the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot.core.fingerprint import fingerprint
from bot.core.models import PUBLIC, Article, Cid, Comment, Discussion, Reading
from bot.sources.pasted import read_text
from bot.sources.platforms.hackernews_story import of_algolia
from bot.sources.platforms.reddit_thread import Thread, post_of, split

SHARED = Path(__file__).resolve().parents[3] / "shared"
HACKERNEWS = "fixtures/hackernews/DERIVED_items_from_html_pkl.json"
REDDIT = "fixtures/reddit/comments_3hahrw.json"
SEED = "seed/clubic-mistral.txt"

AT = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)

ARTICLE = """
Marlow opens its first separated bike lane on Mill Road in May. The lane takes the place of the parking bays on the
north side, between the station and the market.

The council counted 4,100 riders a day on Mill Road last autumn, a third more than five years ago. Eleven of them were
hurt between the two roundabouts, two badly. A petition of parents asked for a kerb between bikes and lorries.

Shopkeepers between numbers 12 and 88 collected 900 signatures against the plan. They expect to lose customers who come
by car from the villages, and say that nobody asked them before the decision was made.

The works take eleven weeks and cost 2.3 million. Buses are led through Station Street meanwhile. After a year the
council will count again, and decide whether the lane stays.
"""

VIEWS = {  # a word that marks the view → sentences that state it
    "kerb": (
        "A kerb is the only thing that keeps a lorry out of the lane, paint has never stopped one.",
        "Without a kerb it is a parking strip with a bicycle painted on it.",
    ),
    "children": (
        "My children could ride to school on their own if this were built properly.",
        "Nobody who has watched children cross at the second roundabout can be against it.",
    ),
    "parking": (
        "Where are people from the villages supposed to find parking, there is no bus after seven.",
        "Taking the parking away kills the street first and helps the mall out of town.",
    ),
    "shops": (
        "The shops were never asked, they read about it in the paper like everybody else.",
        "Most customers of the shops come on foot, every count in the last ten years says so.",
    ),
    "money": (
        "That is a lot of money for eight hundred metres of asphalt and a few stones.",
        "One accident costs more money than the lane, and we have had eleven.",
    ),
    "buses": (
        "Put the money into buses first, then people can leave the car at home.",
        "The buses will stand in Station Street for eleven weeks, and nobody has a plan for that.",
    ),
    "emergency": (
        "An ambulance cannot pass a queue any more once the kerb is in, ask the emergency crews.",
        "In Delft the emergency services use such lanes and arrive earlier than before.",
    ),
    "winter": (
        "Half the year it is winter here, who will clear the snow off it.",
        "We ride through the winter as well, it is a matter of gritting and of nothing else.",
    ),
    "trial": (
        "A trial of one year is honest, then count and decide.",
        "The trial is a trick, nobody digs out a kerb that has been paid for.",
    ),
    "council": (
        "The council decides behind closed doors and calls it participation.",
        "For once the council does what its own report has asked for since spring.",
    ),
}
ASIDES = (
    "I have lived at number {n} for {m} years and have seen three plans come and go.",
    "My neighbour at number {n} counted {m} cars on the pavement last week alone.",
    "On the {n}th we stood there with {m} people, and not one of them had been told.",
    "Somebody should look at what they did in {town}, it took them {m} weeks and it works.",
    "In {town} they tried the same, and after {m} months it was gone again.",
    "It reminds me of the swimming pool, which was to cost {n} thousand and cost {m} million.",
    "By the way, the lamp in front of number {n} has been broken for {m} weeks.",
    "As {name} says further up, it depends on the crossing and on nothing else.",
    "{name} is right about that, and wrong about everything that follows from it.",
    "The figures for {town} are in the annex, page {n}, and they say the opposite.",
)
TOWNS = (
    "Delft",
    "Ghent",
    "Münster",
    "Ferrara",
    "Odense",
    "Bern",
    "Leeds",
    "Nantes",
    "Graz",
    "Turku",
)
NAMES = (
    "Ada",
    "Bela",
    "Cosmo",
    "Dilan",
    "Enid",
    "Faro",
    "Gwen",
    "Hale",
    "Iris",
    "Jory",
    "Kemi",
    "Lotte",
)


def handmade(count: int, *, seed: int = 1) -> Reading:
    """Return *count* comments of our own writing, about as long as Hacker News's, a third of them answers."""
    dice = Random(seed)
    words = list(VIEWS)
    comments: list[Comment] = []
    for n in range(count):
        said = [dice.choice(VIEWS[words[min(dice.randrange(10), dice.randrange(10))]])]
        said += [
            dice.choice(ASIDES).format(
                n=dice.randrange(2, 90),
                m=dice.randrange(2, 60),
                town=dice.choice(TOWNS),
                name=dice.choice(NAMES),
            )
            for _ in range(dice.randrange(6))
        ]
        dice.shuffle(said)
        parent = comments[dice.randrange(max(0, n - 30), n)].id if n and n % 3 == 0 else None
        comments.append(
            Comment(
                id=Cid(f"page:{n}"),
                parent=parent,
                author=f"{dice.choice(NAMES)}{n % 997}",
                text=f"{' '.join(said)} ({n})",
                posted_at=AT + timedelta(minutes=n),
            )
        )
    return made(
        "page",
        comments,
        Article(
            f"https://town.example/{seed}",
            f"A bike lane for Mill Road, part {seed}",
            ARTICLE.strip(),
        ),
    )


def made(platform: str, comments: Sequence[Comment], article: Article | None) -> Reading:
    """Return a reading of one discussion."""
    places = (Discussion(platform, None, "Readers", None, tuple(comments)),)
    target = f"https://{platform}.example/1"
    return Reading(target, article, places, AT, fingerprint(article, places, target, PUBLIC))


def hackernews(shared: Path = SHARED) -> Reading:
    """Return the story of 566 comments; raises `OSError` where it is not there."""
    story = of_algolia(json.loads((shared / HACKERNEWS).read_text("utf-8")))
    return made("hackernews", story.comments, _about("Introducing Pkl"))


def reddit(shared: Path = SHARED) -> Reading:
    """Return the thread of 476 short comments; raises `OSError`."""
    found = split(json.loads((shared / REDDIT).read_text("utf-8")))
    assert found is not None
    thread = Thread(post_of(found[0]), found[1])
    return made("reddit", thread.comments, _about("Ba Dum Tsss"))


def seed(shared: Path = SHARED) -> Reading:
    """Return the first real input: a French article with ten comments; raises `OSError`."""
    reading = read_text((shared / SEED).read_text("utf-8"), "https://news.example/1")
    return replace(reading, target="https://news.example/1", read_at=AT)


def recombined(reading: Reading, count: int) -> Reading:
    """
    Return *count* comments made of the halves of *reading*'s, in the same tree, repeated as often as it takes.

    The first round is the comments as they are; later ones end with the second half of a comment of about their length,
    else a long half would make two of them near copies.
    """
    said = list(reading.readable)
    halves = [_halves(comment.text) for comment in said]
    by_length = sorted(range(len(said)), key=lambda at: len(said[at].text))
    rank = {at: n for n, at in enumerate(by_length)}
    here = {comment.id for comment in said}
    comments = []
    for n in range(count):
        again, at = divmod(n, len(said))
        one = said[at]
        ending = halves[by_length[(rank[at] + again) % len(said)]][1]
        comments.append(
            replace(
                one,
                id=Cid(f"{one.id}.{again}"),
                parent=Cid(f"{one.parent}.{again}") if one.parent in here else None,
                author=f"{one.author}{again or ''}" if one.author else None,
                text=f"{halves[at][0]} {ending}".strip(),
            )
        )
    return made(reading.discussions[0].platform, comments, reading.article)


def with_more(reading: Reading, share: float) -> Reading:
    """Return *reading* some time later: *share* of new comments, spread over its thread as answers."""
    said = list(reading.readable)
    count = max(round(len(said) * share), 1)
    halves = [_halves(comment.text) for comment in said]
    new = []
    for n in range(count):
        at = n * len(said) // count
        text = f"{halves[at - 1][0]} {halves[at - 2][1]}"
        new.append(
            replace(said[at], id=Cid(f"new:{n}"), parent=said[at].id, author=f"late{n}", text=text)
        )
    place = reading.discussions[0]
    return made(place.platform, [*place.comments, *new], reading.article)


def _about(title: str) -> Article:
    """Return an article of our own under *title*: the real ones are not kept with their threads."""
    return Article(f"https://news.example/{title}", title, ARTICLE.strip() * 2, language="en")


def _halves(text: str) -> tuple[str, str]:
    words = text.split(" ")
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
