"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image as PILImage

# How fast an example runs says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SMALL = (360, 200)

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
    """The same, each kind's pictures small: for tests of what is around a refinement and not of its reading."""
    folder = tmp_path_factory.mktemp("small")
    for picture in pictures.glob("*/*.png"):
        (folder / picture.parent.name).mkdir(exist_ok=True)
        with PILImage.open(picture) as image:
            made = image.convert("RGB")
            if picture.parent.name == "svg":
                made = made.resize((made.width // 3, made.height // 3), PILImage.Resampling.LANCZOS)
            else:  # the same letters, and fewer of them
                made = made.crop((0, 0, min(made.width, SMALL[0]), min(made.height, SMALL[1])))
            made.save(folder / picture.parent.name / picture.name)
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a user has said yes to is another matter than what tests do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
