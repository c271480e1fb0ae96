"""What a chart's program finds where it is drawn, as a model is told: looked up, not remembered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from renderers.chart import SECONDS
from renderers.worker.inspection import PACKAGES

_OURS = ("matplotlib", "numpy", "pandas", "scipy", "seaborn")
"""Packages that a chart can be written with; the others that may be imported come with these."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Libraries, fonts, and the seconds that a program may take.

    Attributes:
        libraries: That can be imported besides Python's own.
        fonts: Families that texts come out in.
        seconds: Time limit of one render.
    """

    libraries: tuple[str, ...] = ("matplotlib", "numpy")
    fonts: tuple[str, ...] = ("DejaVu Sans", "DejaVu Sans Mono", "DejaVu Serif", "STIXGeneral")
    seconds: float = SECONDS

    @classmethod
    @cache
    def here(cls) -> Sandbox:
        """That of this machine."""
        from renderers.worker.steady import families

        found = tuple(name for name in _OURS if name in PACKAGES and find_spec(name))
        return cls(found, families())


SANDBOX = Sandbox()
"""What there is everywhere."""
