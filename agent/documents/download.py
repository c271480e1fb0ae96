"""A picture that is fetched by its address, where that is asked for."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from agent.errors import InputError
from renderers.pictures import MAX_BYTES

_SCHEMES = ("http", "https")
_SECONDS = 30.0
"""Without a byte after which a server is given up."""


class _WebOnly(urllib.request.HTTPRedirectHandler):
    """Follows a server to other web pages, and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in _SCHEMES:
            raise urllib.error.URLError(f"it sends us to {newurl[:80]}, which is no web address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def is_address(argument: str) -> bool:
    """Whether an argument is a web address rather than a path."""
    return argument.partition("://")[0].lower() in _SCHEMES and "://" in argument


def file_name(address: str) -> str:
    """What the file at an address is called; its host where it has no name."""
    parts = urlsplit(address)
    return PurePosixPath(unquote(parts.path)).name or parts.hostname or "picture"


def download(address: str) -> bytes:
    """What is at an address.

    Raises:
        InputError: It cannot be had, or is too large.
    """
    asked = urllib.request.Request(
        address, headers={"User-Agent": "lookalike", "Accept": "image/*,*/*;q=0.1"}
    )
    try:
        with urllib.request.build_opener(_WebOnly).open(asked, timeout=_SECONDS) as answer:
            content = bytes(answer.read(MAX_BYTES + 1))
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise InputError(
            f"{address}: cannot be fetched ({str(reason)[:200] or type(error).__name__})"
        ) from error
    if len(content) > MAX_BYTES:
        raise InputError(f"{address}: larger than {MAX_BYTES // 1_000_000} MB; scale it down first")
    return content
