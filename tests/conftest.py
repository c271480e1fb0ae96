"""What all tests share."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image as PILImage

from critic.reading import ocr

# How fast an example runs says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Several workers share the cores: threads of linear algebra would mostly wait for each other, and in circles.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# What was compiled is kept, wherever the tests are started: hundreds of commands would each compile us anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

SMALL = (300, 130)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Real pictures that nobody here drew: a folder a kind."""
    return ROOT / "examples" / "pictures"


@pytest.fixture(scope="session")
def small(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, each picture small: for tests of what is around a refinement and not of its reading."""
    folder = tmp_path_factory.mktemp("small")
    for picture in pictures.glob("*/*.png"):
        (folder / picture.parent.name).mkdir(exist_ok=True)
        with PILImage.open(picture) as image:
            made = image.convert("RGB")
            if picture.parent.name == "svg":
                made = made.resize((made.width // 4, made.height // 4), PILImage.Resampling.LANCZOS)
            else:  # the same letters, and fewer of them
                made = made.crop((0, 0, min(made.width, SMALL[0]), min(made.height, SMALL[1])))
            made.save(folder / picture.parent.name / picture.name)
    return folder


_MOST_WORKERS = 4


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait, for a process, a server or a browser."""
    return min(_MOST_WORKERS, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end no worker waits for another."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What has been loaded by now stays to the end: no later collection need look through it."""
    gc.collect()
    gc.freeze()


class SharedEngine:
    """One OCR engine for every reader of this process, which takes a second to load; one call at a time."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self._start = cache(start)
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        with self._lock:
            return self._start()(*arguments, **options)


@pytest.fixture(scope="session", autouse=True)
def one_engine() -> Iterator[None]:
    """What is read does not depend on who has loaded the engine."""
    with pytest.MonkeyPatch.context() as patch:
        engine = SharedEngine(ocr._start_engine)
        patch.setattr(ocr, "_start_engine", lambda: engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a user has said yes to is another matter than what tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
