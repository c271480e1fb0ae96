"""The work of ``lookalike render``: what a file holds, and its picture."""

from __future__ import annotations

import re
from pathlib import Path

from agent.commands.inputs import read_code
from agent.commands.working import run_work
from agent.data.assets import with_data
from agent.errors import InputError
from graph.folder import write_atomically
from renderers.formats import FORMATS
from renderers.isolation.levels import Level
from renderers.kinds import KINDS
from renderers.pictures import encode_png
from renderers.service import Renderers
from renderers.types import LANGUAGES, Kind, Language, Render, Size


def draw(file: str, kind: Kind | None, size: str | None, out: Path, isolation: Level | None) -> Render:
    """Draw a file's code, and write the picture if there is one.

    Args:
        file: Path of the code, or ``-``.
        kind: What it shows; told by the code where None.
        size: Such as ``640x480``; the kind's own where None.
        out: Where the picture goes.
        isolation: Code is refused where the machine isolates it less.

    Raises:
        InputError: The file, its ending or the size cannot be used, or the picture cannot be written.
    """
    language = _language(file)
    code = read_code(file)
    if language is Language.HTML and file != "-":
        code = with_data(code, Path(file).parent)
    drawn = run_work(_render(code, kind or _kind(language, code), language, _size(size), isolation))
    if drawn.image is not None:
        _save(out, drawn)
    return drawn


async def _render(
    code: str, kind: Kind, language: Language, size: Size | None, isolation: Level | None
) -> Render:
    async with Renderers(isolation) as renderers:
        return await renderers.render(kind, code, language, size)


def _language(file: str) -> Language:
    """The language that a file's ending tells.

    Raises:
        InputError: It tells none.
    """
    drawn = (name for kind in KINDS.names() for name in KINDS[kind].formats)
    by_suffix = {FORMATS[name].suffix: name for name in drawn} | {".htm": "html"}
    suffix = Path(file).suffix.lower()
    if suffix not in by_suffix:
        raise InputError(f"{file}: the ending must be one of {', '.join(by_suffix)}")
    return Language(by_suffix[suffix])


def _kind(language: Language, code: str) -> Kind:
    """The only kind that is written so; HTML that is nothing but a table is a table, other HTML is a page."""
    if language is not Language.HTML:
        return next(Kind(kind) for kind in KINDS.names() if language in LANGUAGES[kind])
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", code.lower()))
    outside = tags - {
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "caption",
        "col",
        "colgroup",
        "style",
    }
    around = {"html", "head", "body", "meta", "title", "b", "i", "em", "strong", "sub", "sup", "br", "span"}
    return Kind.TABLE if "table" in tags and not outside - around else Kind.PAGE


def _size(text: str | None) -> Size | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text)
    if not match or "0" in match.groups():
        raise InputError(f"--size {text}: give width and height in pixels, such as 640x480")
    return Size(int(match[1]), int(match[2]))


def _save(out: Path, drawn: Render) -> None:
    try:
        if drawn.image is not None:
            write_atomically(out, encode_png(drawn.image))
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from error
