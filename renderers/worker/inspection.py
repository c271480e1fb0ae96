"""What a script's text shows before it runs: imports that charts do not need, unseeded randomness, clocks.

A courtesy that gives a clear message early. It is not a wall: text can be written around any such check.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

PACKAGES = (
    *("matplotlib", "mpl_toolkits", "numpy", "pandas", "scipy"),
    *("seaborn", "PIL", "cycler", "dateutil", "pytz"),
)
# the harmless standard library; os, sys and pathlib because scripts name output files with them
_STANDARD = (
    "__future__ abc array base64 bisect calendar cmath collections colorsys contextlib copy csv dataclasses "
    "datetime decimal difflib enum fractions functools gc hashlib heapq inspect io itertools json keyword "
    "locale logging math numbers operator os pathlib pprint random re secrets statistics string struct sys "
    "tempfile textwrap time timeit traceback types typing unicodedata uuid warnings weakref zoneinfo"
)
ALLOWED = frozenset([*PACKAGES, *_STANDARD.split()])

_CLOCKS = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "Timestamp": {"now", "today", "utcnow"},
}
_SEEDS = {"seed", "default_rng", "RandomState", "Random", "manual_seed", "SeedSequence"}
_ENTROPY = {"urandom", "uuid1", "uuid4", "token_bytes", "token_hex", "SystemRandom"}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the text shows.

    Attributes:
        refused: Names of modules that are imported and not allowed, in order.
        clock: Whether it asks for the time of day.
        unseeded: Whether it draws random numbers without having set a seed.
    """

    refused: tuple[str, ...] = ()
    clock: bool = False
    unseeded: bool = False


def inspect(tree: ast.AST) -> Inspection:
    """Look at a parsed script."""
    refused: dict[str, None] = {}
    clock = random = seeded = False
    for node in ast.walk(tree):
        refused.update(dict.fromkeys(name for name in _imported(node) if name not in ALLOWED))
        if isinstance(node, ast.Call):
            owner, name = _called(node.func)
            clock = clock or name in _CLOCKS.get(owner, ())
            random = random or owner == "random" or name in _ENTROPY or name == "default_rng"
            seeded = seeded or (name in _SEEDS and bool(node.args or node.keywords))
        elif isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random"):
            random = True
    return Inspection(tuple(refused), clock, random and not seeded)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module.partition(".")[0]


def _called(function: ast.expr) -> tuple[str, str]:
    """The last two names of what is called: ``np.random.rand`` gives random, rand."""
    if not isinstance(function, ast.Attribute):
        return "", function.id if isinstance(function, ast.Name) else ""
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name, function.attr
