"""Sorts what a server answers into what a retry can help and what it cannot."""

from __future__ import annotations

import email.utils
import random
import re
import time
from collections.abc import Callable
from http import HTTPStatus

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError
from tenacity import RetryCallState

from prompts.errors import ContextOverflowError, ModelError, RequestError

_RETRIED = frozenset({408, 425, 429})
_NOT_RETRIED = frozenset({501, 505})
_LONGEST_WAIT = 8.0

_PICTURE_NOT_LOADED = re.compile(
    r"local[- ]media|local files|image[_ ]url|media[_ ]url|load (?:the )?image|fetch|url scheme|"
    r"cannot connect to host",
    re.IGNORECASE,
)
"""A server that cannot load a picture by its URL says 500, though the fault is the caller's."""

_TOO_LONG = re.compile(
    r"context length|context window|maximum model length|longer than the maximum", re.IGNORECASE
)

_UNKNOWN_FIELD = re.compile(r"unsupported|not supported|unrecognized|unknown|not permitted", re.IGNORECASE)
_QUOTED = 300
"""Letters of a server's message that are quoted."""


class RetryableError(ModelError):
    """An attempt failed in a way that another one may not.

    Attributes:
        retry_after: Seconds the server asked us to wait.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EmptyAnswerError(RetryableError):
    """An attempt brought an answer, and nothing in it."""


def explain(error: APIError) -> ModelError:
    """What the SDK's error means for us."""
    if isinstance(error, APITimeoutError):
        return RetryableError("timed out")
    if isinstance(error, APIConnectionError):
        return RetryableError(f"no connection ({_cause(error)})")
    if not isinstance(error, APIStatusError):
        return RetryableError(f"the server failed while answering: {error.message}")
    message = _message(error)
    if error.status_code == HTTPStatus.INTERNAL_SERVER_ERROR and _PICTURE_NOT_LOADED.search(message):
        return RequestError(f"the server cannot load a picture: {message}", 500)
    if error.status_code in _RETRIED or (
        error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and error.status_code not in _NOT_RETRIED
    ):
        return RetryableError(f"HTTP {error.status_code}: {message}", _retry_after(error))
    return _refusal(error, message)


def _refusal(error: APIStatusError, message: str) -> RequestError:
    status, param = error.status_code, error.param
    if status in (401, 403):
        return RequestError(f"the server refused the key (HTTP {status}): {message}", status)
    if status == HTTPStatus.NOT_FOUND:
        return RequestError(f"not found (HTTP 404): {message}", status, param)
    if status == HTTPStatus.BAD_REQUEST and (param == "input_tokens" or _TOO_LONG.search(message)):
        return ContextOverflowError(
            f"prompt and pictures are longer than the model's context: {message}", status, param
        )
    return RequestError(
        f"the server refused the request (HTTP {status}): {message}{_hint(param, message)}", status, param
    )


def _hint(param: str | None, message: str) -> str:
    """What to set: a field that the server does not know is left out, one that is too large is lowered."""
    if param is not None and _UNKNOWN_FIELD.search(message):
        return f'; leave the field out: omit = ["{param}"]'
    return "; lower sampling.max_tokens" if param == "max_tokens" else ""


def _message(error: APIStatusError) -> str:
    """The server's own words, wherever this server puts them."""
    body = error.body
    if isinstance(body, dict):
        for name in ("message", "detail", "error"):
            if isinstance(body.get(name), str) and body[name]:
                return _short(body[name])
    if isinstance(body, str) and body.strip():
        return _short(body)
    return _short(error.message)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 3]}..."


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return _short(str(cause)) or type(cause).__name__ if cause else _short(str(error))


def _retry_after(error: APIStatusError) -> float | None:
    value = error.response.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def waits(first: float) -> Callable[[RetryCallState], float]:
    """How long to wait before a retry: as the server asks, else ``first`` doubled each time; jittered."""

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        step = min(_LONGEST_WAIT, first * 2.0 ** (state.attempt_number - 1))
        jittered = step * random.uniform(0.5, 1.0)
        asked = error.retry_after if isinstance(error, RetryableError) else None
        return jittered if asked is None else asked + jittered

    return wait
