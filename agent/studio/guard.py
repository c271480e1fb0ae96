"""Who may speak to the studio: this machine, with the token of the address, from the studio's own page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 60_000_000
"""Bytes of a request: a picture as large as the loop takes, and a little."""

_SAFE = frozenset({"GET", "HEAD"})
_HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Middleware: the first part of each path is the token, Host and Origin are ours, bodies are bounded."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        """Guard an app.

        Args:
            app: Sees paths without the token.
            token: What only who was given the address knows.
        """
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say no."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        no = self._refusal(scope, headers)
        if no is not None:
            await no(scope, receive, send)
            return
        inner = {**scope, "root_path": f"/{self._token}"}
        await self._app(inner, _bounded(receive), _with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        _, _, rest = scope["path"].partition("/")
        token, _, _ = rest.partition("/")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return PlainTextResponse("the address lacks its token", 403)
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            return PlainTextResponse("not under this name", 403)
        if scope["method"] not in _SAFE and headers.get("origin") != f"http://{host}":
            return PlainTextResponse("not from the studio's page", 403)
        if int(headers.get("content-length") or 0) > LARGEST_BODY:
            return PlainTextResponse(f"more than {LARGEST_BODY:,} bytes", 413)
        return None


class TooLarge(Exception):  # noqa: N818 - says what happened
    """A body grew beyond what was announced and allowed."""


def _bounded(receive: Receive) -> Receive:
    size = 0

    async def next_part() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise TooLarge
        return message

    return next_part


def _with_headers(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name for name, _ in message["headers"]}
            more = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message["headers"] = [*message["headers"], *(item for item in more if item[0] not in known)]
        await send(message)

    return told
