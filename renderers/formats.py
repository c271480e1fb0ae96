"""What code and data can be written as. A new format is a ``FormatSpec`` and a line of registration."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.registry import Registry


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """A format, and what it takes to write and to draw it.

    A format that is not one of its kind's own languages says how it becomes one: it is drawn, compared and
    revised by way of that. One that is only made of a finished run says by what: it is never drawn.

    Attributes:
        name: What it is chosen by, as in ``--to html``.
        suffix: File name ending, with its dot.
        kinds: Kinds that can be written in it although their own renderer does not draw it.
        labels: What a model may call a fenced block of it, in lower case.
        to_native: Path of a function from its text to code in the kind's first language; it raises
            ``ValueError`` for text that it cannot take.
        from_native: Path of a function the other way.
        export: Path of a function that makes it of a finished run, ``agent.data.finished.Finished``: text or
            bytes. It raises ``agent.errors.DataError`` where the run has nothing for it.
        packages: npm packages by which a page in the kind's own language can hold it. Where they are set up
            (``renderers.libraries``), a model is asked to write it so, and it is drawn as it is.
    """

    name: str
    suffix: str
    kinds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    to_native: str = ""
    from_native: str = ""
    export: str = ""
    packages: tuple[str, ...] = ()


PYTHON = FormatSpec("python", ".py", labels=("python", "py", "python3", "matplotlib"))
HTML = FormatSpec(
    "html", ".html", ("table",), labels=("html", "htm", "xhtml", "html5"), export="agent.data.markup:write"
)
MARKDOWN = FormatSpec(
    "markdown", ".md", ("table",), labels=("markdown", "md", "gfm"), export="agent.data.markdown:write"
)
SVG = FormatSpec("svg", ".svg", labels=("svg", "xml", "image/svg+xml"))
CSV = FormatSpec("csv", ".csv", ("table", "chart"), export="agent.data.delimited:write")
JSON = FormatSpec("json", ".json", ("table", "chart"), export="agent.data.structured:write")
XLSX = FormatSpec("xlsx", ".xlsx", ("table", "chart"), export="agent.data.spreadsheet:write")
VEGA_LITE = FormatSpec("vega-lite", ".vl.json", ("chart",), export="agent.data.vega_lite:write")
PLOTLY = FormatSpec("plotly", ".plotly.json", ("chart",), export="agent.data.plotly_json:write")
SVGZ = FormatSpec("svgz", ".svgz", ("svg",), export="agent.data.icon:write_svgz")
ICON = FormatSpec("icon", ".icon.svg", ("svg",), export="agent.data.icon:write_in_colour_of_text")
PNG = FormatSpec("png", ".icon.png", ("svg",), export="agent.data.icon:write_png")
REACT = FormatSpec(
    "react",
    ".jsx",
    ("svg", "page"),
    export="agent.data.component:write_react",
    packages=("react", "react-dom", "@babel/standalone"),
)
VUE = FormatSpec("vue", ".vue", ("svg", "page"), export="agent.data.component:write_vue", packages=("vue",))
TAILWIND = FormatSpec(
    "tailwind",
    ".tailwind.html",
    ("page",),
    export="agent.data.tailwind:write",
    packages=("@tailwindcss/browser",),
)
LATEX = FormatSpec("latex", ".tex", ("table",), export="agent.data.latex:write")

FORMATS: Registry[FormatSpec] = Registry(
    "lookalike.formats",
    "format",
    {
        "python": "renderers.formats:PYTHON",
        "html": "renderers.formats:HTML",
        "markdown": "renderers.formats:MARKDOWN",
        "svg": "renderers.formats:SVG",
        "csv": "renderers.formats:CSV",
        "json": "renderers.formats:JSON",
        "xlsx": "renderers.formats:XLSX",
        "svgz": "renderers.formats:SVGZ",
        "icon": "renderers.formats:ICON",
        "png": "renderers.formats:PNG",
        "react": "renderers.formats:REACT",
        "vue": "renderers.formats:VUE",
        "tailwind": "renderers.formats:TAILWIND",
        "latex": "renderers.formats:LATEX",
        "vega-lite": "renderers.formats:VEGA_LITE",
        "plotly": "renderers.formats:PLOTLY",
    },
    wanted=FormatSpec,
    by_path=False,
)
