"""The reward over HTTP, for trainers that cannot share this environment.

``POST /score`` takes ``{"answer": ..., "reference": path or data URL, "kind": ...}`` or a list of such, and
answers with the score's numbers and its reason, or a list of such. ``GET /health`` says that it is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from agent.rewards.columns import kind_of, reference_of, text_of
from agent.rewards.types import Request, Score

MAX_BODY = 64_000_000
"""Bytes of one request; a longer one is refused unread."""

ANSWERS = ("answer", "completion", "response", "solution_str", "code", "pred_code")
"""In which a row's answer is looked for, in this order."""

ScoreAll = Callable[[Sequence[Request]], Sequence[Score]]


class RewardServer(ThreadingHTTPServer):
    """Scores what is posted; a thread a connection."""

    daemon_threads = True

    def __init__(self, host: str, port: int, score: ScoreAll) -> None:
        """Listen.

        Args:
            host: Address to listen at.
            port: 0 takes any that is free.
            score: Scores a list of answers, and waits for it.

        Raises:
            OSError: The address is taken.
        """
        super().__init__((host, port), _Handler)
        self.score = score


class _Handler(BaseHTTPRequestHandler):
    server: RewardServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Whether it is there."""
        found = self.path == "/health"
        self._answer(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND, {"ok": found})

    def do_POST(self) -> None:
        """Score."""
        if self.path != "/score":
            self._answer(HTTPStatus.NOT_FOUND, {"error": "POST /score"})
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": f"give up to {MAX_BODY:,} bytes"})
            return
        try:
            body = json.loads(self.rfile.read(int(length)))
            rows = body if isinstance(body, list) else [body]
            requests = [request_of(row) for row in rows]
        except (ValueError, TypeError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)})
            return
        scores = [asdict(score) for score in self.server.score(requests)]
        self._answer(HTTPStatus.OK, scores if isinstance(body, list) else scores[0])

    def _answer(self, status: HTTPStatus, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a trainer asks thousands of times."""


def request_of(row: Any, folder: Path = Path()) -> Request:
    """The request that a row of JSON holds.

    Args:
        row: An object with an answer, a reference and perhaps a kind.
        folder: Where relative paths begin.

    Raises:
        ValueError: It holds no answer.
    """
    if not isinstance(row, dict):
        raise ValueError("not an object with answer, reference and kind")
    answer = next((row[name] for name in ANSWERS if row.get(name) is not None), None)
    if answer is None:
        raise ValueError(f"no answer: give one of {', '.join(ANSWERS)}")
    reference = reference_of(row)
    if isinstance(reference, Path):
        reference = folder / reference
    wanted = row.get("kind") or row.get("category")
    kind = kind_of(row)
    if wanted and kind is None:
        raise ValueError(f"there is no kind {wanted!r}")
    return Request(text_of(answer), reference, kind)
