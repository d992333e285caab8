"""Every button, list and form, driven through the real library: each ends in a message or one sentence."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.core.models import PUBLIC, Cid, Cited, Claim, Digest, Lead, Reading
from bot.core.money import Spender
from bot.core.ports import Report
from bot.errors import ModelTimeout, PageNotFound
from tests.chat.fake_discord import COMPONENTS_V2, FORM, Sent, user, walk
from tests.chat.house import (
    DRAFT,
    EDIT,
    FOLLOW,
    LINK,
    READING,
    RESPOND,
    House,
    button,
    open_house,
    summarize,
)
from tests.chat.server import MAY_TALK, Answer
from tests.discord.checks import CALLBACK, faults, message_faults
from tests.fakes import READ_AT, comment, nobody, reading

LEADS = (
    Lead("hackernews", "https://news.ycombinator.com/item?id=1", "A lane for Marlow", 312),
    Lead("lobsters", "https://lobste.rs/s/1", None, 4),
)
MODERATOR = MAY_TALK | discord.Permissions(manage_messages=True)
REMOVE = "DELETE /channels/{channel_id}/messages/{message_id}"
CHANGE = "PATCH /channels/{channel_id}/messages/{message_id}"
ORIGINAL = "edit_original_interaction_response"
POST = "POST /channels/{channel_id}/messages"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


def be(house: House, who: int, rights: discord.Permissions = MAY_TALK) -> None:
    """From now on *who* presses, with these rights in the channel."""
    member = {
        "user": user(who),
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": str(rights.value),
    }
    house.discord.here = {**house.discord.here, "member": member}


def refused(status: int) -> discord.HTTPException:
    kind = {404: discord.NotFound, 403: discord.Forbidden}.get(status, discord.HTTPException)
    code = {404: 10008, 403: 50001, 429: 30046}[status]
    return kind(Answer(status), {"code": code, "message": "no"})  # type: ignore[arg-type]


async def press(house: House, shown: Sent, word: str, choice: str = "", **how: Any) -> list[Sent]:
    """Press what has *word* in its id, or choose from it; return what was sent until all is done."""
    before = len(house.discord.sent)
    if choice:
        how["values"] = [choice]
    await house.discord.press(shown, button(shown, word), **how)
    await house.desk.settle()
    return house.discord.sent[before:]


def many(texts: int) -> Reading:
    return reading(
        *(f"Comment number {n} says a thing or two about the lane." for n in range(texts))
    )


# --- opening ---------------------------------------------------------------------------------------


async def test_a_position_opens_for_the_one_who_chose_it(house: House) -> None:
    """
    Privately: its summary, how it stands to the question, all its comments with author, time and link.
    """
    place = READING.discussions[0]
    dated = tuple(
        replace(c, url=f"{LINK}#c{n}", posted_at=READING.read_at)
        for n, c in enumerate(place.comments, 1)
    )
    house.ready(replace(READING, discussions=(replace(place, comments=dated),)), drafts=0)
    claim = replace(DRAFT.claims[0], summary="Shopkeepers feel passed over.")
    house.model.answers.append(replace(DRAFT, claims=(claim, DRAFT.claims[1])))
    card = (await summarize(house))[-1]
    (page,) = await press(house, card, "chorus:open", "1")

    when = f"<t:{int(READING.read_at.timestamp())}:f>"
    assert (RESPOND, 4, True) == (page.how, page.payload["type"], page.private)
    for part in (
        "1. The shops were not asked",
        "▰▰▰▰▰▱▱▱▱▱ 2 of 4",
        "Should the lane be built? 2 against",
        "Shopkeepers feel passed over.",
        "> Where will my customers park? Nobody asked the shops.",
        f"[reader2](<{LINK}#c2>) · {when}",
        f"[reader3](<{LINK}#c3>) · {when}",
    ):
        assert part in page.text.replace("\u200b", "")
    assert "children" not in page.text


async def test_every_comment_is_on_one_page(house: House) -> None:
    """
    All of 60 comments, a page at a time: turning edits the private page in place.
    """
    house.ready(many(60))
    card = (await summarize(house))[-1]
    (page,) = await press(house, card, "chorus:open", "all")
    seen, pages = page.text, 1
    while True:
        further = [c for c in walk(page.data["components"]) if c.get("label") == "Next"]
        if further[0].get("disabled"):
            break
        (page,) = await press(house, page, further[0]["custom_id"], private=True)
        assert 7 == page.payload["type"]
        seen, pages = seen + page.text, pages + 1

    assert pages > 3
    assert f"{pages} of {pages}" in [c.get("label") for c in walk(page.data["components"])]
    assert all(1 == seen.count(f"number {n} says") for n in range(60))


async def test_those_in_no_position_are_opened_too(house: House) -> None:
    """
    Nobody is left out.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (page,) = await press(house, card, "chorus:open", "rest")

    assert "In no position" in page.text
    assert "I take the bus." in page.text
    assert "children" not in page.text


async def test_what_is_nearly_the_same_is_shown_once_with_its_number(house: House) -> None:
    """
    A campaign of three is one comment, ×3.
    """
    same = "Stop the Mill Road lane! It kills our shops and nobody wants it at all."
    house.ready(reading(same, same + "!", "I take the bus.", same.upper()), drafts=0)
    ids = {str(n): Cid(f"page:{n}") for n in range(1, 5)}
    claim = Claim("Stop it", "", "opposes", ("1", "2", "4"), (Cited("1", "Stop the"),))
    copies = ((Cid("page:1"), Cid("page:2"), Cid("page:4")),)
    house.model.answers.append(replace(DRAFT, claims=(claim,), ids=ids, copies=copies))
    card = (await summarize(house))[-1]
    (page,) = await press(house, card, "chorus:open", "1")

    assert "3 of 4" in page.text
    assert 1 == page.text.lower().count("stop the mill")
    assert "· ×3" in page.text


async def test_from_a_page_another_one_is_opened_in_its_place(house: House) -> None:
    """
    The list below a page shows what is open, and edits the page.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (page,) = await press(house, card, "chorus:open", "1")
    (other,) = await press(house, page, "chorus:turn", "2", private=True)

    chosen = [
        o["label"]
        for c in walk(other.data["components"])
        for o in c.get("options", ())
        if o["default"]
    ]
    assert 7 == other.payload["type"]
    assert "It keeps children safe" in other.text
    assert ["2. It keeps children safe"] == chosen


async def test_the_list_goes_on_where_there_are_more_than_25(house: House) -> None:
    """
    Its last option leads to the next ones, privately.
    """
    house.ready(many(60), drafts=0)
    ids = {str(n): Cid(f"page:{n}") for n in range(1, 61)}
    claims = tuple(
        Claim(f"View {n}", "", "other", (str(n),), (Cited(str(n), "says a thing"),))
        for n in range(1, 61)
    )
    house.model.answers.append(replace(DRAFT, claims=claims, ids=ids))
    card = (await summarize(house))[-1]
    (further,) = [
        option["value"]
        for c in walk(card.data["components"])
        for option in c.get("options", ())
        if option["value"].startswith("from:")
    ]
    (chooser,) = await press(house, card, "chorus:open", further)
    (page,) = await press(house, chooser, "chorus:turn", "40", private=True)

    assert chooser.private
    assert "Which position?" in chooser.text
    assert "40. View" in page.text


@pytest.mark.parametrize("value", ["0", "99999", "from:x", "from:99999999999", "<@1>", "rest "])
async def test_a_choice_that_was_made_up_is_a_sentence(house: House, value: str) -> None:
    """
    Whatever a client sends, the answer is a list or one sentence.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (answer,) = await press(house, card, "chorus:open", value)

    assert answer.private
    assert "no longer kept" in answer.text or "Which position?" in answer.text


async def test_what_was_put_out_before_a_restart_works(house: House) -> None:
    """
    A card of an earlier run opens, and its page turns.
    """
    house.ready(many(30))
    card = (await summarize(house))[-1]
    house.start()
    (page,) = await press(house, card, "chorus:open", "all")
    house.start()
    (turned,) = await press(house, page, ":all:1", private=True)

    assert "number 0 says" in page.text
    assert 7 == turned.payload["type"]


async def test_an_expired_digest_is_said(house: House) -> None:
    """
    A button whose digest is gone says so instead of "interaction failed".
    """
    house.ready()
    card = (await summarize(house))[-1]
    await forget_digests(house)
    (answer,) = await press(house, card, "chorus:open", "1")

    assert "no longer kept" in answer.text
    assert answer.private


async def test_an_error_that_cannot_be_said_is_a_warning(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """
    Where the connection to Discord breaks just then, that is no bug of ours: one line, no traceback.
    """
    house.ready()
    card = (await summarize(house))[-1]
    await forget_digests(house)
    house.discord.failures["create_interaction_response"] = deque([OSError("broken")])
    with caplog.at_level("WARNING"):
        assert [] == await press(house, card, "chorus:open", "1")

    assert ["an error could not be said: broken"] == [r.getMessage() for r in caplog.records]
    assert [None] == [r.exc_info for r in caplog.records]


async def forget_digests(house: House) -> None:
    async with house.orders._database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM digests")


async def test_a_bug_in_a_button_is_a_reference(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whatever a button raises, the person gets a sentence with the reference that is in the log.
    """
    house.ready()
    card = (await summarize(house))[-1]

    async def broken(key: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(house.digesting, "kept", broken)
    (answer,) = await press(house, card, "chorus:open", "1")

    reference = re.search(r"reference (\w{8})", answer.text)
    assert reference
    assert reference[1] in caplog.text


# --- refresh ---------------------------------------------------------------------------------------


async def test_refresh_edits_the_card_and_says_what_changed(house: House) -> None:
    """
    *Refresh* puts the new card in the place of the old; no progress covers it; what is new is said in French.
    """
    said = READING.discussions[0]
    more = replace(
        READING,
        hash="r2",
        discussions=(
            replace(said, comments=(*said.comments, comment(5, "Nobody asked me either."))),
        ),
    )
    house.ready(READING, more, drafts=1)
    card = (await summarize(house, locale="fr"))[-1]
    first = DRAFT.claims[0]
    ids = {**DRAFT.ids, "5": Cid("page:5")}
    grown = replace(first, comments=("2", "3", "5"))
    house.model.answers.append(replace(DRAFT, claims=(grown, DRAFT.claims[1]), ids=ids))
    house.clock.tick(timedelta(minutes=10))
    sent = await press(house, card, "chorus:fresh", locale="fr")

    assert [(RESPOND, 6)] == [(sent[0].how, sent[0].payload["type"])]
    assert [EDIT] == [one.how for one in sent[1:]]
    assert "5 commentaires" in sent[-1].text
    assert "1 nouveau commentaire" in sent[-1].text
    assert "The shops were not asked: 50\u202f% → 60\u202f%" in sent[-1].text.replace(
        "\u00a0", "\u202f"
    )


async def test_a_failed_refresh_leaves_the_card(house: House) -> None:
    """
    The card stays; only the one who pressed hears why.
    """
    house.ready(READING, PageNotFound(host="town.example"))
    card = (await summarize(house))[-1]
    sent = await press(house, card, "chorus:fresh")

    assert EDIT not in [one.how for one in sent]
    assert FOLLOW == sent[-1].how
    assert sent[-1].private


async def test_a_refresh_that_finds_nothing_new_says_so(house: House) -> None:
    """
    To the one who pressed; the card shows when it was read again.
    """
    house.ready(READING, replace(READING, read_at=READ_AT + timedelta(hours=1)))
    card = (await summarize(house))[-1]
    house.clock.tick(timedelta(minutes=10))
    sent = await press(house, card, "chorus:fresh", locale="fr")

    assert [RESPOND, EDIT, FOLLOW] == [one.how for one in sent]
    assert "Relu\u00a0: rien n’a changé." == sent[-1].text
    assert sent[-1].private


async def test_a_refresh_whose_model_fails_leaves_the_positions(house: House) -> None:
    """
    Extracts do not take the place of everybody's positions; the one who pressed gets them, and why.
    """
    house.ready(READING, replace(READING, hash="r2"))
    card = (await summarize(house))[-1]
    house.model.answers.append(ModelTimeout(seconds=9))
    house.clock.tick(timedelta(minutes=10))
    sent = await press(house, card, "chorus:fresh")

    assert [RESPOND, FOLLOW] == [one.how for one in sent]
    assert "no opinion is counted" in sent[-1].text
    assert sent[-1].private
    assert "en" == (await house.cards.get(card.id)).brief.language  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [404, 403, 429])
async def test_a_card_that_cannot_be_edited_any_more_is_posted_anew(
    house: House, status: int
) -> None:
    """
    Deleted, out of sight, or old and edited too often: the answer is there for those who wait for it.
    """
    house.ready(READING, replace(READING, hash="r2"), drafts=2)
    card = (await summarize(house))[-1]
    house.discord.failures[EDIT] = deque([refused(status)])
    sent = await press(house, card, "chorus:fresh")

    assert POST == sent[-1].how
    assert "The shops were not asked" in sent[-1].text


# --- language --------------------------------------------------------------------------------------


async def test_language_is_for_the_one_who_chose(house: House) -> None:
    """
    *More…* lists languages privately, and the digest takes the place of the list; the public card is untouched.
    """
    house.ready(drafts=2)
    card = (await summarize(house))[-1]
    (panel,) = await press(house, card, "chorus:more")
    sent = await press(house, panel, "chorus:in", "de", private=True)

    assert panel.private
    assert "de" == house.model.asked[-1][1].language
    assert {RESPOND, EDIT} == {one.how for one in sent}
    assert "The shops were not asked" in sent[-1].text
    assert "Change the public card" not in str(sent[-1].data)
    assert 1 == len(house.reader.asked)


async def test_a_moderator_may_put_it_in_the_place_of_the_public_card(house: House) -> None:
    """
    A second button in the private answer: the card is edited in its language, and known to be in it.
    """
    house.ready(drafts=2)
    card = (await summarize(house))[-1]
    be(house, 8, MODERATOR)
    (panel,) = await press(house, card, "chorus:more")
    for _ in range(2):  # made now, and kept from then on
        answer = (await press(house, panel, "chorus:in", "fr", private=True))[-1]
        sent = await press(house, answer, "chorus:show", private=True)

        (edited,) = [one for one in sent if one.how == CHANGE]
        assert "2 sur 4" in edited.text
        assert "chorus:show" not in str(edited.data)
        assert "The public card is changed." in sent[-1].text
    known = await house.cards.get(card.id)
    assert known
    assert (4, "fr") == (known.asker, known.brief.language)


async def test_who_is_no_moderator_any_more_changes_nothing(house: House) -> None:
    """
    The right is asked for when the button is pressed.
    """
    house.ready(drafts=2)
    card = (await summarize(house))[-1]
    be(house, 8, MODERATOR)
    (panel,) = await press(house, card, "chorus:more")
    answer = (await press(house, panel, "chorus:in", "fr", private=True))[-1]
    be(house, 8)
    (refused,) = await press(house, answer, "chorus:show", private=True)

    assert "Manage Messages" in refused.text
    assert refused.private


async def test_a_public_card_that_is_gone_is_said(house: House) -> None:
    """
    Deleted in between: a sentence.
    """
    house.ready(drafts=2)
    card = (await summarize(house))[-1]
    be(house, 8, MODERATOR)
    (panel,) = await press(house, card, "chorus:more")
    answer = (await press(house, panel, "chorus:in", "fr", private=True))[-1]
    house.discord.failures[CHANGE] = deque([refused(404)])
    sent = await press(house, answer, "chorus:show", private=True)

    assert "it was deleted" in sent[-1].text
    assert sent[-1].private


# --- elsewhere -------------------------------------------------------------------------------------


def lead_of(card: Sent, n: int = 0) -> str:
    (select,) = [
        c for c in walk(card.data["components"]) if "chorus:lead" in c.get("custom_id", "")
    ]
    return str(select["options"][n]["value"])


async def test_a_lead_is_digested_apart_for_the_one_who_chose_it(house: House) -> None:
    """
    A discussion elsewhere is read by its own link and answered privately; the public card is untouched.
    """
    elsewhere = reading("Cars first.", "Lanes first.", "Buses.", hash="r2")
    house.ready(replace(READING, leads=LEADS), elsewhere, drafts=2)
    card = (await summarize(house))[-1]
    sent = await press(house, card, "chorus:lead", lead_of(card), locale="de")

    assert (5, True) == (sent[0].payload["type"], sent[0].private)
    assert "https://news.ycombinator.com/item?id=1" == house.reader.asked[-1]
    assert "de" == house.model.asked[-1][1].language
    assert {EDIT} == {one.how for one in sent[1:]}
    assert "3 comments" in sent[-1].text


async def test_a_lead_that_is_no_longer_found_is_said(house: House) -> None:
    """
    Read again, the same text may have other leads: an old list never opens another discussion.
    """
    house.ready(replace(READING, leads=LEADS), replace(READING, leads=LEADS[1:]))
    card = (await summarize(house))[-1]
    await house.digesting.read(LINK, PUBLIC, nobody)
    (answer,) = await press(house, card, "chorus:lead", lead_of(card))

    assert "no longer kept" in answer.text
    assert [LINK, LINK] == house.reader.asked


# --- export ----------------------------------------------------------------------------------------


async def test_export_gives_two_files_to_the_one_who_asked(house: House) -> None:
    """
    Markdown and JSON, each shown by a file component of a private message.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (panel,) = await press(house, card, "chorus:more")
    (sent,) = await press(house, panel, "chorus:export", private=True)

    assert (RESPOND, True) == (sent.how, sent.private)
    assert ["the-lane-en.md", "the-lane-en.json"] == list(sent.files)
    assert ["attachment://the-lane-en.md", "attachment://the-lane-en.json"] == [
        c["file"]["url"] for c in walk(sent.data["components"]) if c["type"] == 13
    ]
    assert [] == faults(CALLBACK, sent.payload)
    assert "1. **The shops were not asked**" in sent.files["the-lane-en.md"].decode()
    assert ["page:2", "page:3"] == json.loads(sent.files["the-lane-en.json"])["positions"][0][
        "comments"
    ]


async def test_a_file_larger_than_discord_takes_is_named(house: House) -> None:
    """
    It is left out, and said so; the other one is there.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (panel,) = await press(house, card, "chorus:more")
    house.discord.here = {"attachment_size_limit": 900}
    (sent,) = await press(house, panel, "chorus:export", private=True)

    assert ["the-lane-en.md"] == list(sent.files)
    assert "the-lane-en.json is larger than Discord takes here." in sent.text


# --- remove ----------------------------------------------------------------------------------------


async def test_the_asker_removes_the_card_and_nothing_else(house: House) -> None:
    """
    The message is deleted; the digest is kept, and the same link costs nothing again.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (panel,) = await press(house, card, "chorus:more")
    sent = await press(house, panel, "chorus:gone", private=True)
    again = await press(house, panel, "chorus:gone", private=True)

    assert [REMOVE] == [one.how for one in sent if one.how not in {RESPOND, ORIGINAL}]
    assert "The card is removed." in sent[-1].text
    assert None is await house.cards.get(card.id)
    assert "Only the person who asked" in again[-1].text  # there is none any more
    assert "The shops were not asked" in (await summarize(house))[-1].text
    assert 1 == len(house.model.asked)


async def test_a_moderator_may_remove_it_too_even_twice(house: House) -> None:
    """
    Where somebody was faster it is as well.
    """
    house.ready()
    card = (await summarize(house))[-1]
    be(house, 8, MODERATOR)
    (panel,) = await press(house, card, "chorus:more")
    await press(house, panel, "chorus:gone", private=True)
    house.discord.failures[REMOVE] = deque([refused(404)])
    sent = await press(house, panel, "chorus:gone", private=True)

    assert "The card is removed." in sent[-1].text


async def test_nobody_else_is_offered_removal_or_has_it(house: House) -> None:
    """
    The button is not there; a copied one is refused with a sentence.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (theirs,) = await press(house, card, "chorus:more")
    be(house, 8)
    (panel,) = await press(house, card, "chorus:more")
    sent = await press(house, theirs, "chorus:gone", private=True)

    assert "chorus:gone" not in str(panel.data)
    assert [RESPOND] == [one.how for one in sent]
    assert "Only the person who asked" in sent[0].text


async def test_a_private_card_cannot_be_removed(house: House) -> None:
    """
    Discord lets the reader dismiss it.
    """
    house.ready()
    card = (await summarize(house, private=True))[-1]
    (panel,) = await press(house, card, "chorus:more", private=True)

    assert "chorus:gone" not in str(panel.data)
    assert button(panel, "chorus:in").endswith(":0")


# --- ask -------------------------------------------------------------------------------------------


async def test_ask_opens_a_form_and_answers_privately(house: House) -> None:
    """
    The form at once; then an answer with the words it rests on and a link to each.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (form,) = await press(house, card, "chorus:ask")
    before = len(house.discord.sent)
    await house.discord.fill_in(card, form, question="Where to *park*?")
    await house.desk.settle()
    thinking, *_, answer = house.discord.sent[before:]

    assert FORM == form.payload["type"]
    assert (RESPOND, 5, True) == (thinking.how, thinking.payload["type"], thinking.private)
    assert EDIT == answer.how
    assert "Where to *park*?" in answer.text
    assert "> Where will my customers park? Nobody asked the shops. —\u00a0reader2" in answer.text


async def test_a_question_is_at_the_cost_of_who_asks_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Person, server and channel, as for a digest.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (form,) = await press(house, card, "chorus:ask")
    paid: list[Spender] = []

    answer = house.answering.answer

    async def watched(of: Reading, question: str, *rest: Any, **more: Any) -> Any:
        paid.append(rest[-1])
        return await answer(of, question, *rest, **more)

    monkeypatch.setattr(house.answering, "answer", watched)
    await house.discord.fill_in(card, form, question="parking")
    await house.desk.settle()

    assert [(4, 10, 20)] == [(x.user, x.guild, x.channel) for x in paid]


async def test_a_form_that_was_opened_before_a_restart_is_answered(house: House) -> None:
    """
    The library has forgotten it; what it needs is in its id.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (form,) = await press(house, card, "chorus:ask")
    house.start()
    await house.discord.fill_in(card, form, question="parking", locale="fr")
    await house.desk.settle()

    assert "customers park" in house.discord.last.text


async def test_a_form_about_an_expired_digest_is_a_sentence(house: House) -> None:
    """
    Privately.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (form,) = await press(house, card, "chorus:ask")
    await forget_digests(house)
    await house.discord.fill_in(card, form, question="parking")
    await house.desk.settle()

    assert "no longer kept" in house.discord.last.text
    assert house.discord.last.private


async def test_a_bug_behind_a_form_is_a_reference(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    "Thinking…" never stays.
    """
    house.ready()
    card = (await summarize(house))[-1]
    (form,) = await press(house, card, "chorus:ask")

    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(house.answering, "answer", broken)
    await house.discord.fill_in(card, form, question="parking")
    await house.desk.settle()

    assert EDIT == house.discord.last.how
    assert "reference" in house.discord.last.text
    assert "ZeroDivisionError" in caplog.text


# --- wrong? ----------------------------------------------------------------------------------------


async def opened(
    house: House, card: Sent, who: int, rights: discord.Permissions = MAY_TALK
) -> Sent:
    be(house, who, rights)
    (page,) = await press(house, card, "chorus:open", "1")
    return page


async def test_a_reader_flags_a_quote_and_moderators_see_it(house: House) -> None:
    """
    One form, one flag a person and thing; who does not moderate sees none.
    """
    house.ready()
    card = (await summarize(house))[-1]
    for who, note in ((8, "she did not\nsay that"), (8, "she did *not*"), (9, "")):
        page = await opened(house, card, who)
        (form,) = await press(house, page, "chorus:wrong", private=True)
        await house.discord.fill_in(page, form, private=True, what="0", note=note)
        assert "Thank you" in house.discord.last.text
        assert house.discord.last.private

    (key,) = re.findall(r"chorus:turn:(\w{24})", str(page.data))
    digested = await house.digesting.kept(key)
    assert digested
    held = digested.digest.positions[0]
    flags = await house.flags.of([key], held.key)
    assert [(8, held.quotes[0], "she did *not*"), (9, held.quotes[0], "")] == [
        (flag.person, flag.quote, flag.note) for flag in flags
    ]
    assert "Flagged" not in (await opened(house, card, 9)).text
    moderators = (await opened(house, card, 7, MODERATOR)).text
    assert "Flagged by 2 readers" in moderators
    assert "“she did *not*”" in moderators


async def test_a_position_itself_can_be_flagged(house: House) -> None:
    """
    It is what the form begins with; whatever else comes in is taken for it.
    """
    house.ready()
    card = (await summarize(house))[-1]
    page = await opened(house, card, 8)
    (form,) = await press(house, page, "chorus:wrong", private=True)
    for what in ("position", "77", ""):
        await house.discord.fill_in(page, form, private=True, what=what)

    assert "Flagged by 1 reader" in (await opened(house, card, 7, MODERATOR)).text


async def test_a_flag_on_the_digest_it_was_made_from_counts(house: House) -> None:
    """
    A position keeps its key in another language.
    """
    house.ready()
    card = (await summarize(house))[-1]
    page = await opened(house, card, 8)
    (form,) = await press(house, page, "chorus:wrong", private=True)
    await house.discord.fill_in(page, form, private=True, what="position")
    (key,) = re.findall(r"chorus:turn:(\w{24})", str(page.data))
    digested = await house.digesting.kept(key)
    assert digested
    german: Digest = replace(digested.digest, key="b" * 24, basis=key)
    await house.digesting._shelf.keep_digest(german)

    card = replace(card, payload=json.loads(json.dumps(card.payload).replace(key, "b" * 24)))
    assert "Flagged by 1 reader" in (await opened(house, card, 7, MODERATOR)).text


# --- cancel ----------------------------------------------------------------------------------------


class Slow:
    """A reader that waits until it is let go."""

    def __init__(self, house: House) -> None:
        self.go = asyncio.Event()
        self.stopped = 0
        house.ready()
        house.reader.read = self.read  # type: ignore[method-assign]

    async def read(self, target: str, audience: Any, report: Report) -> Reading:
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return READING


async def under_way(house: House) -> Sent:
    """Ask, and return the progress that is shown."""
    before = len(house.discord.sent)
    await house.discord.slash("summarize", link=LINK)
    while not any(one.how == EDIT for one in house.discord.sent[before:]):
        await asyncio.sleep(0)
    return house.discord.last


async def test_the_asker_cancels_what_is_under_way(house: House) -> None:
    """
    Progress carries the button; reading stops, the answer is one word, and nothing is left to be done.
    """
    slow = Slow(house)
    progress = await under_way(house)
    sent = await press(house, progress, "chorus:stop")

    assert "Reading the page…" in progress.text
    assert 1 == slow.stopped
    assert {"Cancelled."} == {one.text for one in sent}
    assert [] == await house.orders.open()
    assert "nothing left to cancel" in (await press(house, progress, "chorus:stop"))[-1].text


async def test_others_cancel_nothing_but_a_moderator_may(house: House) -> None:
    """
    A sentence for everybody else.
    """
    slow = Slow(house)
    progress = await under_way(house)
    be(house, 8)
    before = len(house.discord.sent)
    await house.discord.press(progress, button(progress, "chorus:stop"))
    (refused,) = house.discord.sent[before:]
    be(house, 8, MODERATOR)
    sent = await press(house, progress, "chorus:stop")

    assert "Only the person who asked" in refused.text
    assert refused.private
    assert 1 == slow.stopped
    assert "Cancelled." in sent[-1].text


async def test_who_asks_for_the_same_is_not_cancelled_with_it(house: House) -> None:
    """
    One leaves, the run goes on for the other.
    """
    slow = Slow(house)
    progress = await under_way(house)
    be(house, 8)
    await under_way(house)
    be(house, 4)
    await house.discord.press(progress, button(progress, "chorus:stop"))
    slow.go.set()
    await house.desk.settle()

    assert 0 == slow.stopped
    assert 1 == len(house.model.asked)
    assert "The shops were not asked" in house.discord.last.text


async def test_cancel_survives_a_restart(house: House) -> None:
    """
    The button of an earlier run finds the order that was taken up again.
    """
    Slow(house)
    progress = await under_way(house)
    await house.desk.close(0)
    house.start()
    await house.desk.resume()
    await asyncio.sleep(0)
    sent = await press(house, progress, "chorus:stop")

    assert "Cancelled." in sent[-1].text
    assert [] == await house.orders.open()


async def test_a_cancelled_order_whose_token_has_died_is_not_told_to_the_channel(
    house: House,
) -> None:
    """
    Whoever pressed has seen it.
    """
    Slow(house)
    progress = await under_way(house)
    house.clock.tick(timedelta(minutes=15))
    sent = await press(house, progress, "chorus:stop")

    assert [(RESPOND, "Cancelled.")] == [(one.how, one.text) for one in sent]
    assert [] == await house.orders.open()


# --- all of them -----------------------------------------------------------------------------------


async def test_everything_sent_pings_nobody_and_keeps_the_limits(house: House) -> None:
    """
    Every message and form sent is within Discord's limits and fits Discord's published description.
    """
    house.ready(replace(READING, leads=LEADS), drafts=2)
    card = (await summarize(house))[-1]
    await summarize(house)
    (page,) = await press(house, card, "chorus:open", "1")
    await press(house, card, "chorus:ask")
    await press(house, page, "chorus:wrong", private=True)
    (panel,) = await press(house, card, "chorus:more")
    await press(house, panel, "chorus:export", private=True)
    await press(house, panel, "chorus:in", "de", private=True)
    await house.discord.slash("help")
    await summarize(house, link="nope")
    await summarize(house, link="https://discord.com/channels/10/20")

    for sent in house.discord.sent:
        assert [] == sent.data.get("allowed_mentions", {"parse": []})["parse"]
        if sent.how == RESPOND:
            assert [] == faults(CALLBACK, sent.payload)
        elif sent.data.get("components"):
            assert [] == message_faults(sent.data)
            assert sent.data["flags"] & COMPONENTS_V2
