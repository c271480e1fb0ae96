"""Throws damaged input at what meets foreign text first: the sanitiser, the parser of critiques, extraction.

    python -m tests.fuzz SECONDS [SEED]

Input is cut, doubled, swapped and spliced from a small corpus of what went wrong before. Each target says
what must hold; what takes long or raises anything else is printed, with what it was given.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from lxml import etree

from agent.generators.extraction import extract_code
from critic.parsing import parse_critique
from renderers.inlined import brings_data, plainly, with_still_drawings, without_refresh
from renderers.types import Kind, Language
from renderers.worker.sanitiser import RefusedSvgError, sanitise

SLOW = 5.0
"""Seconds of processor time above which an answer comes too late; input is a few kilobytes."""

_LONGEST = 20_000
_NEVER = ("script", "foreignObject", "iframe", "handler")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    '<style>@import "a.css";p{fill:url(#a)}</style><defs><pattern id="a" width="3" height="3"><use href="#b"'
    '/></pattern></defs><image xlink:href="data:image/png;base64,AAAA"/><script>x</script>'
    '<foreignObject><iframe src="x"/></foreignObject><a xml:base="http://a/"><set '
    'attributeName="href" to="http://a"/></a><text x="1 2 3" style="fill:u\\72l(http://a)">&lt;</text></svg>'
)
CORPUS = (
    _SVG,
    f'<!DOCTYPE svg [<!ENTITY a "b"><!ATTLIST svg onload CDATA "x">]>{_SVG}',
    '{"errors": [{"category": "text_error", "severity": 2, "location": "A1", '
    '"description": "{\\"errors\\": []}"}]}',
    '<think>not yet</think>```json\n{"errors": []}\n```',
    'The picture says: ```python\nimport os\n``` and\n```python\ntext = "```"\nplot()\n```',
    "```html\n<table><tr><td>```</td></tr></table>\n```\n```svg\n<svg/>\n```",
    '<meta http-equiv="&#114;efresh" content="0"><img src="d&#97;ta:image/png;base64,AA">'
    '<p style="a:\\64 ata:">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">'
    '<p style="a:url(data:image/svg+xml,%3Csvg%3E@keyframes%3C/svg%3E)">',
    "\ud800\x00\x1b]0;x\x07\u202e\ufeff",
)


def sanitiser(text: str) -> None:
    """Whatever is let through is an SVG without anything that runs or leads out, and stays so."""
    try:
        clean, _ = sanitise(text.encode("utf-8", "surrogatepass"))
    except (RefusedSvgError, etree.XMLSyntaxError):
        return
    root = etree.fromstring(clean, etree.XMLParser(resolve_entities=False, huge_tree=True))
    for element in root.iter(etree.Element):
        assert etree.QName(element).localname not in _NEVER
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on")
            if str(name).endswith("href"):
                assert value.strip().startswith(("#", "data:image/")) or element.tag.endswith("}a")
    assert sanitise(clean)[1] == []


def parser(text: str) -> None:
    """Findings or none, for every kind, and the same each time."""
    for kind in Kind:
        assert parse_critique(text, kind) is None or parse_critique(text, kind) == parse_critique(text, kind)


def extraction(text: str) -> None:
    """Code that stands in the answer, or nothing."""
    for language in Language:
        assert isinstance(extract_code(text, language), str)


def documents(text: str) -> None:
    """What a page brings along can be told of anything."""
    plain = plainly(text)
    brings_data(plain)
    without_refresh(text, plain)
    with_still_drawings(text, plain)


TARGETS: tuple[Callable[[str], None], ...] = (sanitiser, parser, extraction, documents)


def mutated(draw: random.Random) -> str:
    """Something made of the corpus."""
    text = draw.choice(CORPUS)
    for _ in range(draw.randrange(1, 12)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice((1, 2, 8, 40, 200)))
        other = draw.choice(CORPUS)
        begin = draw.randrange(len(other))
        piece = draw.choice(
            (
                "",
                text[start:end] * draw.choice((2, 3, 50)),
                other[begin : begin + draw.choice((1, 4, 30, 300))],
                chr(draw.choice((0, 9, 34, 38, 60, 62, 92, 96, 123, 125, 0xD800, draw.randrange(0x110000)))),
            )
        )
        text = (text[:start] + piece + text[end:])[:_LONGEST]
    return text


def main(seconds: float, seed: int) -> int:
    """Try for so many seconds; how many inputs broke something."""
    draw, until, tried, broken = random.Random(seed), time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        text, tried = mutated(draw), tried + 1
        for target in TARGETS:
            started = time.process_time()
            try:
                target(text)
            except Exception as error:
                broken += 1
                print(f"{target.__name__}: {type(error).__name__}: {error}\n  {text!r}", flush=True)
            if time.process_time() - started > SLOW:
                broken += 1
                print(f"{target.__name__}: {time.process_time() - started:.1f} s\n  {text!r}", flush=True)
    print(f"{tried:,} inputs, seed {seed}: {broken} broke something")
    return broken


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
