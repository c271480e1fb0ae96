"""A page's pictures as files beside its code, instead of data within it; and back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from agent.errors import DataError
from graph.folder import write_atomically
from renderers.files import read_regular

_DATA = re.compile(r"data:image/([a-z+.-]+);base64,([A-Za-z0-9+/=]+)")
_SUFFIX = {"jpeg": ".jpg", "svg+xml": ".svg"}
_TYPE = {".jpg": "jpeg", ".jpeg": "jpeg", ".svg": "svg+xml", ".png": "png", ".webp": "webp", ".gif": "gif"}
_SOURCE = re.compile(r"""(src="|url\(&quot;|url\("|url\()([\w./-]+\.(?:jpe?g|svg|png|webp|gif))""")
"""A picture named by a relative path: no scheme, no blank."""

_WORDS = 5
"""Words of what a picture shows that its file is named by."""

_LARGEST = 20_000_000
"""Bytes of a picture that is put back into the code."""


def folder_of(name: str) -> PurePosixPath:
    """The folder for pictures, as it was asked for, as a path beside the code.

    Raises:
        DataError: It lies elsewhere, so that the code could not be moved with it.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or not re.fullmatch(r"[\w./-]+", str(path)):
        raise DataError(
            f"--assets {name}: give a folder beside the code, such as assets (letters, digits, - _ . /)"
        )
    return path


def with_files(code: str, beside: Path, folder: PurePosixPath) -> str:
    """The code with its pictures in files, named by what they show; each picture is written once.

    Args:
        code: HTML, JSX or Vue.
        beside: The folder that the code is in.
        folder: Where in that its pictures go.

    Raises:
        OSError: A file cannot be written.
    """
    names = dict(_named(code))
    written: dict[str, str] = {}
    for found in _DATA.finditer(code):
        if found[0] in written:
            continue
        try:
            data = base64.b64decode(found[2], validate=True)
        except binascii.Error:
            continue
        suffix = _SUFFIX.get(found[1], f".{found[1]}")
        stem = _free(names.get(found[0], "picture"), suffix, written)
        (beside / folder).mkdir(parents=True, exist_ok=True)
        write_atomically(beside / folder / f"{stem}{suffix}", data)
        written[found[0]] = str(folder / f"{stem}{suffix}")
    return _DATA.sub(lambda found: written.get(found[0], found[0]), code)


def _free(stem: str, suffix: str, written: dict[str, str]) -> str:
    taken = {PurePosixPath(name).name for name in written.values()}
    number, name = 1, stem
    while f"{name}{suffix}" in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _named(code: str) -> Iterator[tuple[str, str]]:
    """What each picture shows, in the words of its alternative text or of what it stands beside."""
    from lxml import html

    root = html.document_fromstring(code)
    for image in reversed(list(root.iter("img"))):  # the first of equal ones names them
        source = str(image.get("src") or "")
        if not _DATA.fullmatch(source):
            continue
        own = _slug(str(image.get("alt") or ""))
        parent = image.getparent()
        beside = _slug(" ".join(map(str, parent.itertext()))) if parent is not None and not own else ""
        yield source, own or (f"{beside}-icon" if beside else f"picture-{_mark(source)}")


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:_WORDS])


def _mark(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:6]


def with_data(code: str, beside: Path) -> str:
    """The code with the pictures that lie in files below its folder within it again, as it is drawn.

    What is not there, or lies elsewhere, is left as it stands.
    """
    home = beside.resolve()

    def data(found: re.Match[str]) -> str:
        path = (beside / found[2]).resolve()
        if not path.is_relative_to(home) or path == home:
            return found[0]
        try:
            content = read_regular(path, _LARGEST)
        except OSError:
            return found[0]
        kind = _TYPE[path.suffix.lower()]
        return f"{found[1]}data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"

    return _SOURCE.sub(data, code)
