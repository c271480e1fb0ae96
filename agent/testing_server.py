"""A local server that speaks the OpenAI protocol as vLLM does, and fails on request, for tests of your own.

It listens on 127.0.0.1, streams what a script says, records what it was asked, and shows every fault that was
seen of a real vLLM 0.32. Imported from ``agent.testing``.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Any, Self

from agent.testing_answers import Asked, Fault, Reply, Script, scripted

_MOST_PICTURES = 3
"""Of a request: a reference and a render."""
_FINE = (Reply(),)
_BACKLOG = 100
"""Connections that wait to be taken, as asyncio's own servers have it."""


_JSON_FAULTS: dict[Fault, tuple[int, Any]] = {
    Fault.PROMPT_TOO_LONG: (400, {"error": {"message": "the prompt is too long", "param": "input_tokens"}}),
    Fault.MAX_TOKENS_TOO_LARGE: (
        400,
        {"error": {"message": "max_tokens is too large", "param": "max_tokens"}},
    ),
    Fault.BAD_REQUEST: (400, {"error": {"message": "at most 2 pictures may be given"}}),
    Fault.UNKNOWN_MODEL: (404, {"error": {"message": "the model does not exist", "param": "model"}}),
    Fault.PICTURE_URL: (500, {"error": {"message": "Cannot load local files"}}),
    Fault.WRONG_KEY: (401, {"error": "Unauthorized"}),
    Fault.WRONG_METHOD: (405, {"detail": "Method Not Allowed"}),
    Fault.RATE_LIMITED: (429, {"error": {"message": "slow down"}}),
    Fault.OVERLOADED: (503, {"error": {"message": "too many requests are queued"}}),
    Fault.ENGINE_DIED: (500, {"error": {"message": "EngineCore encountered an issue"}}),
}
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}


class ModelServer:
    """The server; use as an async context manager.

    Attributes:
        asked: The chat requests so far, in order of arrival.
        in_flight: How many are being answered now; ``most_in_flight`` is the highest it has been.
    """

    def __init__(
        self,
        script: Script | Iterable[Reply | Fault] = _FINE,
        *,
        models: tuple[str, ...] = ("model",),
        api_key: str = "",
        retry_after: float | None = None,
        slow: float = 30.0,
        slots: int | None = None,
    ) -> None:
        """Answer by ``script``.

        Args:
            script: Decides each answer, or gives them in order.
            models: The names it serves.
            api_key: Demanded of chat requests if set.
            retry_after: Sent as Retry-After with 429 and 503.
            slow: Seconds that a slow first byte or a stall lasts.
            slots: Requests answered at a time, the others waiting in a queue; all of them by default.
        """
        self.script: Script = script if callable(script) else scripted(script)
        self.asked: list[Asked] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._models = models
        self._api_key = api_key
        self._retry_after = retry_after
        self._slow = slow
        self._slots = asyncio.Semaphore(slots) if slots is not None else None
        self._waiting = 0
        self._listening: socket.socket | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._new: set[socket.socket] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The base URL, ending in ``/v1``."""
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> Self:
        """Start listening, on the port it had before if it was killed."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.kill()

    async def start(self) -> None:
        """Listen."""
        self._listening = socket.create_server(("127.0.0.1", self._port), backlog=_BACKLOG)
        self._listening.setblocking(False)
        self._port = self._listening.getsockname()[1]
        asyncio.get_running_loop().add_reader(self._listening, self._accept, self._listening)

    def stop(self) -> None:
        """Die at once: open connections break, new ones are refused. A script may call it."""
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None
        for writer in list(self._writers):
            writer.transport.abort()

    async def kill(self) -> None:
        """Die at once, and wait for what was being answered to end."""
        self.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, listening: socket.socket) -> None:
        """Take a connection, which is closed even where its task is cancelled before it begins.

        Not by ``asyncio.start_server``: that loses a connection that is on its way while it is closed.
        """
        try:
            connection, _ = listening.accept()
        except OSError:
            return  # whoever came has gone again
        connection.setblocking(False)
        self._new.add(connection)
        task = asyncio.ensure_future(self._connection(connection))
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if connection in self._new:
                self._new.discard(connection)
                connection.close()

        task.add_done_callback(ended)

    async def _connection(self, connection: socket.socket) -> None:
        self._new.discard(connection)
        reader, writer = await asyncio.open_connection(sock=connection, limit=2**26)
        self._writers.add(writer)
        try:
            while self._listening is not None and await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up
        finally:
            self._writers.discard(writer)
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {
            k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)
        }
        data = await reader.readexactly(int(headers.get("content-length", "0")))
        if path == "/v1/chat/completions" and method == "POST":
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            try:
                return await self._chat(json.loads(data), headers, writer)
            finally:
                self.in_flight -= 1
        if path == "/v1/models":
            await self._json(writer, 200, {"object": "list", "data": [{"id": name} for name in self._models]})
        elif path == "/health":
            await self._json(writer, 200, {})
        elif path == "/metrics":
            running, waiting = self.in_flight - self._waiting, self._waiting
            told = f"vllm:num_requests_running {running}\nvllm:num_requests_waiting {waiting}\n"
            await self._raw(writer, 200, "text/plain", told.encode())
        else:
            await self._json(writer, 404, {"detail": "Not Found"})
        return True

    async def _chat(
        self, body: dict[str, Any], headers: dict[str, str], writer: asyncio.StreamWriter
    ) -> bool:
        if self._slots is None:
            return await self._answer(body, headers, writer)
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._answer(body, headers, writer)
        finally:
            self._slots.release()

    async def _answer(
        self, body: dict[str, Any], headers: dict[str, str], writer: asyncio.StreamWriter
    ) -> bool:
        asked = Asked(body, headers)
        self.asked.append(asked)
        answer = self._refusal(asked) or self.script(asked)
        if isinstance(answer, Reply):
            await self._stream(writer, body, answer)
            return True
        if answer in _JSON_FAULTS:
            await self._json(writer, *_JSON_FAULTS[answer])
            return True
        return await self._broken(writer, body, answer)

    def _refusal(self, asked: Asked) -> Fault | None:
        if self._api_key and asked.headers.get("authorization") != f"Bearer {self._api_key}":
            return Fault.WRONG_KEY
        if asked.body["model"] not in self._models:
            return Fault.UNKNOWN_MODEL
        if len(asked.pictures) > _MOST_PICTURES:
            return Fault.BAD_REQUEST
        return None

    async def _broken(self, writer: asyncio.StreamWriter, body: dict[str, Any], fault: Fault) -> bool:
        """Faults that begin like a good answer; whether the connection stays open."""
        if fault is Fault.DROPPED:
            writer.transport.abort()
            return False
        if fault is Fault.SLOW_FIRST_BYTE:
            await asyncio.sleep(self._slow)
        if fault is Fault.NOT_THE_PROTOCOL:
            await self._raw(writer, 200, "text/html", b"<html>a proxy's welcome page</html>")
            return True
        events = _Events(writer, body)
        await events.open()
        if fault is Fault.NO_CHOICE:
            await events.end()
            return True
        await events.piece(0, "" if fault is Fault.EMPTY_CHOICE else "half an ans")
        if fault is Fault.STALLED:
            await asyncio.sleep(self._slow)
        if fault is Fault.CUT:
            writer.transport.abort()
            return False
        if fault is Fault.MALFORMED_JSON:
            await events.data('{"id": "x", "choices": [{"ind')
        if fault is Fault.ENGINE_DIED_STREAMING:
            await events.data(
                json.dumps({"error": {"message": "EngineCore encountered an issue", "code": 500}})
            )
        if fault is Fault.EMPTY_CHOICE:
            for index in range(body.get("n", 1)):
                await events.piece(index, "", "stop")
        await events.end()
        return True

    async def _stream(self, writer: asyncio.StreamWriter, body: dict[str, Any], reply: Reply) -> None:
        events = _Events(writer, body, reply.cached_tokens)
        await events.open()
        for index, text in enumerate(reply.texts(body.get("n", 1))):
            room = int(body.get("max_tokens") or 100_000)
            for piece in islice(_pieces(reply, text), room):
                room -= 1
                await asyncio.sleep(reply.pause)
                await events.piece(index, piece)
            await events.piece(index, "", reply.finish_reason if room else "length")
        await events.end()

    async def _json(self, writer: asyncio.StreamWriter, status: int, body: Any) -> None:
        await self._raw(writer, status, "application/json", json.dumps(body).encode())

    async def _raw(self, writer: asyncio.StreamWriter, status: int, kind: str, data: bytes) -> None:
        head = f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}\r\nContent-Type: {kind}\r\n"
        if status in (429, 503) and self._retry_after is not None:
            head += f"Retry-After: {self._retry_after:g}\r\n"
        writer.write(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)
        await writer.drain()


def _pieces(reply: Reply, text: str) -> Iterator[str]:
    """The events of one choice; each counts as a token."""
    while True:
        for start in range(0, len(text), reply.piece):
            yield text[start : start + reply.piece]
        if not reply.endless:
            return


class _Events:
    """Writes a stream of server-sent events."""

    def __init__(self, writer: asyncio.StreamWriter, body: dict[str, Any], cached_tokens: int = 0) -> None:
        self._writer = writer
        self._model = body["model"]
        self._running = bool(body.get("stream_options", {}).get("continuous_usage_stats"))
        self._prompt_tokens = max(1, len(json.dumps(body["messages"])) // 40)
        self._cached_tokens = cached_tokens
        self._completion_tokens = 0

    async def open(self) -> None:
        self._writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        await self._writer.drain()

    async def data(self, text: str) -> None:
        event = f"data: {text}\n\n".encode()
        self._writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await self._writer.drain()

    async def piece(self, index: int, text: str, finish_reason: str | None = None) -> None:
        self._completion_tokens += 1 if text else 0
        choice = {"index": index, "delta": {"content": text}, "finish_reason": finish_reason}
        await self._chunk([choice], self._running)

    async def end(self) -> None:
        await self._chunk([], usage=True)
        await self.data("[DONE]")
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def _chunk(self, choices: list[dict[str, Any]], usage: bool) -> None:
        chunk: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": self._model,
            "choices": choices,
        }
        if usage:
            chunk["usage"] = {
                "prompt_tokens": self._prompt_tokens,
                "completion_tokens": self._completion_tokens,
                "total_tokens": self._prompt_tokens + self._completion_tokens,
                "prompt_tokens_details": {"cached_tokens": self._cached_tokens},
            }
        await self.data(json.dumps(chunk))
