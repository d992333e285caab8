"""What each route of the REST API does to what Discord keeps."""

from __future__ import annotations

from typing import Any

from tests.chat.fake_discord import COMPONENTS_V2
from tests.chat.server import PUBLIC_THREAD
from tests.discord.checks import CALLBACK, EDIT, FOLLOW, PATCH, POST
from tests.discord.commands import Commands
from tests.discord.gateway import Gateway
from tests.discord.guild import THREADS
from tests.discord.interactions import CHANGE, SAY, THINK, Interactions
from tests.discord.posts import Post
from tests.discord.refused import Refused, missing_permissions
from tests.discord.rest import Call, Handler
from tests.discord.state import BOT, State

Json = dict[str, Any]

TYPING = "POST /channels/{channel_id}/typing"
COMMANDS = "PUT /applications/{application_id}/commands"
ME = "GET /users/@me"

MESSAGE_CONTENT_LIMITED = 1 << 19
"""The application's flag where the privileged intent is on, for bots in few servers."""


class Routes:
    """All routes, by the names of Discord's description."""

    def __init__(
        self, state: State, gateway: Gateway, interactions: Interactions, commands: Commands
    ) -> None:
        self._state = state
        self._gateway = gateway
        self._interactions = interactions
        self._commands = commands
        self.typing: list[int] = []  # the channels in which the bot was seen to type

    def all(self) -> dict[str, Handler]:
        """Return every route; of two that fit a path the first is taken."""
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        channel, guild = "/channels/{channel_id}", "/guilds/{guild_id}"
        application = "/applications/{application_id}"
        return {
            ME: lambda _: self._state.bot,
            "GET /users/{user_id}": self._user,
            "POST /users/@me/channels": self._direct,
            "GET /gateway/bot": self._recommended,
            "GET /oauth2/applications/@me": self._application,
            "GET /applications/@me": self._application,
            f"GET {application}/commands": lambda _: self._commands.all(None),
            COMMANDS: lambda call: self._commands.replace(None, call.body),
            f"GET {application}/guilds/{{guild_id}}/commands": self._guild_commands,
            f"PUT {application}/guilds/{{guild_id}}/commands": self._put_guild_commands,
            CALLBACK: self._callback,
            FOLLOW: self._follow,
            f"GET {hook}/messages/{{message_id}}": lambda call: self._of_token(call).payload,
            EDIT: self._edit_of_token,
            f"DELETE {hook}/messages/{{message_id}}": self._delete_of_token,
            f"GET {channel}": self._channel,
            f"DELETE {channel}": self._delete_channel,
            TYPING: self._type,
            f"GET {channel}/messages": self._history,
            POST: self._post,
            f"GET {channel}/messages/pins": self._pins,
            f"PUT {channel}/messages/pins/{{message_id}}": lambda call: self._pin(call, on=True),
            f"DELETE {channel}/messages/pins/{{message_id}}": lambda call: self._pin(
                call, on=False
            ),
            f"GET {channel}/pins": self._pins_as_before,
            f"PUT {channel}/pins/{{message_id}}": lambda call: self._pin(call, on=True),
            f"DELETE {channel}/pins/{{message_id}}": lambda call: self._pin(call, on=False),
            f"GET {channel}/messages/{{message_id}}": self._message,
            PATCH: self._edit,
            f"PUT {channel}/messages/{{message_id}}/reactions/{{emoji_name}}/@me": self._react,
            f"DELETE {channel}/messages/{{message_id}}": self._delete,
            f"POST {channel}/messages/{{message_id}}/threads": self._thread_below,
            f"POST {channel}/threads": self._thread,
            f"GET {channel}/thread-members/{{user_id}}": self._thread_member,
            f"PUT {channel}/thread-members/@me": self._join_thread,
            f"GET {guild}": lambda call: self._guild(call).payload(BOT),
            f"GET {guild}/channels": lambda call: list(self._guild(call).channels.values()),
            f"GET {guild}/roles": lambda call: list(self._guild(call).roles.values()),
            f"GET {guild}/threads/active": self._active_threads,
            f"GET {guild}/members/{{user_id}}": self._member,
        }

    # who and what

    def _user(self, call: Call) -> Json:
        found = self._state.users.get(call.id("user_id"))
        if found is None:
            raise Refused(404, 10013, "Unknown User")
        return found

    def _direct(self, call: Call) -> Json:
        return self._state.dms[self._state.dm(int(call.body["recipient_id"]))]

    def _recommended(self, _: Call) -> Json:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {
            "url": self._gateway.url,
            "shards": self._gateway.shards,
            "session_start_limit": limit,
        }

    def _application(self, _: Call) -> Json:
        return {
            "id": str(BOT),
            "name": "Chorus",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": MESSAGE_CONTENT_LIMITED if self._state.message_content else 0,
            "owner": next(iter(self._state.users.values())),
        }

    def _guild_commands(self, call: Call) -> list[Json]:
        return self._commands.all(self._guild(call).id)

    def _put_guild_commands(self, call: Call) -> list[Json]:
        return self._commands.replace(self._guild(call).id, call.body)

    # interactions and their tokens

    def _callback(self, call: Call) -> Json | None:
        asked = self._interactions.acknowledge(
            call.id("interaction_id"), call.ids["interaction_token"], call.body
        )
        if call.query.get("with_response") not in {"1", "true", "True"}:
            return None
        told: Json = {"id": str(asked.id), "type": asked.kind}
        resource: Json = {"type": asked.how}
        if asked.how in {SAY, THINK, CHANGE} and asked.original is not None:
            post = asked.original
            told |= {
                "response_message_id": str(post.id),
                "response_message_loading": post.thinking,
                "response_message_ephemeral": post.private,
            }
            resource["message"] = post.payload
        return {"interaction": told, "resource": resource}

    def _follow(self, call: Call) -> Json:
        return self._interactions.follow(call.ids["webhook_token"], call.body).payload

    def _of_token(self, call: Call) -> Post:
        return self._interactions.message(call.ids["webhook_token"], call.ids["message_id"])

    def _edit_of_token(self, call: Call) -> Json:
        return self._state.edit(self._of_token(call), call.body).payload

    def _delete_of_token(self, call: Call) -> None:
        self._state.delete(self._of_token(call))

    def layout(self, call: Call) -> bool:
        """Whether a request edits a message that has layout components already."""
        if call.route == EDIT:
            try:
                return bool(self._of_token(call).flags & COMPONENTS_V2)
            except Refused:
                return False
        if call.route == PATCH:
            post = self._state.posts.all.get(call.id("message_id"))
            return post is not None and bool(post.flags & COMPONENTS_V2)
        return False

    # channels and messages

    def _channel(self, call: Call) -> Json:
        id = call.id("channel_id")
        self._state.allow(id)
        return self._state.place(id)

    def _delete_channel(self, call: Call) -> Json:
        place = self._channel(call)
        thread = place["type"] in THREADS
        self._state.allow(int(place["id"]), manage_threads=thread, manage_channels=not thread)
        self._state.remove(int(place["id"]))
        return place

    def _type(self, call: Call) -> None:
        self._state.allow(call.id("channel_id"))
        self.typing.append(call.id("channel_id"))

    def _history(self, call: Call) -> list[Json]:
        channel = call.id("channel_id")
        guild = self._state.allow(channel)
        if guild and not guild.rights(BOT, channel).read_message_history:
            return []  # no error: "no messages will be returned"
        limit = call.number("limit") or 50
        if not 1 <= limit <= 100:
            raise Refused(400, 50035, "Invalid Form Body")
        found = self._state.posts.history(
            channel, limit, call.number("before"), call.number("after"), call.number("around")
        )
        return [self._state.seen(post) for post in found]

    def _post(self, call: Call) -> Json:
        return self._state.post(call.id("channel_id"), call.body).payload

    def _found(self, call: Call, **rights: bool) -> Post:
        channel = call.id("channel_id")
        self._state.allow(channel, **rights)
        return self._state.posts.one(call.id("message_id"), channel)

    def _message(self, call: Call) -> Json:
        return self._state.seen(self._found(call, read_message_history=True))

    def _edit(self, call: Call) -> Json:
        return self._state.edit(self._found(call), call.body).payload

    def _delete(self, call: Call) -> None:
        post = self._found(call)
        self._state.allow(post.channel, manage_messages=post.author != BOT)
        self._state.delete(post)

    def _react(self, call: Call) -> None:
        post = self._found(call, read_message_history=True, add_reactions=True)
        self._state.react(post, BOT, call.ids["emoji_name"])

    # pins

    def _pin(self, call: Call, *, on: bool) -> None:
        post = self._found(call, read_message_history=True, pin_messages=True)
        self._state.pin(post, on=on)

    def _pins(self, call: Call) -> Json:
        """The newest first, at most fifty, with when each was pinned."""
        self._state.allow(call.id("channel_id"))
        limit, before = call.number("limit") or 50, call.query.get("before")
        pinned = self._state.posts.pins(call.id("channel_id"))
        those = [p for p in pinned if not before or (p.pinned_at or "") < before]
        items = [{"pinned_at": p.pinned_at, "message": self._state.seen(p)} for p in those[:limit]]
        return {"items": items, "has_more": len(those) > limit}

    def _pins_as_before(self, call: Call) -> list[Json]:
        self._state.allow(call.id("channel_id"))
        pinned = self._state.posts.pins(call.id("channel_id"))
        return [self._state.seen(post) for post in pinned[:50]]

    # threads, servers, members

    def _thread_below(self, call: Call) -> Json:
        return self._start(call, self._found(call))

    def _thread(self, call: Call) -> Json:
        return self._start(call, None)

    def _start(self, call: Call, post: Post | None) -> Json:
        parent, kind = call.id("channel_id"), call.body.get("type", PUBLIC_THREAD)
        public = post is not None or kind == PUBLIC_THREAD
        guild = self._state.allow(
            parent, create_public_threads=public, create_private_threads=not public
        )
        if guild is None:
            raise missing_permissions()
        if post is not None and post.id in guild.threads:
            raise Refused(400, 160004, "A thread has already been created for this message")
        return guild.threads[self._state.thread(guild, parent, call.body["name"], BOT, post)]

    def _thread_member(self, call: Call) -> Json:
        thread, user = call.id("channel_id"), call.id("user_id")
        guild = self._state.allow(thread)
        if guild is None or user not in guild.joined.get(thread, set()):
            raise Refused(404, 10007, "Unknown Member")
        joined = guild.threads[thread]["thread_metadata"]["create_timestamp"]
        return {"id": str(thread), "user_id": str(user), "join_timestamp": joined, "flags": 0}

    def _join_thread(self, call: Call) -> None:
        guild = self._state.allow(call.id("channel_id"))
        if guild is not None:
            guild.joined[call.id("channel_id")].add(BOT)

    def _guild(self, call: Call) -> Any:
        return self._state.server(call.id("guild_id"))

    def _active_threads(self, call: Call) -> Json:
        guild = self._guild(call)
        those = [t for id, t in guild.threads.items() if guild.sees(BOT, id)]
        return {"threads": those, "members": []}

    def _member(self, call: Call) -> Json:
        found: Json = self._guild(call).one(call.id("user_id"))
        return found
