"""``lookalike render``: code to a picture, as the loop draws it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import KindOption, kind_of
from agent.commands.config import ConfigOption, settings_of
from agent.commands.failures import one_line_failures
from agent.commands.inputs import read_code
from agent.commands.working import run_work
from agent.errors import InputError
from graph.folder import write_atomically
from renderers.isolation.levels import Level
from renderers.pictures import encode_png
from renderers.service import Renderers
from renderers.types import Kind, Language, Render, Size

_BY_SUFFIX = {language.suffix: language for language in Language} | {".htm": Language.HTML}
_KINDS = {
    Language.PYTHON: Kind.CHART,
    Language.SVG: Kind.SVG,
    Language.MARKDOWN: Kind.TABLE,
}


def render(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Code: .py, .svg, .html or .md.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PNG", help="Where the picture goes.")],
    kind: KindOption = "auto",
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size in pixels, such as 640x480.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigOption = None,
) -> None:
    """Draw code the way the loop draws it. Exit code 1 where it does not render."""
    with one_line_failures():
        language = _language(file)
        code = read_code(file)
        chosen = kind_of(kind) or _kind(language, code)
        isolation = settings_of(file=config).settings.isolation
        drawn = run_work(_render(code, chosen, language, _size(size), isolation))
        if drawn.image is not None:
            _save(out, drawn)
    if as_json:
        seconds = round(drawn.seconds, 3)
        typer.echo(json.dumps({"status": drawn.status.value, "seconds": seconds, "log": drawn.log}))
    else:
        typer.echo(f"{drawn.status.value} in {drawn.seconds:.2f} s{_place(out, drawn)}")
        if drawn.log:
            typer.echo(drawn.log, err=True)
    if not drawn.ok:
        raise typer.Exit(1)


async def _render(
    code: str, kind: Kind, language: Language, size: Size | None, isolation: Level | None
) -> Render:
    async with Renderers(isolation) as renderers:
        return await renderers.render(kind, code, language, size)


def _language(file: str) -> Language:
    suffix = Path(file).suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise InputError(f"{file}: the ending must be one of {', '.join(_BY_SUFFIX)}")
    return _BY_SUFFIX[suffix]


def _kind(language: Language, code: str) -> Kind:
    """HTML that is nothing but a table is a table; other HTML is a page."""
    if language in _KINDS:
        return _KINDS[language]
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


def _place(out: Path, drawn: Render) -> str:
    return f": {out}" if drawn.image is not None else ""
