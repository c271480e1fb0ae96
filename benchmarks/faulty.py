"""Programs with faults of known truth, as they are and in other layouts, for benchmarks of the model path.

RUNS are run folders by kind, such as ``benchmarks.quality --out RUNS`` leaves; their best codes are the
programs. Faults are those of ``agent.injection``, generator and critic those of ``agent.testing``.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agent.injection.pairs import UnusableSourceError
from agent.testing import FaultyProgram
from renderers.types import LANGUAGES, Image, Kind, Language, Render, Size

LAYOUTS = ("aligned", "1% off", "tight", "restyled")
FAULTS = 9
"""To choose from; a first draft has six of them, as many as a mean severity of 12.5 takes."""

FIRST = 6

_CHART = {
    "1% off": (
        "\nimport matplotlib.pyplot as plt\nfor _axes in plt.gcf().axes:\n    _place = _axes.get_position()\n"
        "    _axes.set_position([_place.x0 + 0.01, _place.y0 - 0.01, _place.width * 0.99, "
        "_place.height * 0.98])\n"
    ),
    "tight": "\nimport matplotlib.pyplot as plt\nplt.gcf().tight_layout()\n",
}
_CHART_STYLE = (
    "import matplotlib.pyplot as plt\n"
    "plt.rcParams.update({'font.family': 'DejaVu Serif', 'font.size': 11, 'lines.linewidth': 2})\n"
)
_CSS = {
    Kind.TABLE: {
        "1% off": "body{margin:25px 26px !important}",
        "tight": "td,th{padding:4px 7px !important}",
        "restyled": (
            "body,table{font-family:Georgia,serif !important} th{background:#f2f2f2 !important} "
            "td,th{padding:8px 12px !important;border:1px solid #ddd !important}"
        ),
    },
    Kind.PAGE: {
        "1% off": "body{transform:translate(7px,5px)}",
        "tight": "html{zoom:.99}",
        "restyled": "h1,h2,h3,p,span,div{font-family:Verdana !important;letter-spacing:-.5px}",
    },
}
_SVG = {
    "1% off": "translate({0} {0})",
    "tight": "translate({0} {0}) scale(.98)",
    "restyled": "translate(-{0} 0) scale(1.02 1)",
}


def laid_out(kind: Kind, layout: str) -> Callable[[str], str]:
    """What puts code of a kind into a layout."""

    def vary(code: str) -> str:
        if layout == "aligned":
            return code
        if kind is Kind.CHART:
            return _CHART_STYLE + code if layout == "restyled" else code + _CHART[layout]
        if kind is Kind.SVG:
            head, body = re.split(r"(?<=>)", code[code.index("<svg") :], maxsplit=1)
            percent = float((re.search(r'viewBox="[^"]*?([\d.]+)"', head) or ["", "336"])[1]) / 100
            moved = _SVG[layout].format(f"{percent:.2f}")
            return f'{head}<g transform="{moved}">{body.replace("</svg>", "</g></svg>")}'
        style = f"<style>{_CSS[kind][layout]}</style>"
        return code.replace("</head>", f"{style}</head>") if "</head>" in code else style + code

    return vary


@dataclass(slots=True)
class Drawn:
    """Renders by code, each drawn once."""

    render: Callable[[Kind, str, Language, Size | None], Awaitable[Render]]
    known: dict[str, Render] = field(default_factory=dict)

    async def __call__(self, kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        if code not in self.known:
            self.known[code] = await self.render(kind, code, language, size)
        return self.known[code]


def programs(runs: Path, kinds: list[Kind], which: slice = slice(None)) -> Iterator[tuple[str, Kind, str]]:
    """Name, kind and code of the programs of each kind, of ``which``."""
    for kind in kinds:
        suffix = LANGUAGES[kind][0].suffix
        for path in sorted((runs / kind.value).glob(f"*/best{suffix}"))[which]:
            yield path.parent.name, kind, path.read_text(encoding="utf-8")


async def reference_of(kind: Kind, code: str, draw: Drawn) -> Image:
    """The picture of a program as it should be.

    Raises:
        UnusableSourceError: It has none.
    """
    program = FaultyProgram(kind, code, 0)
    render = await draw(kind, program.code(frozenset()), LANGUAGES[kind][0], None)
    if render.image is None or not render.ok:
        raise UnusableSourceError(render.log)
    return render.image
