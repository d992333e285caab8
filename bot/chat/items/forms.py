"""What the forms of a card and a page bring in."""

from __future__ import annotations

import discord

from bot.chat.cards import notice
from bot.chat.facts import numbered
from bot.chat.forms import MOST_NOTE, MOST_QUESTION
from bot.chat.items.form import Form
from bot.chat.items.pressed import KEY, digest_of
from bot.chat.questions import ask_question
from bot.chat.services import Services, words_of
from bot.core.flags import Flag
from bot.core.models import Digested
from bot.core.ports import Question
from bot.errors import Expired


class OfDigest(Form):
    """Base of what belongs to a digest: looks it up, and whether the one who sent the form may have it."""

    async def act(self, interaction: discord.Interaction, services: Services) -> None:
        """Find the digest, then take the form."""
        digested = await digest_of(interaction, services, self.found["key"])
        await self.take(interaction, services, digested)

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Do what this form is for."""
        raise NotImplementedError


class Asked(OfDigest):
    """A question about what a digest is of."""

    template = rf"chorus:asked:{KEY}"

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Answer it, privately."""
        reading = digested.reading
        question = Question(self.fields.get("question", "")[:MOST_QUESTION], reading.hash)
        about = (reading.target, reading.audience)
        await ask_question(interaction, services, about, question, private=True)


class Flagged(OfDigest):
    """A reader's word that a position or a quote is wrong."""

    template = rf"chorus:flag:{KEY}:(?P<number>\d{{1,5}})"

    async def take(
        self, interaction: discord.Interaction, services: Services, digested: Digested
    ) -> None:
        """Keep it, and thank them."""
        number, what = int(self.found["number"]), self.fields.get("what", "")
        one = next((x for x in numbered(digested) if x.number == number), None)
        if one is None:
            raise Expired
        quotes = {str(n): quote for n, quote in enumerate(one.position.quotes)}
        await services.flags.put(
            Flag(
                digest=digested.digest.key,
                position=one.position.key,
                quote=quotes.get(what),
                person=interaction.user.id,
                at=services.clock.now(),
                note=" ".join(self.fields.get("note", "").split())[:MOST_NOTE],
            )
        )
        said = words_of(interaction).say("Thank you. Moderators see it beside the position.")
        await interaction.response.send_message(view=notice(said), ephemeral=True)


FORMS: tuple[type[Form], ...] = (Asked, Flagged)
