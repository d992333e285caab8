"""Discord's gateway (version 10) over a real websocket: sessions that outlive their connections."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.discord.bell import Bell
from tests.discord.state import BOT, State, emptied

Json = dict[str, Any]

(DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK) = (0, 1, 2, 6, 7, 9, 10, 11)

# intents, and the events that need one; interactions need none
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
GUILD_REACTIONS, DIRECT_REACTIONS = 1 << 10, 1 << 13
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT

BAD_TOKEN, BAD_SHARD, NOT_ALLOWED = 4004, 4010, 4014
NOT_AUTHENTICATED, BAD_SEQUENCE = 4003, 4007

MOST_FRAME = 4096
"""Larger messages are cut into several frames, as Discord cuts them: only the last ends in the flush marker."""


@dataclass
class Session:
    """What a client identified as: its events so far, sent or not, and the connection it has now."""

    id: str
    shard: tuple[int, int]
    intents: int
    events: list[Json] = field(default_factory=list)
    connection: Connection | None = None
    resumable: bool = True
    resumed: int = 0

    def tell(self, event: str, data: Any) -> None:
        """Send an event, or keep it for when the client resumes."""
        frame = {"op": DISPATCH, "t": event, "s": len(self.events) + 1, "d": data}
        self.events.append(frame)
        if self.connection is not None:
            self.connection.send(frame)


class Connection:
    """One websocket. What is sent waits in line while the gateway is told to be quiet."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        request: web.Request,
        talking: asyncio.Event,
        on_send: Callable[[Json], None],
    ) -> None:
        self.socket = socket
        self.on_send = on_send
        self.received: list[Json] = []
        self.closed_with: int | None = None
        self._request = request
        self._talking = talking
        self._line: asyncio.Queue[Json] = asyncio.Queue()
        # the library takes plain text too, so what this Python cannot compress is sent as it is
        compressed = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if compressed else None

    def send(self, frame: Json) -> None:
        self._line.put_nowait(frame)

    async def write(self) -> None:
        """Send what is in line, in its order, until the connection ends."""
        while True:
            frame = await self._line.get()
            await self._talking.wait()
            data = json.dumps(frame)
            self.on_send(frame)
            if self._zlib is None:
                await self.socket.send_str(data)
                continue
            packed = self._zlib.compress(data.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            for at in range(0, len(packed), MOST_FRAME):
                await self.socket.send_bytes(packed[at : at + MOST_FRAME])

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def close(self, code: int) -> None:
        """Close with a code. Only the frame is sent: the connection ends when the other side has answered it."""
        self.closed_with = code
        await self.socket.send_frame(code.to_bytes(2), aiohttp.WSMsgType.CLOSE)


class Gateway:
    """Everyone who is connected. Every method that acts does so on all live sessions, or on those of one *shard*."""

    def __init__(self, bell: Bell, token: str) -> None:
        self.bell = bell
        self.token = token
        self.state: State
        self.url = ""
        self.shards = 1  # how many `GET /gateway/bot` recommends
        self.heartbeat = 41.25  # seconds
        self.shut = False  # nobody gets in
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.on_send: Callable[[Json], None] = lambda _: None  # of connections made from then on
        self._talking = asyncio.Event()
        self._talking.set()

    def live(self, shard: int | None = None) -> list[Session]:
        """Return the sessions that are connected."""
        return [
            s for s in self.sessions if s.connection is not None and shard in (None, s.shard[0])
        ]

    async def ready(self, sessions: int = 1) -> None:
        """Wait until so many sessions are connected."""
        await self.bell.until(lambda: len(self.live()) >= sessions)

    def tell(self, event: str, data: Json, guild: int | None) -> None:
        """Send an event to every session that is to hear it, connected or not."""
        for session in self.sessions:
            if not session.resumable or not _hears(session, event, guild):
                continue
            shown = data
            if event.startswith("MESSAGE_") and "author" in data:
                open_to_bot = session.intents & MESSAGE_CONTENT or self.state.open_to_bot(data)
                shown = data if open_to_bot else emptied(data)
            session.tell(event, shown)
        self.bell.ring()

    def drop(self, shard: int | None = None) -> None:
        """Cut connections as a broken network does."""
        for session in self.live(shard):
            assert session.connection is not None
            session.connection.drop()
            session.connection = None

    async def close(self, code: int, shard: int | None = None) -> None:
        """Close connections with a code."""
        for session in self.live(shard):
            assert session.connection is not None
            await session.connection.close(code)

    def reconnect(self, shard: int | None = None) -> None:
        """Ask to reconnect and resume (op 7)."""
        self._send({"op": RECONNECT, "d": None}, shard)

    def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Call sessions invalid (op 9)."""
        for session in self.live(shard):
            session.resumable = resumable
        self._send({"op": INVALID, "d": resumable}, shard)

    def hush(self) -> None:
        """Say nothing any more, not even that a heartbeat was heard; what is to be said waits for `speak`."""
        self._talking.clear()

    def speak(self) -> None:
        self._talking.set()

    async def end(self) -> None:
        """Close every connection."""
        for connection in self.connections:
            await connection.socket.close(code=1001)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one client until it goes."""
        if self.shut:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request, self._talking, self.on_send)
        self.connections.append(connection)
        writing = asyncio.ensure_future(connection.write())
        connection.send(
            {"op": HELLO, "t": None, "s": None, "d": {"heartbeat_interval": self.heartbeat * 1000}}
        )
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    frame = json.loads(message.data)
                    connection.received.append(frame)
                    await self._hear(connection, frame)
                    self.bell.ring()
        finally:
            writing.cancel()
            for session in self.sessions:
                if session.connection is connection:
                    session.connection = None
                    if socket.close_code in (1000, 1001) and connection.closed_with is None:
                        session.resumable = False  # a client that closes so has said goodbye
            self.bell.ring()
        return socket

    async def _hear(self, connection: Connection, frame: Json) -> None:
        op, data = frame["op"], frame["d"]
        if op == HEARTBEAT:
            connection.send({"op": ACK, "t": None, "s": None, "d": None})
        elif op == IDENTIFY:
            await self._identify(connection, data)
        elif op == RESUME:
            await self._resume(connection, data)

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.token:
            await connection.close(BAD_TOKEN)
            return
        number, of = data.get("shard") or (0, 1)
        if not 0 <= number < of:
            await connection.close(BAD_SHARD)
            return
        allowed = MESSAGE_CONTENT if self.state.message_content else 0
        if data["intents"] & PRIVILEGED & ~allowed:
            await connection.close(NOT_ALLOWED)
            return
        session = Session(secrets.token_hex(16), (number, of), data["intents"])
        session.connection = connection
        self.sessions.append(session)
        mine = [g for g in self.state.guilds.values() if (g.id >> 22) % of == number]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": self.state.bot,
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [number, of],
                "application": {"id": str(BOT), "flags": 0},
                "session_type": "normal",
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "user_settings": {},
            },
        )
        for guild in mine:
            if guild.available and session.intents & GUILDS:
                session.tell("GUILD_CREATE", guild.payload(BOT))

    async def _resume(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.token:
            await connection.close(BAD_TOKEN)
            return
        known = next((s for s in self.sessions if s.id == data["session_id"]), None)
        if known is None or not known.resumable:
            connection.send({"op": INVALID, "t": None, "s": None, "d": False})
            return
        if not 0 <= (data["seq"] or 0) <= len(known.events):
            await connection.close(BAD_SEQUENCE)
            return
        missed = known.events[data["seq"] or 0 :]
        for frame in missed:
            connection.send(frame)
        known.connection, known.resumed = connection, known.resumed + 1
        known.tell("RESUMED", {})

    def _send(self, frame: Json, shard: int | None) -> None:
        for session in self.live(shard):
            assert session.connection is not None
            session.connection.send({"t": None, "s": None, **frame})


def _hears(session: Session, event: str, guild: int | None) -> bool:
    """Whether an event is of the session's shard, and among what it asked to hear."""
    number, of = session.shard
    if number != ((guild >> 22) % of if guild else 0):
        return False
    if event.startswith("MESSAGE_REACTION_"):
        return bool(session.intents & (GUILD_REACTIONS if guild else DIRECT_REACTIONS))
    if event.startswith("MESSAGE_"):
        return bool(session.intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES))
    if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
        return bool(session.intents & GUILDS)
    return True
