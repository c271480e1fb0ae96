"""A kind: colours side by side, written as a line of hexadecimal colours."""

import numpy as np

from agent.generators.embedded import Bench
from critic import Discrepancy
from critic.reading import Reader
from graph import Draft, Revision, Task
from renderers import FormatSpec, Image, KindSpec, Language, Render, RenderStatus, Size

SWATCHES = FormatSpec(name="swatches", suffix=".swatches", labels=("swatches",))
SWATCH = KindSpec(
    name="swatch",
    languages=("swatches",),
    categories=("count_error", "colour_error"),
    renderer="swatch",
    comparison="lookalike_example.swatch:compare",
    writer="lookalike_example.swatch:writer",
    prompts="lookalike_example",
)


class SwatchRenderer:
    """Draws the colours as stripes of equal width."""

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """The stripes, or why there are none."""
        try:
            colours = [tuple(bytes.fromhex(word.removeprefix("#"))) for word in code.split()]
            stripes = np.array(colours, np.uint8).reshape(1, -1, 3)
        except ValueError as error:
            return Render(RenderStatus.ERROR, log=str(error))
        size = size or Size(40 * len(colours), 40)
        columns = np.arange(size.width) * len(colours) // size.width
        return Render(RenderStatus.OK, np.repeat(stripes[:, columns], size.height, axis=0))

    async def aclose(self) -> None:
        """Nothing to release."""


def read(image: Image) -> list[str]:
    """The colours along the middle of the picture, from left to right."""
    row = image[image.shape[0] // 2].astype(int)
    edges = [0, *(np.flatnonzero((row[1:] != row[:-1]).any(axis=1)) + 1)]
    return ["#{:02x}{:02x}{:02x}".format(*row[edge]) for edge in edges]


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """How the render's colours differ from the reference's."""
    wanted, drawn = read(reference), read(render)
    if len(wanted) != len(drawn):
        words = f"{len(drawn)} colours, not {len(wanted)}"
        return [Discrepancy(category="count_error", severity=3, description=words)]
    return [
        Discrepancy(category="colour_error", severity=2, description=f"{one} is drawn as {other}")
        for one, other in zip(wanted, drawn, strict=True)
        if one != other
    ]


class SwatchWriter:
    """The way from pixels to code."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """All colours but the last one."""
        return Draft(" ".join(read(task.reference)[:-1]) + "\n")

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """All of them, once the critic has missed one."""
        missed = any(item.category == "count_error" for item in revision.discrepancies)
        return Draft(" ".join(read(revision.task.reference)) + "\n" if missed else "")


writer = SwatchWriter()
