"""The bundled pictures: small, readable, and each with its origin and licence."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.pictures import load_picture
from renderers.types import Kind


@pytest.mark.parametrize("kind", list(Kind))
def test_a_few_pictures_of_each_kind_with_origin_and_licence(pictures: Path, kind: Kind) -> None:
    files = sorted((pictures / kind).glob("*.png"))
    assert len(files) >= 2
    said = (pictures / "README.md").read_text(encoding="utf-8")
    for path in files:
        assert f"| `{kind}/{path.name}` |" in said
        assert path.stat().st_size <= 150_000
        assert load_picture(path).std() > 1
