"""A page's other formats: components of React and Vue, and Tailwind's utilities."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agent.data import component, tailwind
from agent.data.finished import Finished
from agent.errors import DataError
from renderers import Kind, Language, Renderers, Size
from renderers.types import Image

CODE = """<!DOCTYPE html><html lang="de"><head><title>Tides &amp; moons</title><style>
  :root { --accent: #0a5; }
  * { margin: 0; box-sizing: border-box; }
  body { font: 16px/1.5 sans-serif; }
  .row { display: flex; gap: 16px; padding: 8px 12px; }
  .card { flex: 1 1 200px; border: 1px solid var(--accent); padding: 10px; }
  .card-title { font-weight: bold; color: var(--accent); }
  @media (max-width: 640px) {
    .row { flex-direction: column; }
  }
</style></head><body>
<label for="boat">Boat {{ name }}</label><input class="field" id="boat" type="text" value="a">
<div class="row">
  <article class="card"><h2 class="card-title">High</h2><p>at 06:40</p></article>
  <article class="card"><h2 class="card-title">Low</h2><p>at 12:55</p></article>
</div><script>alert(1)</script></body></html>"""


def finished(code: str = CODE) -> Finished:
    return Finished(Path("run"), "tide_tables.png", Kind.PAGE, Language.HTML, code)


def test_what_repeats_is_a_component_with_props_for_what_differs() -> None:
    code = component.write_react(finished())
    assert "export default function TideTables()" in code
    assert code.count("function Card({ cardTitle, p })") == 1
    assert code.count("<Card ") == 2 and 'cardTitle={"High"}' in code and 'p={"at 12:55"}' in code
    assert 'htmlFor="boat"' in code and 'defaultValue="a"' in code and "class=" not in code
    assert "alert" not in code


@pytest.mark.parametrize("code", ["", '<?xml version="1.0" encoding="utf-8"?><html><body>a</body></html>'])
@pytest.mark.parametrize("write", [component.write_react, component.write_vue, tailwind.write])
def test_what_is_no_page_is_said(write: Callable[[Finished], str], code: str) -> None:
    with pytest.raises(DataError, match=r"tide_tables\.png: no page can be made of it"):
        write(finished(code))


def test_blanks_between_words_stay_in_a_component() -> None:
    code = component.write_react(
        finished("<body><p><em>AS</em> <b>name</b></p><pre><em>a</em>\n<em>b</em></pre>\n<p>c</p></body>")
    )
    assert code.count('{" "}') == 1 and code.count('{"\\n"}') == 1


def test_a_vue_component_holds_the_markup_and_the_styles() -> None:
    code = component.write_vue(finished())
    assert code.startswith("<template>\n") and "<style>" in code and "alert" not in code
    assert '<label for="boat" v-pre' in code, "its own braces are text"
    assert ".page { font" in code and '<div class="page">' in code


def test_tailwind_has_utilities_and_shows_the_same_without_a_build() -> None:
    code = tailwind.write(finished())
    assert 'class="flex gap-[16px] [padding:8px_12px] max-[641px]:flex-col"' in code
    assert "font-bold" in code and "text-[color:var(--accent)]" in code and '"card' not in code
    assert "<title>Tides &amp; moons</title>" in code and 'lang="de"' in code

    async def drawn(width: int) -> list[Image | None]:
        async with Renderers() as renderers:
            size = Size(width, 300)
            pages = (CODE.replace("<script>alert(1)</script>", ""), code)
            return [(await renderers.render(Kind.PAGE, page, Language.HTML, size)).image for page in pages]

    for width in (800, 500):
        first, second = asyncio.run(drawn(width))
        assert first is not None and second is not None
        assert np.array_equal(first, second)
