"""Collects sources that nothing here was built with, for ``lookalike corrupt``.

    python -m benchmarks.injected.gather OUT --npm NODE_MODULES --docs FOLDER [--each 100] [--seed 1]

OUT gets a folder a kind. Charts: matplotlib programs written here by chance. Tables and pages: half written
here by chance, half cut from the HTML of FOLDER (Debian's git-doc, apache2-doc, ghostscript, exim4-doc-html,
nodejs-doc, r-doc-html and libfftw3-doc, unpacked), each with its style sheet put into it. SVG: icons of
remixicon, flag-icons and devicon in NODE_MODULES. The order is by chance, seeded, so that a part of the
sources can be kept unseen: ``--skip`` leaves the first ones out.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree, html

from benchmarks.injected.charts import described, matplotlib_code
from benchmarks.injected.written import written_page, written_table

_ICONS = {
    "remixicon": "icons/**/*-fill.svg",
    "flag-icons": "flags/4x3/*.svg",
    "devicon": "icons/*/*-original.svg",
}
_SHEETS = (
    "@picocss/pico/css/pico.classless.min.css",
    "milligram/dist/milligram.min.css",
    "spectre.css/dist/spectre.min.css",
)
_LARGEST_ICON = 20_000
"""Bytes; larger drawings are pictures traced by a machine."""

_ROWS, _COLUMNS, _LETTERS = (3, 14), (2, 8), 1500
"""Of a documentation's table: rows and columns that it has, and letters at most, so that it is a table to be
read at a glance, not a list of hundreds of options."""

_LEAST_TEXT = 400
"""Letters of a page; less is a stub."""


def icons(npm: Path, chance: random.Random) -> Iterator[str]:
    """Icons of the sets in turn."""
    sets = [sorted((npm / name).glob(pattern)) for name, pattern in _ICONS.items()]
    for files in sets:
        chance.shuffle(files)
    for turn in zip(*sets, strict=False):
        yield from (file.read_text("utf-8") for file in turn if file.stat().st_size <= _LARGEST_ICON)


def documents(docs: Path, chance: random.Random) -> Iterator[tuple[html.HtmlElement, str]]:
    """The HTML files of a folder, those of each package in turn, with their style sheets' text."""
    groups: dict[str, list[Path]] = {}
    for file in sorted(path for path in docs.rglob("*.html") if path.is_file()):
        groups.setdefault(file.relative_to(docs).parts[0], []).append(file)
    for files in groups.values():
        chance.shuffle(files)
    while groups:
        for name in list(groups):
            file = groups[name].pop()
            if not groups[name]:
                del groups[name]
            try:
                root = html.document_fromstring(file.read_bytes())
            except (etree.ParserError, ValueError):
                continue
            yield root, _styles(root, file)


def _styles(root: html.HtmlElement, file: Path) -> str:
    """The text of a document's style sheets, its own and those beside it."""
    found = [str(item.text or "") for item in root.iter("style")]
    for link in root.iter("link"):
        if "stylesheet" in link.get("rel", "") and "print" not in link.get("media", ""):
            path = file.parent / link.get("href", "").partition("?")[0]
            if path.is_file():
                found.append(path.read_text("utf-8", errors="replace"))
    return re.sub(r"@import[^;]*;|url\([^)]*\)", "", "\n".join(found))


def tables(docs: Path, chance: random.Random) -> Iterator[str]:
    """One table of each document that has one of a fit size."""
    for root, styles in documents(docs, chance):
        fit = [table for table in root.iter("table") if _fits(table)]
        if fit:
            table = chance.choice(fit)
            told = html.tostring(_plain(table), encoding="unicode", with_tail=False)
            yield f"<style>{styles}</style>\n{told}"


def _fits(table: html.HtmlElement) -> bool:
    rows = list(table.iter("tr"))
    wide = max((len(row) for row in rows), default=0)
    inner = next(table.iterdescendants("table"), None)
    fits = _ROWS[0] <= len(rows) <= _ROWS[1] and _COLUMNS[0] <= wide <= _COLUMNS[1]
    return fits and inner is None and len(table.text_content()) <= _LETTERS


def pages(docs: Path, chance: random.Random) -> Iterator[str]:
    """Documents with their styles in them, without scripts and pictures."""
    for root, styles in documents(docs, chance):
        body = root.find("body")
        if body is None or len(body.text_content()) < _LEAST_TEXT:
            continue
        told = html.tostring(_plain(body), encoding="unicode", with_tail=False)
        yield f"<!DOCTYPE html><html><head><meta charset='utf-8'><style>{styles}</style></head>{told}</html>"


def _plain(element: html.HtmlElement) -> html.HtmlElement:
    for item in list(element.iter("script", "img", "iframe", "object", "link", etree.Comment)):
        item.drop_tree()
    return element


def turns(*sources: Iterator[str]) -> Iterator[str]:
    """One of each in turn, as long as there is any."""
    left = list(sources)
    while left:
        for source in list(left):
            item = next(source, None)
            if item is None:
                left.remove(source)
            else:
                yield item


def forever(write: Callable[[], str]) -> Iterator[str]:
    """Sources written here, one after the other."""
    while True:
        yield write()


def main() -> None:
    """Write the sources."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    sheets = [(given.npm / name).read_text("utf-8") for name in _SHEETS]
    sources = {
        "chart": (".py", forever(lambda: matplotlib_code(described(chance)))),
        "table": (".html", turns(forever(lambda: written_table(chance)), tables(given.docs, chance))),
        "svg": (".svg", icons(given.npm, chance)),
        "page": (".html", turns(forever(lambda: written_page(chance, sheets)), pages(given.docs, chance))),
    }
    for kind, (ending, found) in sources.items():
        folder = given.out / kind
        folder.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(found):
            if number >= given.skip + given.each:
                break
            if number >= given.skip:
                (folder / f"{number:04d}{ending}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
