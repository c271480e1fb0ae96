"""Pages that ask CDNs for libraries are drawn with local copies, and nothing else."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from renderers import Kind, Language, Render, Renderers, RenderStatus, Size
from renderers.libraries import Libraries

SIZE = Size(60, 40)


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Libraries:
    """Tiny packages in place of the real ones, as npm would lay them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    home = Libraries().folder / "node_modules"
    files = {
        "bootstrap/dist/css/bootstrap.min.css": ".btn-primary { background: #0d6efd; height: 40px; }",
        "@tailwindcss/browser/index.js": "document.body.style.background = 'rgb(1, 2, 3)';",
        "@fontsource/open-sans/files/open-sans-latin-700-normal.woff2": "font",
    }
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
    for name in ("bootstrap", "@tailwindcss/browser", "@fontsource/open-sans"):
        (home / name / "package.json").write_text(json.dumps({"version": "1.2.3", "browser": "index.js"}))
    (home / "secret.css").write_text("body { background: red; }")
    return Libraries()


def drawn(code: str) -> Render:
    async def run() -> Render:
        async with Renderers() as renderers:
            return await renderers.render(Kind.PAGE, code, Language.HTML, SIZE)

    return asyncio.run(run())


def pixel(code: str) -> tuple[int, ...]:
    image = drawn(code).image
    assert image is not None
    return tuple(int(value) for value in image[20, 30])


def linked(url: str) -> str:
    return f'<link rel="stylesheet" href="{url}"><body style="margin:0"><div class="btn-primary"></div>'


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.jsdelivr.net/npm/bootstrap@5.3.2/dist/css/bootstrap.min.css",
        "https://unpkg.com/bootstrap/dist/css/bootstrap.min.css",
        "https://cdnjs.cloudflare.com/ajax/libs/bootstrap/5.3.0/css/bootstrap.min.css",
        "//stackpath.bootstrapcdn.com/bootstrap/4.5.2/css/bootstrap.min.css",
    ],
)
def test_the_addresses_of_one_library_mean_its_local_copy(libraries: Libraries, url: str) -> None:
    found = libraries.answer(url)
    assert found is not None
    assert (found.mime, found.told) == ("text/css", "bootstrap 1.2.3")


def test_a_page_is_styled_by_the_local_copy_and_the_log_says_so(libraries: Libraries) -> None:
    url = "https://cdn.jsdelivr.net/npm/bootstrap@5.3.2/dist/css/bootstrap.min.css"
    render = drawn(linked(url))
    assert render.image is not None
    assert tuple(render.image[20, 30]) == (13, 110, 253)
    assert render.log == f"served from local copies: bootstrap 1.2.3 for {url}"


def test_a_script_of_a_library_runs_and_others_do_not(libraries: Libraries) -> None:
    style = "<body style='background: white'>"
    assert pixel(f'{style}<script src="https://cdn.tailwindcss.com"></script>') == (1, 2, 3)
    own = "<script>document.body.style.background = 'red'</script>"
    assert pixel(f"{style}{own}") == (255, 255, 255)


def test_what_is_not_set_up_is_refused(libraries: Libraries) -> None:
    for url in (
        "https://example.com/bootstrap.min.css",
        "http://cdn.jsdelivr.net/npm/bootstrap@5/dist/css/bootstrap.min.css",
        "https://cdn.jsdelivr.net/npm/bulma@1/css/bulma.min.css",
        "https://cdn.jsdelivr.net/npm/bootstrap@5/../secret.css",
        "https://cdn.jsdelivr.net/npm/bootstrap@5/%2e%2e/secret.css",
    ):
        assert libraries.answer(url) is None, url
    render = drawn(linked("https://example.com/x.css"))
    assert (render.status, render.log) == (RenderStatus.BLANK, "")


def test_a_style_sheet_of_google_fonts_names_files_that_are_there(libraries: Libraries) -> None:
    found = libraries.answer("https://fonts.googleapis.com/css2?family=Open+Sans:wght@400;700&family=Lato")
    assert found is not None
    assert found.body.decode().count("@font-face") == 1
    assert "font-family: 'Open Sans'; font-style: normal; font-weight: 700" in found.body.decode()
    font = libraries.answer("https://fonts.gstatic.com/open-sans/open-sans-latin-700-normal.woff2")
    assert font is not None
    assert font.body == b"font"
