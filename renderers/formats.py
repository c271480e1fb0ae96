"""What code and data can be written as. A new format is a ``FormatSpec`` and a line of registration."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.registry import Registry


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """A format, and what it takes to write and to draw it.

    A format that is not one of its kind's own languages says how it becomes one: it is drawn, compared and
    revised by way of that.

    Attributes:
        name: What it is chosen by, as in ``--to html``.
        suffix: File name ending, with its dot.
        kinds: Kinds that can be written in it although their own renderer does not draw it.
        labels: What a model may call a fenced block of it, in lower case.
        to_native: Path of a function from its text to code in the kind's first language; it raises
            ``ValueError`` for text that it cannot take.
        from_native: Path of a function the other way.
    """

    name: str
    suffix: str
    kinds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    to_native: str = ""
    from_native: str = ""


PYTHON = FormatSpec("python", ".py", labels=("python", "py", "python3", "matplotlib"))
HTML = FormatSpec("html", ".html", labels=("html", "htm", "xhtml", "html5"))
MARKDOWN = FormatSpec("markdown", ".md", labels=("markdown", "md", "gfm"))
SVG = FormatSpec("svg", ".svg", labels=("svg", "xml", "image/svg+xml"))

FORMATS: Registry[FormatSpec] = Registry(
    "lookalike.formats",
    "format",
    {
        "python": "renderers.formats:PYTHON",
        "html": "renderers.formats:HTML",
        "markdown": "renderers.formats:MARKDOWN",
        "svg": "renderers.formats:SVG",
    },
    wanted=FormatSpec,
    by_path=False,
)
