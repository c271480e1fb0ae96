"""A format: tables in the markup of MediaWiki, drawn and compared by way of HTML."""

import html

from lxml.html import fromstring

from renderers import FormatSpec

WIKI = FormatSpec(
    name="wiki",
    suffix=".wiki",
    kinds=("table",),
    labels=("wiki", "mediawiki", "wikitext"),
    to_native="lookalike_example.wiki:to_html",
    from_native="lookalike_example.wiki:from_html",
)


def to_html(wiki: str) -> str:
    """MediaWiki's table as HTML.

    Raises:
        ValueError: It is no table.
    """
    lines = [line.strip() for line in wiki.strip().splitlines()]
    if not lines or not lines[0].startswith("{|") or lines[-1] != "|}":
        raise ValueError("a table stands between {| and |}")
    body = "<tr>"
    for line in lines[1:-1]:
        tag = "th" if line.startswith("!") else "td"
        body += "</tr><tr>" if line == "|-" else f"<{tag}>{html.escape(line[1:].strip())}</{tag}>"
    return f"<table>{body}</tr></table>"


def from_html(code: str) -> str:
    """An HTML table as MediaWiki's."""
    rows = []
    for row in fromstring(code).iter("tr"):
        marks = {"th": "!", "td": "|"}
        cells = [f"{marks[cell.tag]} {cell.text_content().strip()}" for cell in row if cell.tag in marks]
        rows.append("\n".join(["|-", *cells]))
    return "\n".join(["{|", *rows, "|}"]) + "\n"
