"""Keeping renders the same: seeds for what is left unseeded, a clock that stands still, pinned fonts."""

from __future__ import annotations

import datetime
import random
import sys
import time
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager

SEED = 0
MOMENT = 1_704_110_400.0
"""What the stopped clock shows: noon of the first of January 2024, UTC."""

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_FONT_FILES = ("Liberation", "NotoSansCJK", "NotoSansSC", "wqy-", "DroidSansFallback")
_SIGNS = ("cm", "STIXNon", "STIXSize", "DejaVu Sans Display", "DejaVu Serif Display")
# the open fonts with the same widths, for the names that scripts ask for
_STAND_INS = {
    "Liberation Sans": ("Arial", "Helvetica"),
    "Liberation Serif": ("Times New Roman", "Times"),
    "Liberation Mono": ("Courier New", "Courier"),
}


def families() -> tuple[str, ...]:
    """The families that texts can be set in; matplotlib's fonts of mathematical signs left out."""
    found = {font_manager.get_font(path).family_name for path in _font_files()}
    stand_ins = {name for family in found for name in _STAND_INS.get(family, ())}
    return tuple(sorted(name for name in found | stand_ins if not name.startswith(_SIGNS)))


def _font_files() -> list[Path]:
    shipped = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    files = sorted(shipped.glob("*.ttf"))
    for folder in map(Path, _FONT_FOLDERS):
        found = (path for path in folder.rglob("*.[to]t[fc]") if path.name.startswith(_FONT_FILES))
        files += sorted(found, key=lambda path: path.name)
    return files


def pin_fonts() -> None:
    """Use matplotlib's own fonts and named open ones, in a fixed order, whatever else is installed."""
    files = _font_files()
    manager = font_manager.fontManager
    manager.ttflist.clear()
    for path in files:
        try:
            manager.addfont(path)
        except (OSError, RuntimeError):  # a font file that cannot be read
            continue
    for entry in list(manager.ttflist):
        for name in _STAND_INS.get(entry.name, ()):
            fields = {field: getattr(entry, field) for field in entry.__dataclass_fields__}
            manager.ttflist.append(font_manager.FontEntry(**{**fields, "name": name}))


def seed() -> None:
    """Give every source of randomness that scripts use a fixed beginning."""
    random.seed(SEED)
    np.random.seed(SEED)
    make = np.random.default_rng
    generic: Any = np.random
    generic.default_rng = lambda *given: make(*given) if given and given[0] is not None else make(SEED)


class _Instances(type):
    """A stopped class takes the instances of the class it stands in for."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__mro__[1])


def stop_clock() -> None:
    """Make the time of day the same in every render; durations are measured as ever."""

    class Datetime(datetime.datetime, metaclass=_Instances):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(MOMENT, tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(MOMENT, datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class Date(datetime.date, metaclass=_Instances):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(MOMENT)

    Datetime.__name__, Date.__name__ = "datetime", "date"
    local, universal = time.localtime, time.gmtime
    stopped: dict[Any, dict[str, Any]] = {
        sys.modules["datetime"]: {"datetime": Datetime, "date": Date},
        sys.modules["time"]: {
            "time": lambda: MOMENT,
            "time_ns": lambda: int(MOMENT * 1e9),
            "localtime": lambda given=None: local(MOMENT if given is None else given),
            "gmtime": lambda given=None: universal(MOMENT if given is None else given),
        },
    }
    for module, names in stopped.items():
        for name, value in names.items():
            setattr(module, name, value)
