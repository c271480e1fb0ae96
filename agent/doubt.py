"""A kind in doubt: the picture is drafted as both that it may be of, and what comes nearer decides."""

from __future__ import annotations

from dataclasses import dataclass

from agent.generators.embedded import EmbeddedGenerator
from agent.rewards.copies import without_pictures
from critic.deadline import OutOfTime, within
from critic.pixel import PixelCritic
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.kind import KindGuess
from graph.context import RenderCode
from graph.types import Task
from renderers.types import LANGUAGES, Image, Kind

SURE = 0.9
"""Confidence from which a kind is not in doubt: three pictures that were taken for what they are not had
0.41, 0.68 and 0.85, most others have more than 0.98."""

_LOOSE = 0.2
"""Similarity by which a page must be nearer than a table: each text of a page has a place of its own, those
of a table follow from its rows. As pages, drafts of two plain tables that were not in doubt were nearer by
0.16 and 0.26, one of a page that had been taken for a table by 0.27."""

_LONGEST = 10.0
"""Seconds that drafting and comparing one kind may take: four times what most pictures take."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Drafts with the embedded generator, whatever generator the run has: only the kind is decided here.

    Attributes:
        reader: The readings of the run, which the draft that follows uses again.
        render: Renders code.
    """

    reader: Reader
    render: RenderCode

    async def settled(self, guess: KindGuess, reference: Image) -> KindGuess:
        """The guess, or the second one where a draft of that comes nearer to the picture.

        Args:
            guess: What the pixels say.
            reference: The picture.
        """
        if guess.photo or guess.second is None or guess.confidence >= SURE:
            return guess
        try:
            first = await within(_LONGEST, self._nearness(guess.kind, reference))
            second = await within(_LONGEST, self._nearness(guess.second, reference))
        except OutOfTime:
            return guess
        return decided(guess, first, second)

    async def _nearness(self, kind: Kind, reference: Image) -> float:
        """How like the picture a first draft of a kind is; 0 where it does not render."""
        language = LANGUAGES[kind][0]
        scale = 1.0 if kind is Kind.CHART else canvas_of(reference, kind, self.reader).scale
        task = Task(kind, language, reference, scale)
        draft = await EmbeddedGenerator(self.reader, self.render).draft(task, seed=0)
        # a crop of the picture comes near to anything, and explains nothing
        code = without_pictures(kind, draft.code) or draft.code
        drawn = await self.render(kind, code, language, task.size)
        if drawn.image is None:
            return 0.0
        said = await PixelCritic(self.reader).critique(kind, reference, drawn.image)
        return said.similarity or 0.0


def decided(guess: KindGuess, first: float, second: float) -> KindGuess:
    """The guess, or what its drafts say it is instead.

    Args:
        guess: What the pixels say, with a second kind.
        first: How near a draft of its kind came, 0..1.
        second: How near one of its second kind came.
    """
    told = f"drafted as {guess.kind} ({first:.3f}) and {guess.second} ({second:.3f})"
    loose = {guess.kind, guess.second} == {Kind.PAGE, Kind.TABLE}
    ahead = second - first
    if loose:
        ahead += _LOOSE if guess.second is Kind.TABLE else -_LOOSE
    if ahead <= 0:
        return guess.model_copy(update={"reason": f"{guess.reason}; {told}"})
    return guess.model_copy(update={"kind": guess.second, "second": guess.kind, "reason": told})
