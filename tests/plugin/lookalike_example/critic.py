"""A critic that sees one thing: how far the average colours are apart."""

import numpy as np

from critic import CATEGORIES, Critique, Discrepancy
from renderers import Image, Kind


class AverageCritic:
    """Compares average colours, 0 to 255."""

    name = "average"

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """One discrepancy where the averages are more than 2 of 255 apart."""
        apart = float(np.abs(reference.mean(axis=(0, 1)) - render.mean(axis=(0, 1))).max())
        found = Discrepancy(
            category=CATEGORIES[kind][0],
            severity=3 if apart > 64 else 2 if apart > 16 else 1,
            description=f"the average colours are {apart:.0f} apart",
        )
        return Critique(
            critic=self.name, discrepancies=(found,) if apart > 2 else (), similarity=1 - apart / 255
        )
