"""Tables, pages and SVG: size, content, and the same pixels every time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import cairosvg
import numpy as np
import pytest

from renderers import Kind, Language, LanguageError, Render, Renderers, RenderStatus, Size
from renderers.pictures import digest, load_picture

TABLE = "<table><tr><th>Name</th><th>Sum</th></tr><tr><td>one</td><td>1.00</td></tr></table>"
PAGE = "<!DOCTYPE html><body style='margin:0;background:#0000ff'><h1 style='color:#fff'>Title</h1>"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<defs><g id="a"><path d="M0 0h5v5z"/></g></defs>'
    '<rect width="5" height="10" fill="#f00"/><use href="#a"/><text y="9" font-size="3">text</text></svg>'
)


class Service:
    def __init__(self, runner: asyncio.Runner, renderers: Renderers) -> None:
        self.runner, self.renderers = runner, renderers

    def __call__(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        return self.runner.run(self.renderers.render(kind, code, language, size))


@pytest.fixture(scope="module")
def render() -> Iterator[Service]:
    with asyncio.Runner() as runner:
        renderers = Renderers(cache_bytes=0)
        yield Service(runner, renderers)
        runner.run(renderers.aclose())


def test_a_table_is_cropped_to_its_content(render):
    small = render(Kind.TABLE, TABLE, Language.HTML)
    large = render(Kind.TABLE, TABLE.replace("one", "one thousand and one"), Language.HTML)
    assert small.ok
    assert small.image.shape[1] < large.image.shape[1] < 400
    assert small.image.shape[0] == large.image.shape[0]
    edge = np.concatenate([small.image[:12].reshape(-1, 3), small.image[:, :12].reshape(-1, 3)])
    assert (edge == 255).all()
    assert (small.image[12, 12:] != 255).any()


def test_a_table_has_the_size_asked_for_unless_it_is_larger(render):
    assert render(Kind.TABLE, TABLE, Language.HTML, Size(300, 200)).image.shape == (200, 300, 3)
    tall = TABLE.replace("</table>", "<tr><td>x</td><td>y</td></tr>" * 30 + "</table>")
    grown = render(Kind.TABLE, tall, Language.HTML, Size(300, 200)).image
    assert grown.shape[1] == 300
    assert grown.shape[0] > 600


def test_markdown_draws_the_same_table(render):
    markdown = "| Name | Sum |\n|---|---|\n| one | 1.00 |\n"
    html = (
        "<table>\n<thead>\n<tr>\n<th>Name</th>\n<th>Sum</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>one</td>\n<td>1.00</td>\n</tr>\n</tbody>\n</table>\n"
    )
    drawn = render(Kind.TABLE, markdown, Language.MARKDOWN).image
    assert (drawn == render(Kind.TABLE, html, Language.HTML).image).all()


def test_a_page_is_its_window(render):
    page = render(Kind.PAGE, PAGE + "<div style='height:5000px'>", Language.HTML, Size(321, 123))
    assert page.image.shape == (123, 321, 3)
    assert tuple(page.image[120, 300]) == (0, 0, 255)


def test_svg_has_the_size_asked_for_on_white(render):
    drawn = render(Kind.SVG, SVG, Language.SVG, Size(100, 100))
    assert drawn.image.shape == (100, 100, 3)
    assert tuple(drawn.image[60, 20]) == (255, 0, 0)
    assert tuple(drawn.image[10, 90]) == (255, 255, 255)
    assert tuple(drawn.image[5, 40]) == (0, 0, 0)
    assert render(Kind.SVG, SVG, Language.SVG, Size(50, 90)).image.shape == (90, 50, 3)


def test_letters_look_the_same_behind_the_wall_as_in_front_of_it(render):
    """The worker sees the fonts, and the choice among them, that the machine has."""
    text = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><text y="20">letters</text></svg>'
    bare = cairosvg.svg2png(text, output_width=90, output_height=30, background_color="white")
    assert (render(Kind.SVG, text, Language.SVG, Size(90, 30)).image == load_picture(bare)).all()


@pytest.mark.parametrize(
    ("code", "words"),
    [("", "XML"), ("<svg", "XML"), ("<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "XML")],
)
def test_svg_that_is_none_says_why(render, code, words):
    failed = render(Kind.SVG, code, Language.SVG)
    assert failed.status is RenderStatus.ERROR
    assert words in failed.log


def test_what_shows_nothing_is_blank(render):
    assert render(Kind.PAGE, "", Language.HTML, Size(50, 50)).status is RenderStatus.BLANK
    assert render(Kind.TABLE, "", Language.HTML).status is RenderStatus.BLANK
    empty = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    assert render(Kind.SVG, empty, Language.SVG).status is RenderStatus.BLANK


def test_a_kind_knows_its_languages(render):
    with pytest.raises(LanguageError, match="a chart cannot be written in svg; choose python"):
        render(Kind.CHART, "x", Language.SVG)


@pytest.mark.parametrize(
    ("kind", "code", "language"),
    [(Kind.TABLE, TABLE, Language.HTML), (Kind.PAGE, PAGE, Language.HTML), (Kind.SVG, SVG, Language.SVG)],
    ids=["table", "page", "svg"],
)
def test_the_same_code_gives_the_same_pixels_again_and_again(render, kind, code, language):
    async def many() -> list[Render]:
        jobs = [render.renderers.render(kind, code, language, Size(200, 150)) for _ in range(14)]
        return await asyncio.gather(*jobs)

    async def fresh() -> list[Render]:
        renders = []
        for _ in range(2):
            async with Renderers() as again:
                renders.append(await again.render(kind, code, language, Size(200, 150)))
        return renders

    renders = render.runner.run(many()) + render.runner.run(fresh())
    assert all(one.ok for one in renders)
    assert len({digest(one.image) for one in renders}) == 1


def test_documents_do_not_colour_each_other(render):
    """Drawn one after the other in the same page, a document shows only itself."""
    alone = render(Kind.TABLE, TABLE, Language.HTML).image
    for other in (
        "<style>*{color:red!important}</style>x",
        "<base href='x:y'><p id=top tabindex=0 autofocus>x",
    ):
        render(Kind.TABLE, other, Language.HTML)
        render(Kind.PAGE, other + "<div style='height:9999px'>", Language.HTML, Size(60, 60))
        assert (render(Kind.TABLE, TABLE, Language.HTML).image == alone).all()


def test_a_repeat_is_not_drawn_again():
    async def twice() -> tuple[Render, Render]:
        async with Renderers() as renderers:
            first = await renderers.render(Kind.SVG, SVG, Language.SVG, Size(64, 64))
            return first, await renderers.render(Kind.SVG, SVG, Language.SVG, Size(64, 64))

    first, second = asyncio.run(twice())
    assert first.seconds > 0
    assert second.seconds == 0
    assert (first.image == second.image).all()
    assert first.image is not second.image
